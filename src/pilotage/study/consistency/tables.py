"""Decision tables: eligibility, dosing, stopping, dispensing, deviations, activities."""

from collections.abc import Sequence

from pilotage.study.consistency.report import Report
from pilotage.study.places import Path
from pilotage.study.protocol import Criterion, DosingRow, Row

_TO_NEEDED = ("start", "reintroduce")


def check_tables(report: Report) -> None:
    """Rows use declared names, cite headings, and name steps of the ladder."""
    protocol = report.protocol
    _eligibility(report)
    rows("dosing", report, protocol.dosing.rows)
    for at, row in enumerate(protocol.dosing.rows):
        _dose_step(report, ("protocol", "dosing", "rows", at), row)
    rows("stopping", report, protocol.stopping.rows)
    if protocol.dispensing is not None:
        rows("dispensing", report, protocol.dispensing.rows)
    if protocol.deviations is not None:
        rows("deviations", report, protocol.deviations.rows)


def rows(name: str, report: Report, table: Sequence[Row], *, path: Path | None = None) -> None:
    """The conditions and sources of the rows of a table."""
    start = path or ("protocol", name, "rows")
    for at, row in enumerate(table):
        here = (*start, at)
        report.sources(here, row)
        report.condition((*here, "when"), row.when, f"row {at + 1} of {name}")


def _eligibility(report: Report) -> None:
    eligibility = report.protocol.eligibility
    paths: list[Path] = []
    criteria: list[Criterion] = []
    for kind, found in (
        ("inclusion", eligibility.inclusion),
        ("exclusion", eligibility.exclusion),
    ):
        paths += [("protocol", "eligibility", kind, at) for at in range(len(found))]
        criteria += found
    report.unique(paths, [criterion.id for criterion in criteria], "the criterion")
    for path, criterion in zip(paths, criteria, strict=True):
        report.sources(path, criterion)
        report.condition((*path, "when"), criterion.when, f"criterion {criterion.id}")


def _dose_step(report: Report, path: Path, row: DosingRow) -> None:
    if row.to is None:
        if row.do in _TO_NEEDED:
            report.error(path, f"'{row.do}' needs 'to', a step of the ladder")
        return
    doses = {step.step: step.dose for step in report.protocol.treatment.ladder}
    message = f"'{row.to}' is no step of the ladder ({', '.join(doses)})"
    declared: Path = ("protocol", "treatment", "ladder")
    report.known((*path, "to"), row.to, doses, message, declared=declared)
    if row.do == "stop" and doses.get(row.to, 0) > 0:
        report.error((*path, "to"), f"'stop' cannot go to '{row.to}', which is a dose")
