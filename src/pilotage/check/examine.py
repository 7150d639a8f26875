"""Every proof about a study, and what its open questions answer."""

from collections.abc import Callable, Iterable

from pilotage.check.any_rows import check_any_rows
from pilotage.check.categories import check_categories
from pilotage.check.collected import check_collected
from pilotage.check.criteria import check_criteria, check_edit_checks
from pilotage.check.dosing import check_dosing
from pilotage.check.examination import Examination
from pilotage.check.languages import check_languages
from pilotage.check.supplies import check_supplies
from pilotage.check.terms import check_terms
from pilotage.check.timing import check_times
from pilotage.check.visits import check_visits
from pilotage.check.worked_examples import worked_example_findings
from pilotage.conditions.prove import SolverMissing, solver_module
from pilotage.findings import Finding, error
from pilotage.study import Study

TOPICS: dict[str, Callable[[Examination], None]] = {
    "dosing": check_dosing,
    "categories": check_categories,
    "eligibility": check_criteria,
    "forms": check_edit_checks,
    "other tables": check_any_rows,
    "supplies": check_supplies,
    "visits": check_visits,
    "times": check_times,
    "tests": check_collected,
    "terms": check_terms,
    "languages": check_languages,
}
"""What is looked at, in this order."""

_TOLD_IN_FULL = ("not-stated", "time-conflict")
"""Findings of the loader that the proofs tell again, with what they mean."""

_SEVERITIES = ("error", "warning", "note")


def study_findings(
    study: Study, *, step: Callable[[str], None] = lambda topic: None
) -> list[Finding]:
    """Everything that is known of a study that loaded: the notes and warnings of the loader, what
    the proofs find, answers without a finding, and the worked examples that come out differently.

    `step` is told each topic as it begins. Without a solver the proofs are one error.
    """
    loaded = [finding for finding in study.findings if finding.kind not in _TOLD_IN_FULL]
    try:
        solver_module()
    except SolverMissing as problem:
        return [*study.findings, error(str(study.folder), str(problem))]
    examination = Examination(study)
    for topic, examine in TOPICS.items():
        step(topic)
        examine(examination)
    step("worked examples")
    found = sorted(examination.findings, key=lambda finding: _SEVERITIES.index(finding.severity))
    examples = worked_example_findings(study)
    return [*loaded, *found, *examination.answers.left_over(), *examples]


def study_may_go_live(findings: Iterable[Finding]) -> bool:
    """May subjects be entered? Not while an error is open that no open question answers."""
    return not any(finding.open_error for finding in findings)
