"""Columns of tables with a row per subject: what may stand there, and what it is called."""

from pilotage.study.columns import COURSE, adsl_columns, parameter_codes
from pilotage.study.consistency.report import Report
from pilotage.study.places import Path
from pilotage.study.protocol import Protocol
from pilotage.study.sap import Output, ProportionAnalysis, Sap

BY_SUBJECT = "response by subject"
TEXTS = ("results text", "narratives")
"""Layouts that are written in sentences."""


def check_subject_columns(report: Report, path: Path, output: Output, sap: Sap) -> None:
    """Every column exists, and every head belongs to a column or a parameter of the output."""
    known = set(adsl_columns(report.protocol, sap))
    message = "'{}' is no column of ADSL"
    if output.layout == BY_SUBJECT:
        answers = (a.id for a in sap.analyses if isinstance(a, ProportionAnalysis))
        known |= {*COURSE, *summaries(report.protocol), *report.protocol.time_to_event, *answers}
        message += ", no fact of the course, no parameter and no analysis of the kind 'proportion'"
    declared: Path = ("protocol", "subject_facts")
    for at, name in enumerate(output.columns):
        here = (*path, "columns", at)
        report.known(here, name, sorted(known), message.format(name), declared=declared)
    shown = (*output.columns, *output.parameters)
    for name in output.heads:
        words = f"'{name}' is no column of this output"
        report.known((*path, "heads", name), name, shown, words, declared=declared)
    if (output.layout in TEXTS) != (output.kind == "text"):
        kind = "a text" if output.layout in TEXTS else "no text"
        report.error((*path, "layout"), f"the layout '{output.layout}' is {kind}")


def summaries(protocol: Protocol) -> tuple[str, ...]:
    """Parameters of ADRS with one row per subject."""
    own = set(protocol.classifications)
    return tuple(c for c in parameter_codes("ADRS", protocol) if c not in own and c != "RELAPSE")
