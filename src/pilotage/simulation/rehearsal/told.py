"""A rehearsal in numbers: what `rehearsal.json` says and the terminal shows."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pilotage.forms.acts import ENTER, OPEN_CONTACT
from pilotage.plural import counted
from pilotage.simulation.rehearsal.burden import MATTERS, UNDECIDED, Burden, burden_of
from pilotage.simulation.rehearsal.happened import WHATS, What
from pilotage.simulation.rehearsal.rehearse import Rehearsal
from pilotage.simulation.rehearsal.slips import KINDS
from pilotage.study.protocol import text_of


@dataclass(frozen=True, slots=True)
class Told:
    """A rehearsal with its alert burden, and the planned forms that nobody filled."""

    rehearsal: Rehearsal
    burden: Burden
    never_filled: tuple[str, ...]


def told(rehearsal: Rehearsal) -> Told:
    begun: dict[str, date] = {}
    filled = set[str]()
    for line in (each.line for each in rehearsal.lines):
        if line.act == OPEN_CONTACT:
            contact = line.said["contact"]
            assert isinstance(contact, dict)
            begun.setdefault(line.subject, date.fromisoformat(contact["held_on"]))
        elif line.act == ENTER:
            filled.add(str(line.said["form"]))
    record = rehearsal.record
    events = record.snapshot.tables.get("ae")
    burden = burden_of(record.review, rehearsal.slips, begun, events)
    never = tuple(form for form in _planned(rehearsal) if form not in filled)
    return Told(rehearsal, burden, never)


def _planned(rehearsal: Rehearsal) -> Iterator[str]:
    """The forms that visits and series ask for, in the order of the protocol; not logs, which have
    no page where there is nothing to write down."""
    schedule, forms = rehearsal.study.protocol.schedule, rehearsal.study.protocol.forms
    asked = {form for visit in schedule.visits for form in visit.forms}
    asked |= {series.form for series in schedule.series}
    yield from (name for name, form in forms.items() if name in asked and not form.repeating)


def document(found: Told) -> dict[str, object]:
    """What `rehearsal.json` holds: no times, nothing of the machine."""
    rehearsal, burden = found.rehearsal, found.burden
    items = [each for each in rehearsal.lines if each.line.act == ENTER and not each.mends]
    median, ninth = delays(rehearsal.delays)
    return {
        "study": rehearsal.study.protocol.study.id,
        "study_digest": rehearsal.study.digest,
        "synthetic": True,
        "seed": rehearsal.seed,
        "scenario": rehearsal.case.name,
        "settings": dict(rehearsal.case.settings),
        "until": rehearsal.until.isoformat(),
        "subjects": burden.subjects,
        "contacts": rehearsal.contacts,
        "lines": len(rehearsal.lines),
        "items": len(items),
        "slips": slips_by_kind(rehearsal),
        "slips_found": dict(Counter(slip.found or "never" for slip in rehearsal.slips)),
        "astray": dict(Counter(each.what for each in rehearsal.astray)),
        "days_from_contact_to_entry": {"median": median, "nine_of_ten_within": ninth},
        "alerts": {matter: burden.of(matter) for matter in MATTERS},
        "alerts_in_all": burden.alerts,
        "most_alerts_of_a_subject_in_a_week": burden.most_in_a_week,
        "weeks": burden.weeks,
        "decisions_that_could_not_be_made": sum(burden.of(each) for each in UNDECIDED),
        "planned_forms_never_filled": list(found.never_filled),
        "without_a_form": list(rehearsal.unplaced),
    }


def slips_by_kind(rehearsal: Rehearsal) -> dict[str, int]:
    counted = Counter(slip.kind for slip in rehearsal.slips)
    return {kind: counted[kind] for kind in KINDS if counted[kind]}


def delays(days: Sequence[int]) -> tuple[float, float]:
    """The median of the days, and so many within which nine of ten contacts were entered."""
    ordered = sorted(days)
    if not ordered:
        return 0, 0
    middle = len(ordered) // 2
    median = ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    return median, ordered[math.ceil(0.9 * len(ordered)) - 1]


# -- on the terminal -------------------------------------------------------------------------------


def summary(found: Told) -> list[str]:
    """What a rehearsal made, in a few lines."""
    rehearsal, burden = found.rehearsal, found.burden
    said = document(found)
    slips = rehearsal.slips
    remain = sum(slip.remains for slip in slips)
    kinds = ", ".join(f"{number} {kind}" for kind, number in slips_by_kind(rehearsal).items())
    counts = Counter(each.what for each in rehearsal.astray)
    astray = ", ".join(_astray(counts[what], what) for what in WHATS if counts[what])
    median, ninth = delays(rehearsal.delays)
    undecided = said["decisions_that_could_not_be_made"]
    of_matters = [(matter, burden.of(matter)) for matter in MATTERS]
    return [
        "synthetic: invented subjects, no patient data; these numbers say nothing about any drug",
        f"{counted(burden.subjects, 'subject', grouped=True)}, "
        f"{counted(rehearsal.contacts, 'contact', grouped=True)}, "
        f"{said['items']:,} items until {rehearsal.until}",
        f"entered {median:g} days after the contact (median), nine of ten within {ninth:g}",
        f"went astray: {astray or 'nothing'}",
        f"slips of typing: {len(slips)}{f' ({kinds})' if slips else ''}, {remain} of them remain",
        f"alerts: {burden.alerts:,}; {_each(burden.alerts, burden.subjects)} a subject, "
        f"{_each(burden.alerts, burden.weeks)} a week in the whole trial, "
        f"at most {burden.most_in_a_week} of one subject in a week",
        *(f"  {number:>6,}  {matter}" for matter, number in of_matters if number),
        f"decisions that could not be made: {undecided:,}",
        *_never_filled(found),
    ]


def _astray(number: int, what: What) -> str:
    return counted(number, what, what if what == "dropped out" else "", grouped=True)


def _never_filled(found: Told) -> Iterator[str]:
    forms = found.rehearsal.study.protocol.forms
    if found.never_filled:
        names = ", ".join(text_of(forms[name].label) for name in found.never_filled)
        yield f"planned, but described in neither file, so never filled: {names}"


def _each(number: int, of: int) -> str:
    return f"{number / of:.1f}" if of else "0"
