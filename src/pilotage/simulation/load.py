"""Reads `simulation.yaml` of a study: its trials, or every mistake with its line."""

from collections.abc import Mapping
from dataclasses import dataclass

from pilotage.courses import load_nature
from pilotage.courses.load import FILE as NATURE_FILE
from pilotage.courses.nature import Nature
from pilotage.findings import Finding, InputErrors, error, warning
from pilotage.plural import counted
from pilotage.rules.assessments import classification_of
from pilotage.simulation.design.decisions import NoPlan, plan_for
from pilotage.simulation.model import Bayes, Decision, Setting, Simulation
from pilotage.simulation.rehearsed import wrong_answers
from pilotage.simulation.scenarios import (
    BASE,
    FIXED,
    FOLLOW_UP,
    SUBJECTS,
    WrongSetting,
    changed_models,
    ends_too_soon,
)
from pilotage.simulation.trials.columns import is_of_laboratory
from pilotage.study import Study
from pilotage.study.load import in_order
from pilotage.study.names import listed
from pilotage.study.part import PartReport, read_part
from pilotage.study.places import Path, starts_with_any

FILE = "simulation.yaml"


def load_simulation(study: Study) -> tuple[Simulation, Nature]:
    """How trials of the study run, and what its subjects are like. Raises InputErrors with every
    mistake of both files."""
    if not (study.folder / FILE).exists():
        words = (
            f"there is no such file in {study.folder}; it says how virtual trials run "
            "('pilotage new' writes a study with an example)"
        )
        raise InputErrors([error(FILE, words)])
    nature = load_nature(study)
    simulation, findings = _read(study, nature)
    if simulation is None or any(finding.open_error for finding in findings):
        raise InputErrors(in_order(findings))
    return simulation, nature


def simulation_findings(study: Study) -> tuple[Finding, ...]:
    """Every mistake of simulation.yaml; none for a study without one. What it says of the subjects
    is looked at once synthetic.yaml has no mistakes."""
    if not (study.folder / FILE).exists():
        return ()
    if not (study.folder / NATURE_FILE).exists():
        words = f"{NATURE_FILE} is missing: it says what the subjects of a simulation are like"
        return (error(FILE, words),)
    try:
        nature = load_nature(study)
    except InputErrors:
        nature = None
    return in_order(_read(study, nature)[1])


@dataclass(slots=True)
class _Report(PartReport):
    simulation: Simulation
    study: Study
    nature: Nature | None
    decided: bool = False
    ends: bool = False

    def warning(self, path: Path, message: str) -> None:
        self.findings.append(warning(self.place(path), message))

    def read(self, *paths: Path) -> bool:
        """Are the parts as they were written? What was mended says nothing about the others."""
        return not any(
            starts_with_any(path, self.mended)
            or any(starts_with_any(mended, {path}) for mended in self.mended)
            for path in paths
        )


def _read(study: Study, nature: Nature | None) -> tuple[Simulation | None, list[Finding]]:
    part = read_part(study.folder / FILE, Simulation)
    findings = list(part.findings)
    if part.model is not None:
        report = _Report(part.lines, part.mended, FILE, part.model, study, nature)
        _claims(report)
        _endpoint(report)
        _end(report)
        _decision(report)
        _scenarios(report)
        for path, words in wrong_answers(study.protocol, part.model.rehearsed):
            report.error(path, words)
        findings += report.findings
    return part.model, findings


def _claims(report: _Report) -> None:
    """Do the claims exist? A study without a paper has none; mistakes of published.yaml are told
    of that file."""
    from pilotage.publication import load_published

    if not report.simulation.fitted_to:
        return
    try:
        known = [claim.id for claim in load_published(report.study).claims]
    except InputErrors as errors:
        if not (report.study.folder / errors.findings[0].where.partition(":")[0]).exists():
            words = "the study has no published.yaml whose claims this could be fitted to"
            report.error(("fitted_to",), words)
        return
    for at, fitted in enumerate(report.simulation.fitted_to):
        for number, claim in enumerate(fitted.claims):
            path: Path = ("fitted_to", at, "claims", number)
            report.known(path, claim, known, f"published.yaml has no claim '{claim}'")


def _endpoint(report: _Report) -> None:
    endpoint, protocol = report.simulation.endpoint, report.study.protocol
    response = classification_of(protocol)
    if response is None:
        report.error(("endpoint",), "the study classifies no response, so there is no success")
        return
    if endpoint.classification != response:
        words = f"'{endpoint.classification}' is not what the study calls response: '{response}'"
        report.error(("endpoint", "classification"), words)
        return
    codes = [category.code for category in protocol.classifications[response].categories]
    for at, code in enumerate(endpoint.codes):
        words = f"'{code}' is no category of {response}; there are {listed(codes)}"
        report.known(("endpoint", "codes", at), code, codes, words)


def _end(report: _Report) -> None:
    """Is a subject followed up to the last day that counts for the endpoint?"""
    until: Path = ("endpoint", "until_day")
    words = ends_too_soon(report.simulation)
    report.ends = report.read(until, ("trial", "follow_up_days")) and not words
    if words and report.read(until, ("trial", "follow_up_days")):
        report.error(until, words)


def _decision(report: _Report) -> None:
    """Can the decision be, and is it one for the number of subjects?"""
    decision, path, before = report.simulation.decision, ("decision",), len(report.findings)
    subjects: Path = ("trial", "subjects")
    if decision.kind == "simon" and decision.null >= decision.alternative:
        words = f"'alternative' is {decision.alternative:g}; it must be above 'null'"
        report.error((*path, "alternative"), words)
    if isinstance(decision, Bayes):
        _watching(report, decision)
        stopping = report.study.protocol.stopping.rows
        if decision.toxicity and not any(
            is_of_laboratory(report.study.protocol, row) for row in stopping
        ):
            words = "no row of stopping asks for a laboratory value, so there is no toxicity to see"
            report.error((*path, "toxicity"), words)
    wrong = any(finding.open_error for finding in report.findings[before:])
    report.decided = report.read(path, subjects) and not wrong
    if report.decided:
        try:
            check_accepts(decision, report.simulation.trial.subjects)
        except NoPlan as problem:
            report.error(subjects, str(problem))
        except AcceptsAnything as problem:
            report.error(path, str(problem))


def _watching(report: _Report, decision: Bayes) -> None:
    """Do the looks rise, and the probabilities at which they end a trial?"""
    looks, futility, success, early = (
        ("decision", name) for name in ("looks", "futility", "success", "early_success")
    )
    if report.read(looks) and list(decision.looks) != sorted(set(decision.looks)):
        report.error(looks, "the looks must rise: numbers of subjects, smallest first")
    if report.read(futility, success) and decision.futility >= decision.success:
        words = f"'futility' is {decision.futility:g}; it must be below 'success'"
        report.error(futility, words)
    given = decision.early_success
    if given is None or not report.read(futility, success, early):
        return
    if decision.futility >= given:
        report.error(early, f"'early_success' is {given:g}; it must be above 'futility'")
    elif given < decision.success:
        words = (
            f"'early_success' is {given:g}, below 'success', {decision.success:g}: a trial is "
            "accepted at a look on less than it takes at the end"
        )
        report.warning(early, words)


class AcceptsAnything(ValueError):
    """A decision that accepts what is no success at all, in the reader's words."""


def check_accepts(decision: Decision, subjects: int) -> None:
    """Raise NoPlan where a trial of this size can accept nothing, or the decision asks for another
    size; AcceptsAnything where it accepts without a success."""
    looks = plan_for(decision, subjects).looks
    needed = {look.n: look.accept_at for look in looks if look.accept_at is not None}
    if not any(count <= n for n, count in needed.items()):
        raise NoPlan(
            f"'subjects' is {subjects}; were every one of them a success, the decision could not "
            "accept: write more subjects, or change 'decision'"
        )
    for n, count in needed.items():
        if count == 0:
            raise AcceptsAnything(
                f"the decision accepts after {counted(n, 'subject')} of whom none is a success; "
                "ask for a larger probability, or change its prior"
            )


def _scenarios(report: _Report) -> None:
    simulation = report.simulation
    own = (BASE, FIXED)
    for part, names in (("scenarios", simulation.scenarios), ("grids", simulation.grids)):
        for name in names:
            if name in own:
                report.error((part, name), f"'{name}' is a scenario of every study; choose another")
    for name in simulation.grids:
        if name in simulation.scenarios:
            report.error(("grids", name), f"there is a scenario '{name}' already")
    if report.nature is None:
        return
    for name, scenario in simulation.scenarios.items():
        for path, value in scenario.changes.items():
            _change(report, ("scenarios", name, "changes", path), {path: value})
    for name, grid in simulation.grids.items():
        for path, values in grid.over.items():
            for at, value in enumerate(values):
                _change(report, ("grids", name, "over", path, at), {path: value})


def _change(report: _Report, place: Path, changes: Mapping[str, Setting]) -> None:
    assert report.nature is not None
    try:
        _, changed = changed_models(report.nature, report.simulation, changes)
        if SUBJECTS in changes and report.decided:
            check_accepts(changed.decision, changed.trial.subjects)
        if FOLLOW_UP in changes and report.ends and (words := ends_too_soon(changed)):
            report.error(place, words)
    except (WrongSetting, NoPlan, AcceptsAnything) as problem:
        report.error(place, str(problem))
