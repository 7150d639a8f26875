"""What keeps a simulation from running, said before anything is drawn."""

import math
from collections.abc import Iterable

from pilotage.findings import InputErrors, error
from pilotage.simulation.model import Setting
from pilotage.study import Study


def refuse_open_errors(study: Study) -> None:
    """Raise InputErrors with the errors of the study that nobody has answered: rules that
    contradict each other, or leave a subject without advice, decide nothing worth simulating."""
    from pilotage.check import study_findings

    found = [finding for finding in study_findings(study) if finding.open_error]
    if found:
        words = "the study has open errors; mend them, or answer them in open_questions.md"
        raise InputErrors([*found, error("simulate", words)])


def settings_of(texts: Iterable[str]) -> dict[str, Setting]:
    """`path=value` as settings. Raises InputErrors for what is none."""
    found: dict[str, Setting] = {}
    wrong = []
    for text in texts:
        path, equals, value = text.rpartition("=")
        number = _number(value)
        if not equals or not path.strip() or number is None:
            words = f"'{text}' is no setting; write PATH=VALUE, as true_cr=0.3"
            wrong.append(error("--set", words))
        else:
            found[path.strip()] = number
    if wrong:
        raise InputErrors(wrong)
    return found


def _number(text: str) -> Setting | None:
    try:
        number = float(text)
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() else number
