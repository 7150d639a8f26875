"""Scenarios made ready to run: what the trials of each follow from."""

import dataclasses
import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np

from pilotage import __version__
from pilotage.findings import InputErrors, error
from pilotage.simulation.compiled import fixed
from pilotage.simulation.compiled.kernel import Kernel, kernel_of, require_compiler
from pilotage.simulation.compiled.numbers import Numbers, numbers_of
from pilotage.simulation.design.decisions import NoPlan
from pilotage.simulation.load import FILE, AcceptsAnything, check_accepts, load_simulation
from pilotage.simulation.model import MOST_SUBJECTS, Setting
from pilotage.simulation.refusals import refused
from pilotage.simulation.scenarios import SUBJECTS, Case, WrongSetting, cases
from pilotage.simulation.scheme import Scheme, scheme_of
from pilotage.simulation.trials.columns import Column, amounts, counted
from pilotage.study import Study

TRIALS_OF_CHUNK = 250
"""Never made to depend on the machine: the draws of a trial follow from its chunk."""

MOST_TRIALS = 100_000_000
Tell = Callable[[str], None]


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """One scenario, ready to run."""

    case: Case
    scheme: Scheme
    numbers: Numbers
    kernel: Kernel | None
    subjects: int

    @property
    def columns(self) -> tuple[Column, ...]:
        return (*counted(self.scheme), *amounts(self.scheme))

    @property
    def rules(self) -> str:
        """The hash of the rules; of a fixed response the chances alone."""
        if self.kernel:
            return self.kernel.rules
        toxicity = f", toxicity of {self.case.toxicity:g}" if self.case.toxicity else ""
        return f"a fixed response of {self.case.fixed:g}{toxicity}"

    def made_of(self, study: Study, trials: int, seed: int) -> dict[str, object]:
        """What the trials follow from; equal for equal results."""
        numbers = hashlib.sha256()
        for each in dataclasses.fields(self.numbers):
            value = getattr(self.numbers, each.name)
            if isinstance(value, np.ndarray):
                numbers.update(np.ascontiguousarray(value).tobytes())
            else:
                numbers.update(repr(value).encode())
        return {
            "study": study.protocol.study.id,
            "scenario": self.case.name,
            "settings": {path: float(value) for path, value in self.case.settings.items()},
            "trials": trials,
            "subjects": self.subjects,
            "seed": seed,
            "chunk": TRIALS_OF_CHUNK,
            "rules": self.rules,
            "drawn_by": _drawing(),
            "numbers": numbers.hexdigest(),
        }


@lru_cache(maxsize=1)
def _drawing() -> str:
    """The hash of what seeds and draws beside the rules: a block of another release may differ."""
    found = hashlib.sha256(__version__.encode())
    for file in (Path(__file__).with_name("chunks.py"), Path(fixed.__file__)):
        found.update(file.read_bytes())
    return found.hexdigest()


def check_numbers(
    *, trials: int, seed: int, subjects: int | None = None, workers: int | None = None
) -> None:
    """Raise InputErrors for numbers with which nothing can be simulated."""
    found = []
    if not 1 <= trials <= MOST_TRIALS:
        found.append(error("--trials", f"{trials} is no number of trials; 1 to {MOST_TRIALS:,}"))
    if not 0 <= seed < 2**63:
        found.append(error("--seed", f"{seed} is no seed; a whole number from 0 to 2**63 - 1"))
    if subjects is not None and not 1 <= subjects <= MOST_SUBJECTS:
        words = f"{subjects} is no number of subjects; 1 to {MOST_SUBJECTS:,}"
        found.append(error("--subjects", words))
    if workers is not None and workers < 1:
        found.append(error("--workers", f"{workers} is no number of workers; 1 or more"))
    if found:
        raise InputErrors(found)


def plans_of(
    study: Study,
    scenario: str,
    settings: Mapping[str, Setting],
    *,
    subjects: int | None = None,
    tell: Tell | None = None,
) -> list[Plan]:
    """Each case of a scenario or grid, made ready. Raises InputErrors at the option that asked for
    what cannot be, or at the file."""
    require_compiler()
    simulation, nature = load_simulation(study)
    asked = dict.fromkeys(settings, "--set")
    if subjects is not None:
        if SUBJECTS in settings:
            words = f"'{SUBJECTS}' is set by --set too; leave one of them out"
            raise InputErrors([error("--subjects", words)])
        settings = {**settings, SUBJECTS: subjects}
        asked[SUBJECTS] = "--subjects"
    try:
        found = cases(nature, simulation, scenario, settings)
    except WrongSetting as problem:
        raise refused(problem, asked) from None
    sized_by = asked.get(SUBJECTS, FILE)
    made = [plan_of(study, case, sized_by=sized_by, tell=tell) for case in found]
    if tell and SUBJECTS in asked:
        _tell_of_acceptance(found[0], sized_by, tell)
    return made


def _tell_of_acceptance(case: Case, sized_by: str, tell: Tell) -> None:
    """Of a size that was asked for: the file's own is refused where it can accept nothing."""
    try:
        check_accepts(case.simulation.decision, case.simulation.trial.subjects)
    except (NoPlan, AcceptsAnything) as problem:
        tell(f"{sized_by}: {problem}")


def plan_of(study: Study, case: Case, *, sized_by: str = FILE, tell: Tell | None = None) -> Plan:
    """A case made ready. `sized_by`: the option or file that gives the number of subjects. Raises
    InputErrors for a response that nothing describes, and for a decision of another size."""
    try:
        scheme = scheme_of(study, case.nature, case.simulation)
    except ValueError as problem:
        words = f"synthetic.yaml does not describe {problem}, on which the response rests"
        raise InputErrors([error(FILE, words)]) from None
    try:
        numbers = numbers_of(scheme)
    except NoPlan as problem:
        raise InputErrors([error(sized_by, str(problem))]) from None
    kernel = None if case.fixed is not None else kernel_of(scheme, tell=tell)
    return Plan(case, scheme, numbers, kernel, case.simulation.trial.subjects)
