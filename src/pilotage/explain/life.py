"""The life of a subject as decisions with reasons: what was recorded, what the protocol says of
each visit, and how the dose that was given compares."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from pilotage.datasets.facts import read_target
from pilotage.explain.case import Case, Row, case_of
from pilotage.explain.contacts import (
    contact_facts,
    needs_of,
    title_of,
    visit_days,
    visit_entry,
    waiting_entries,
)
from pilotage.explain.decisions import (
    activity_entry,
    deviation_entry,
    dispensing_entry,
    eligibility_entry,
    entry_between,
    stopping_entry,
)
from pilotage.explain.doses import (
    Change,
    begun,
    changes_of,
    dose_entry,
    given_on,
    is_no_drug,
    stop_on,
)
from pilotage.explain.facts import Fact, facts_of
from pilotage.explain.model import Day, Entry, Kind, Life
from pilotage.explain.occasions import decided_days
from pilotage.explain.periods import with_periods
from pilotage.explain.words import unknown
from pilotage.rules import Advice
from pilotage.rules.entry import first_dose_between
from pilotage.rules.evidence import evidence
from pilotage.rules.standing import ends_of_participation, quoted_day
from pilotage.snapshot import Snapshot
from pilotage.study import Study
from pilotage.study.namespace import PHASES

ORDER: tuple[Kind, ...] = (
    "state", "consent", "visit", "eligibility", "adverse event", "response", "relapse", "stopping",
    "dose", "dispensing", "activity", "deviation", "contact", "disposition",
)  # fmt: skip
"""What is told first on a day."""

TABLES: Mapping[str, str] = {
    "lb": "laboratory values", "ae": "adverse events", "ds": "dispositions", "sv": "visits",
}  # fmt: skip
"""Tables that a snapshot may lack, in words."""

FAR = date(9999, 1, 1)

FEW_CRITERIA = 6
"""So many open criteria are told before the last day; of more only what is wanted next."""


def explain(study: Study, snapshot: Snapshot, subject: str, at: date | None = None) -> Life:
    """The life of a subject, as it was known on a day (that of the data cut where none is named).

    Raises KeyError for a subject that the snapshot does not have, and InputErrors for values of the
    subject that the study refuses.
    """
    if subject not in snapshot.tables["dm"]["USUBJID"].to_list():
        raise KeyError(subject)
    return life_of(case_of(study, snapshot, subject, at or snapshot.data_cut), snapshot.data_cut)


def life_of(case: Case, data_cut: date) -> Life:
    changes = changes_of(case)
    visits = visit_days(case)
    decided = decided_days(case, changes)
    facts = [*facts_of(case), *contact_facts(case, decided), *_start_of_unknown_day(case)]
    days = _days(case, facts, decided, visits, changes)
    identity = case.protocol.study
    return Life(
        study=identity.id,
        title=case.text(identity.short_title),
        subject=case.subject,
        person=_person(case),
        at=case.at,
        data_cut=data_cut,
        synthetic=case.snapshot.synthetic,
        story=with_periods(days),
        now=_now(case, changes, decided, recorded=bool(days)),
        not_collected=tuple(_not_collected(case)),
    )


# -- the days --------------------------------------------------------------------------------------


def _days(
    case: Case,
    facts: Sequence[Fact],
    decided: Sequence[date],
    visits: Mapping[date, Sequence[Row]],
    changes: Sequence[Change],
) -> list[Day]:
    entries: dict[tuple[date, str], list[Entry]] = {}
    for fact in facts:
        entries.setdefault((fact.on or FAR, fact.written), []).append(fact.entry)
    last = _last_before_treatment(case, decided)
    for on in decided:
        own = [visit_entry(case, row) for row in visits.get(on, ())]
        own += decisions_on(case, on, changes, decided, every_criterion=on == last)
        entries.setdefault((on, on.isoformat()), []).extend(own)
    return [
        _day(case, on, written, entries[on, written], visits.get(on, ()))
        for on, written in sorted(entries)
    ]


def _day(
    case: Case, on: date, written: str, entries: Iterable[Entry], visits: Iterable[Row]
) -> Day:
    known = on if on.isoformat() == written else None
    version = None if on == FAR else case.advice(on).version
    return Day(
        on=None if on == FAR else on,
        written=written,
        study_day=case.study_day(known),
        week=case.week(known),
        title=title_of(visits),
        entries=tuple(sorted(entries, key=lambda each: ORDER.index(each.kind))),
        version=version.id if version else None,
    )


def _start_of_unknown_day(case: Case) -> Iterator[Fact]:
    """Eligibility at a first dose whose date is not complete."""
    days = None if case.first_dose else first_dose_between(case.record, case.subject, case.at)
    if days is not None:
        entry = entry_between(case, *days)
        written = "first dose, its date is not complete"
        yield from [Fact(days[0], written, entry)] if entry else ()


def _last_before_treatment(case: Case, decided: Iterable[date]) -> date | None:
    """The day on which eligibility is told criterion by criterion: that of the first dose, else the
    last one on which it cannot have been taken yet."""
    days = first_dose_between(case.record, case.subject, case.at)
    begun = case.first_dose or (days[0] if days else None)
    return max((on for on in decided if begun is None or on <= begun), default=None)


def decisions_on(
    case: Case,
    on: date,
    changes: Sequence[Change],
    decided: Sequence[date],
    *,
    every_criterion: bool,
) -> list[Entry]:
    """What the protocol says on a day."""
    advice, given = case.advice(on), given_on(case, on, changes, decided)
    found: list[Entry | None] = []
    if case.record.under_version_on(on) is None:
        what = unknown(advice.dosing.reason)
        return [Entry("state", what, "unknown", short=what)]
    if advice.phase == PHASES[0]:
        found.append(_criteria(case, advice, every=every_criterion))
    if begun(case, advice, given):
        drug = not (is_no_drug(case, given.before) and is_no_drug(case, given.after))
        found += [stopping_entry(case, advice)] if drug else []
        stop = stop_on(case, on, changes, decided)
        found.append(dose_entry(case, advice, given, decided, stop=stop))
        found += [] if is_no_drug(case, given.after) else [dispensing_entry(case, advice)]
        done = needs_of(case).get(on, {})
        found += [activity_entry(case, advice, done), deviation_entry(case, advice)]
    return [each for each in found if each is not None]


def _criteria(case: Case, advice: Advice, *, every: bool) -> Entry | None:
    """Eligibility; before the last day only what is not passed."""
    entry = eligibility_entry(case, advice)
    if entry is None or every:
        return entry
    kept = tuple(part for part in entry.parts if not part.brief)
    kept = kept if len(kept) <= FEW_CRITERIA else kept[-1:]
    return Entry(entry.kind, entry.what, entry.mark, parts=kept, short=entry.short)


# -- how things stand ------------------------------------------------------------------------------


def _now(case: Case, changes: Sequence[Change], decided: Sequence[date], *, recorded: bool) -> Day:
    left = ends_of_participation(case.study, case.snapshot, at=case.at)
    entries: list[Entry] = []
    if not recorded:
        entries.append(Entry("state", "nothing is recorded on this day or before it"))
    elif left.height:
        when = quoted_day(left["WRITTEN"][0])
        said = f"left the trial on {when}; nothing is decided any more"
        entries.append(Entry("disposition", said))
    else:
        entries.append(_state(case))
        entries += decisions_on(case, case.at, changes, decided, every_criterion=False)
        entries += waiting_entries(case)
    return _day(case, case.at, case.at.isoformat(), entries, ())


def _state(case: Case) -> Entry:
    """The values of the state that the study declares."""
    aside = ("age", "sex", "days since", "study day")
    names = [n for n, state in case.protocol.state.items() if state.derivation not in aside]
    return Entry("state", "as far as it is known", inputs=case.inputs(case.at, *names))


def _person(case: Case) -> str:
    row = case.adsl
    sex = row.get("SEX")
    said = [str(sex)] if sex else []
    if row.get("AGE") is not None:
        said.append(f"{row['AGE']:g} {(row.get('AGEU') or 'years').lower()} at consent")
    return ", ".join(said)


def _not_collected(case: Case) -> Iterator[str]:
    """Tables that the study asks for and the snapshot does not have, and forms for which it has no
    place."""
    nowhere = evidence(case.protocol, case.snapshot, at=case.at).nowhere
    asked = {
        name: {read_target(item.target).domain for item in form.items.values()}
        for name, form in case.protocol.forms.items()
    }
    used = {domain for domains in asked.values() for domain in domains}
    told = {table for table in TABLES if table not in case.snapshot.tables and table in used}
    yield from (words for table, words in TABLES.items() if table in told)
    for name, form in case.protocol.forms.items():
        if name in nowhere and not (asked[name] and asked[name] <= told):
            yield case.text(form.label)
