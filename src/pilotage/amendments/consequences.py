"""What of the past would come out differently, had one study ruled instead of the other."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from pilotage.amendments.decisions import DECISIONS
from pilotage.amendments.past import Difference, What, past
from pilotage.amendments.values import result_differences, value_differences, visit_differences
from pilotage.snapshot import Snapshot
from pilotage.study import Study

SECTIONS: Mapping[What, str] = {
    "eligibility": "Eligibility of subjects",
    "doses": "Doses that were given",
    "dosing advice": "Advice about the dose",
    "stopping": "Reasons to stop",
    "dispensing": "Supplies",
    "activities": "Activities asked for",
    "deviations": "Deviations",
    "visits": "Visits and tests",
    "results": "Results",
    "values": "Derived values",
}
"""Everything that can differ, in words, in the order in which it is told."""


def consequences(
    old: Study,
    new: Study,
    snapshot: Snapshot,
    *,
    step: Callable[[], None] = lambda: None,
) -> tuple[Difference, ...]:
    """Every past decision, contact, result and derived value that differs. Each study is asked as
    if its present protocol had ruled from the first day on. Raises InputErrors with the values that
    one of them refuses."""
    first, second = past(old, snapshot), past(new, snapshot)
    found: list[Difference] = []
    for differences in (*DECISIONS, visit_differences, result_differences, value_differences):
        step()
        found += differences(first, second)
    return tuple(sorted(found, key=lambda each: list(SECTIONS).index(each.what)))


def by_section(found: Sequence[Difference]) -> Iterator[tuple[What, list[Difference]]]:
    """The differences of each section that has any."""
    for what in SECTIONS:
        if own := [each for each in found if each.what == what]:
            yield what, own
