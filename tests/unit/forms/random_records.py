"""Random filled forms of a study, as a site could have filled them in."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from pilotage.datasets.facts import read_target
from pilotage.forms.answer import MISSING, Answer
from pilotage.forms.filled import FilledContact, FilledForm, FilledSubject
from pilotage.forms.planned import plan_of
from pilotage.instruments import instruments
from pilotage.study import Study
from pilotage.study.protocol import Form, Item, Protocol

START = date(2020, 3, 2)
WORDS = st.text("abc é,", min_size=1, max_size=6).map(str.strip).filter(bool)
NUMBERS = st.integers(0, 90).map(str) | st.sampled_from(["0.5", "12.25", "7.125"])
DAYS = st.integers(0, 300).map(lambda days: (START + timedelta(days)).isoformat())
DATES = DAYS | st.sampled_from(["2019", "2019-07"])
REASONS = st.builds(
    Answer,
    missing=st.sampled_from(MISSING),
    why=WORDS | st.sampled_from(["", "UNKNOWN: to me", "NOT DONE"]),
)


def records(study: Study) -> st.SearchStrategy[tuple[FilledSubject, list[FilledForm]]]:
    return st.composite(_record)(study)


def _record(draw: st.DrawFn, study: Study) -> tuple[FilledSubject, list[FilledForm]]:
    plan, protocol = plan_of(study), study.protocol
    contacts = draw(_contacts(study))
    forms: list[FilledForm] = []
    seen: set[str] = set()
    for contact in contacts:
        for name in plan.forms(contact):
            form = protocol.forms[name]
            once = any(_of_person(item) for item in form.items.values())
            is_visit = any(item.target.startswith("SV.") for item in form.items.values())
            if form.repeating or (once and name in seen) or not (is_visit or draw(st.booleans())):
                continue
            seen.add(name)
            answers = draw(_answers(form, protocol))
            alone = not plan.is_visit(contact)
            answers |= _dated(form, contact.held_on, everywhere=alone)
            forms.append(FilledForm("S-01", contact, name, 1, answers))
    for name, form in protocol.forms.items():
        if form.repeating:
            forms += draw(_pages(name, form, protocol))
    return FilledSubject("S-01", "", tuple(contacts)), [f for f in forms if f.answers]


def _of_person(item: Item) -> bool:
    """Answers of the person stand in no row of a contact."""
    return read_target(item.target).domain in ("dm", "suppdm")


def _dated(form: Form, day: str, *, everywhere: bool) -> dict[str, Answer]:
    """The date of a visit is that of its contact; so is that of a test alone."""
    return {
        code: Answer(day)
        for code, item in form.items.items()
        if item.target.startswith("SV.SVSTDTC") or (everywhere and item.type == "date")
    }


def _contacts(study: Study) -> st.SearchStrategy[list[FilledContact]]:
    schedule, text = study.protocol.schedule, study.text
    every = [
        FilledContact(visit.id, visit.number, text(visit.label), "") for visit in schedule.visits
    ]
    if schedule.afterwards:
        last = max(schedule.visits, key=lambda visit: visit.number)
        week = (last.day - 1 + schedule.afterwards.every_days) // 7
        label = f"{text(schedule.afterwards.label)}, week {week}"
        every.append(FilledContact(f"WEEK_{week}", last.number + 1, label, ""))
    if schedule.unscheduled:
        every.append(FilledContact("", None, text(schedule.unscheduled.label), ""))
    for series in schedule.series:
        every.append(FilledContact(f"{series.form} ?", None, text(series.label), ""))

    def on_days(chosen: list[FilledContact]) -> list[FilledContact]:
        return [
            replace(contact, held_on=(START + timedelta(9 * at)).isoformat())
            for at, contact in enumerate(chosen)
        ]

    return st.lists(st.sampled_from(every), unique=True, max_size=5).map(on_days)


def _pages(name: str, form: Form, protocol: Protocol) -> st.SearchStrategy[list[FilledForm]]:
    """Pages of a log in the order of their first dates."""
    first = next(
        code
        for code, item in form.items.items()
        if item.type == "date" and read_target(item.target).variable.endswith("STDTC")
    )

    def numbered(pages: list[dict[str, Answer]]) -> list[FilledForm]:
        return [
            FilledForm(
                "S-01",
                None,
                name,
                number,
                {**answers, first: Answer((START + timedelta(number)).isoformat())},
            )
            for number, answers in enumerate(pages, 1)
        ]

    return st.lists(_answers(form, protocol), max_size=3).map(numbered)


def _answers(form: Form, protocol: Protocol) -> st.SearchStrategy[dict[str, Answer]]:
    """Some of the items of a form, answered or with a reason why not."""
    optional = {code: _answer(item, protocol) for code, item in form.items.items()}
    scale = instruments.get(form.instrument or "")
    for point in scale.items[:12] if scale else ():
        allowed = st.sampled_from(point.allowed).map(str)
        optional[point.code.lower()] = st.builds(Answer, allowed) | REASONS
    return st.fixed_dictionaries({}, optional=optional)


def _answer(item: Item, protocol: Protocol) -> st.SearchStrategy[Answer]:
    if item.type in ("integer", "number"):
        units = item.units or ((item.unit,) if item.unit else ("",))
        limits = st.just("")
        if item.target.startswith("LB."):
            limits = limits | NUMBERS
        return st.builds(Answer, NUMBERS, st.sampled_from(units), limits, limits) | REASONS
    values = {
        "yes_no": st.sampled_from(["yes", "no"]),
        "choice": st.sampled_from(list(protocol.codelists.get(item.codelist or "", {})) or ["A"]),
        "date": DATES,
        "datetime": DATES | DAYS.map(lambda day: f"{day}T09:30"),
    }
    return st.builds(Answer, values.get(item.type, WORDS)) | REASONS
