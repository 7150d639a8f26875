"""What keeps a simulation from running, said before anything is drawn."""

import hashlib
import math
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pilotage
from pilotage.findings import InputErrors, error
from pilotage.simulation.compiled.kernel import user_cache
from pilotage.simulation.load import FILE
from pilotage.simulation.model import Setting
from pilotage.simulation.scenarios import WrongScenario, WrongSetting
from pilotage.study import Study
from pilotage.study.worked_examples import FILE as EXAMPLES

PROVEN_WITH = ("z3-solver", "polars", "pydantic", "ruamel.yaml")
NO_PART = frozenset({"capture", "cli", "publication", "report", "simulation", "studies"})
"""The packages that have no part in the proofs."""


def refuse_open_errors(study: Study) -> None:
    """Raise InputErrors with the errors of the study that nobody has answered: rules that
    contradict each other, or leave a subject without advice, decide nothing worth simulating.

    The proofs take seconds. That a study, as it was loaded, has no such error is remembered in the
    user's cache under a hash of its files and of all that looks at them.
    """
    sound = _sound(study)
    if sound is not None and sound.exists():
        return
    from pilotage.check import study_findings

    found = [finding for finding in study_findings(study) if finding.open_error]
    if found:
        words = "the study has open errors; mend them, or answer them in open_questions.md"
        raise InputErrors([*found, error(str(study.folder), words)])
    if sound is not None:
        _remember(sound)


def _sound(study: Study) -> Path | None:
    """The file that is there once the study was found sound; None where something that looks at it
    cannot be told."""
    examples = study.folder / EXAMPLES
    looked_at = hashlib.sha256(f"{sys.version} {study.folder} {study.digest}".encode())
    try:
        looked_at.update(examples.read_bytes() if examples.exists() else b"none")
        for package in PROVEN_WITH:
            looked_at.update(f"{package} {version(package)} ".encode())
        for path in _code(Path(pilotage.__file__).parent):
            looked_at.update(hashlib.sha256(path.read_bytes()).digest())
    except (OSError, PackageNotFoundError):
        return None
    return user_cache() / "sound" / looked_at.hexdigest()[:32]


def _code(package: Path) -> list[Path]:
    """Every file of Pilotage that may have a part in the proofs."""
    parts = [part for part in package.iterdir() if part.name not in NO_PART]
    inside = [path for part in parts if part.is_dir() for path in part.rglob("*")]
    files = [path for path in (*parts, *inside) if path.suffix in (".py", ".json", ".yaml")]
    return sorted(files)


def _remember(sound: Path) -> None:
    try:
        sound.parent.mkdir(parents=True, exist_ok=True)
        sound.touch()
    except OSError:
        return


def settings_of(texts: Iterable[str]) -> dict[str, Setting]:
    """`path=value` as settings. Raises InputErrors for what is none, and what is set twice."""
    found: dict[str, Setting] = {}
    wrong = []
    for text in texts:
        path, equals, value = text.rpartition("=")
        number = _number(value)
        if not equals or not path.strip() or number is None:
            words = f"'{text}' is no setting; write PATH=VALUE, as true_cr=0.3"
            wrong.append(error("--set", words))
        elif path.strip() in found:
            wrong.append(error("--set", f"'{path.strip()}' is set twice; leave one of them out"))
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


def refused(problem: WrongSetting, asked: Mapping[str, str]) -> InputErrors:
    """What cannot be simulated, told at the option that asked for it (`asked`, by path), else at
    the file."""
    option = "--scenario" if isinstance(problem, WrongScenario) else asked.get(problem.path, FILE)
    return InputErrors([error(option, str(problem))])
