"""What the examples say that their study does not know, each with its line."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from pilotage.check.examples.answers import check_answers
from pilotage.check.examples.expected import check_expectation
from pilotage.check.examples.subjects import day_of, is_day
from pilotage.check.examples.tables import contacts_named
from pilotage.findings import Finding
from pilotage.study import Study
from pilotage.study.part import Part, PartReport
from pilotage.study.places import Path
from pilotage.study.worked_examples import FILE, OnDay, Start, WorkedExamples


def inconsistencies(study: Study, read: Part[WorkedExamples]) -> list[Finding]:
    """Every name, day and value of the examples that the study does not have."""
    assert read.model is not None
    report = PartReport(read.lines, read.mended, FILE)
    visits = contacts_named(study)
    starts: list[tuple[Path, Start]] = [
        (("starts", name), start) for name, start in read.model.starts.items()
    ]
    examples = [(("examples", at), each) for at, each in enumerate(read.model.examples)]
    for path, each in [*starts, *examples]:
        _check_start(report, study, read.model, path, each)
        check_answers(report, study, path, each, visits, read.model.day_one)
        _check_doses(report, study, read.model.day_one, path, each)
    _check_names(report, read.model)
    for path, example in examples:
        if example.source is not None:
            sources = (example.source,) if isinstance(example.source, str) else example.source
            for source in sources:
                words = f"source '{source}' is not a heading of protocol.md"
                report.known((*path, "source"), source, study.headings, words)
        for at, expectation in enumerate(example.expect):
            here = (*path, "expect", at)
            _check_day(report, (*here, "on"), expectation.on, read.model.day_one)
            check_expectation(report, study, here, expectation)
    return report.findings


def _check_start(
    report: PartReport, study: Study, whole: WorkedExamples, path: Path, start: Start
) -> None:
    if start.like is not None:
        words = f"'{start.like}' is none of the starts"
        if report.known((*path, "like"), start.like, whole.starts, words) and path[0] == "starts":
            _check_circle(report, whole.starts, path, start)
    for at, name in enumerate(start.without):
        if start.like is None:
            report.error((*path, "without", at), "there is nothing to leave out without 'like'")
            continue
        form, _, item = name.partition(".")
        names = [*study.namespace, "visit", *(f"{code}.*" for code in study.protocol.forms)]
        if not (item == "*" and form in study.protocol.forms):
            words = f"'{name}' is neither an item nor a parameter"
            report.known((*path, "without", at), name, names, words)


def _check_circle(
    report: PartReport, starts: Mapping[str, Start], path: Path, start: Start
) -> None:
    seen, above = {str(path[1])}, start.like
    while above is not None and above in starts:
        if above in seen:
            report.error((*path, "like"), f"the start '{path[1]}' builds upon itself")
            return
        seen.add(above)
        above = starts[above].like


def _check_doses(report: PartReport, study: Study, day_one: date, path: Path, start: Start) -> None:
    steps = [step.step for step in study.protocol.treatment.ladder]
    before: date | None = None
    for at, dose in enumerate(start.doses):
        here = (*path, "doses", at)
        report.known((*here, "step"), dose.step, steps, f"'{dose.step}' is no step of the ladder")
        days = [("from", dose.first), *([("to", dose.last)] if dose.last is not None else [])]
        known = [_check_day(report, (*here, key), day, day_one) for key, day in days]
        if not all(known):
            continue
        first = day_of(dose.first, day_one)
        if dose.last is not None and day_of(dose.last, day_one) < first:
            report.error((*here, "to"), "the last day lies before the first")
        if before is not None and first <= before:
            report.error((*here, "from"), "the dose begins before the one above it has ended")
        before = date.max if dose.last is None else day_of(dose.last, day_one)


def _check_day(report: PartReport, path: Path, day: OnDay, day_one: date) -> bool:
    known = is_day(day, day_one)
    if not known:
        report.error(path, f"there is no day {day}")
    return known


def _check_names(report: PartReport, whole: WorkedExamples) -> None:
    for at, name in _repeated(example.name for example in whole.examples):
        report.error(("examples", at, "name"), f"another example is called '{name}' already")


def _repeated(names: Iterable[str]) -> Iterator[tuple[int, str]]:
    seen = set[str]()
    for at, name in enumerate(names):
        if name in seen:
            yield at, name
        seen.add(name)
