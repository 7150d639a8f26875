"""What one part of a study says about another: names that must be declared, orders that must hold.

The models check shape and type; here is everything else that can be known from the files alone.
Each topic has its file; `report` collects what they find and knows the line of every part.
"""

from pilotage.findings import Finding, error
from pilotage.study.consistency.forms import check_forms
from pilotage.study.consistency.identity import check_identity
from pilotage.study.consistency.labels import check_labels
from pilotage.study.consistency.measures import check_measures
from pilotage.study.consistency.outcomes import check_outcomes
from pilotage.study.consistency.plan import check_plan
from pilotage.study.consistency.report import MOST, Enough, Report
from pilotage.study.consistency.results_text import check_results_text
from pilotage.study.consistency.schedule import check_schedule
from pilotage.study.consistency.tables import check_tables
from pilotage.study.consistency.treatment import check_treatment
from pilotage.study.results_text import ResultsText
from pilotage.study.sap import Sap

__all__ = ["Report", "inconsistencies"]


def inconsistencies(
    report: Report, sap: Sap | None, text: ResultsText | None = None
) -> list[Finding]:
    """Every contradiction within the study, in no order; the plan and the text of the results are
    left out when they are None."""
    try:
        _examine(report, sap, text)
    except Enough:
        words = f"the study has {MOST} mistakes of this kind or more; the rest is not listed"
        return [*report.findings, error("protocol.yaml:1", words)]
    return report.findings


def _examine(report: Report, sap: Sap | None, text: ResultsText | None) -> None:
    for topic in (
        check_identity,
        check_treatment,
        check_measures,
        check_forms,
        check_tables,
        check_schedule,
        check_outcomes,
    ):
        topic(report)
    check_labels(report, report.protocol, ("protocol",))
    if sap is not None:
        check_plan(report, sap)
        check_labels(report, sap, ("sap",))
        if text is not None:
            check_results_text(report, text, sap)
            check_labels(report, text, ("results_text",))
