"""Reads `simulation.yaml` of a study: its trials, or every mistake with its line."""

from collections.abc import Mapping
from dataclasses import dataclass

from pilotage.courses import load_nature
from pilotage.courses.load import FILE as NATURE_FILE
from pilotage.courses.nature import Nature
from pilotage.findings import Finding, InputErrors, error
from pilotage.rules.assessments import classification_of
from pilotage.simulation.design.decisions import NoPlan, plan_for
from pilotage.simulation.model import Bayes, Setting, Simulation
from pilotage.simulation.rehearsed import wrong_answers
from pilotage.simulation.scenarios import BASE, FIXED, WrongSetting, changed_models
from pilotage.simulation.trials.columns import is_of_laboratory
from pilotage.study import Study
from pilotage.study.load import in_order
from pilotage.study.names import listed
from pilotage.study.part import PartReport, read_part
from pilotage.study.places import Path

FILE = "simulation.yaml"
SUBJECTS = "trial.subjects"
"""What a scenario changes when its trials have another size."""


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
    if simulation is None or findings:
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


def _read(study: Study, nature: Nature | None) -> tuple[Simulation | None, list[Finding]]:
    part = read_part(study.folder / FILE, Simulation)
    findings = list(part.findings)
    if part.model is not None:
        report = _Report(part.lines, part.mended, FILE, part.model, study, nature)
        _claims(report)
        _endpoint(report)
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


def _decision(report: _Report) -> None:
    """Can the decision be, and is it one for the number of subjects?"""
    decision, path, before = report.simulation.decision, ("decision",), len(report.findings)
    if decision.kind == "simon" and decision.null >= decision.alternative:
        words = f"'alternative' is {decision.alternative:g}; it must be above 'null'"
        report.error((*path, "alternative"), words)
    if isinstance(decision, Bayes):
        if list(decision.looks) != sorted(set(decision.looks)):
            report.error(
                (*path, "looks"), "the looks must rise: numbers of subjects, smallest first"
            )
        if decision.futility >= decision.success:
            words = f"'futility' is {decision.futility:g}; it must be below 'success'"
            report.error((*path, "futility"), words)
        early = decision.early_success
        if early is not None and decision.futility >= early:
            words = f"'early_success' is {early:g}; it must be above 'futility'"
            report.error((*path, "early_success"), words)
        stopping = report.study.protocol.stopping.rows
        if decision.toxicity and not any(
            is_of_laboratory(report.study.protocol, row) for row in stopping
        ):
            words = "no row of stopping asks for a laboratory value, so there is no toxicity to see"
            report.error((*path, "toxicity"), words)
    report.decided = len(report.findings) == before
    if report.decided:
        try:
            plan_for(decision, report.simulation.trial.subjects)
        except NoPlan as problem:
            report.error(("trial", "subjects"), str(problem))


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
            plan_for(changed.decision, changed.trial.subjects)
    except (WrongSetting, NoPlan) as problem:
        report.error(place, str(problem))
