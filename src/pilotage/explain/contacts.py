"""The planned contacts, as entries: visits made in their window or outside it, visits and tests
that were missed, forms without data, and what is waiting."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from pilotage.explain.case import VISITS, Case, Row
from pilotage.explain.facts import Fact
from pilotage.explain.model import Entry, Part
from pilotage.explain.words import days, sources, unknown
from pilotage.plural import counted

WAITING = ("overdue", "due")
NEXT = 2
"""So many of the next visits are named."""


def visit_days(case: Case) -> Mapping[date, list[Row]]:
    """The visits that were made, by their day."""
    found: dict[date, list[Row]] = {}
    for row in case.contacts:
        if row["KIND"] in VISITS and row["DONE"] is not None:
            found.setdefault(row["DONE"], []).append(row)
    return found


def title_of(visits: Iterable[Row]) -> str:
    return ", ".join(dict.fromkeys(str(row["LABEL"]) for row in visits))


def visit_entry(case: Case, row: Row) -> Entry:
    """A visit that was made, and how it stands to its window."""
    off, window = row["DAYSOFF"], _window(row)
    if row["STATUS"] == "unscheduled":
        what = "not planned"
    elif off:
        what = f"{days(abs(off))} {'early' if off < 0 else 'late'}{window}"
    elif not window:
        why = "the protocol states no window" if row["TARGET"] else row["REMARK"]
        what = f"planned; {why or 'its window is not known'}"
    else:
        what = "in its window"
    return Entry(
        "visit",
        what,
        "against" if off else "",
        sources=sources(case.study, row["SOURCE"] or ()),
        parts=_forms(case.planning(row["TARGET"]), row["FORMSMISS"] or (), "no data of"),
        rows=((row["SRCDOM"], row["SRCSEQ"]),) if row["SRCSEQ"] is not None else (),
    )


def _window(row: Row) -> str:
    if row["FIRST"] is None or row["LAST"] is None:
        return ""
    return f" (window {row['FIRST']} to {row['LAST']})"


def _forms(case: Case, forms: Iterable[str], what: str) -> tuple[Part, ...]:
    """`case` is in the version that asks for them."""
    labels = [case.text(case.protocol.forms[form].label) for form in forms]
    return (Part(f"{what}: {', '.join(labels)}", brief=True),) if labels else ()


def contact_facts(case: Case, decided: Iterable[date]) -> list[Fact]:
    """What was missed, what nobody knows, and what a table of activities asks for between the days
    on which anything is decided."""
    return [*_missed(case), *_unknown(case), *needed_between(case, decided)]


def _missed(case: Case) -> Iterator[Fact]:
    """Contacts that were missed; those of one kind that follow each other are one entry."""
    planned = [row for row in case.contacts if row["TARGET"] and row["KIND"] != "activity"]
    chains: dict[str, list[Row]] = {}
    for row in sorted(planned, key=lambda row: row["TARGET"]):
        chains.setdefault(row["ID"] if row["KIND"] == "test" else "", []).append(row)
    for rows in chains.values():
        run: list[Row] = []
        for row in rows:
            if row["STATUS"] == "missed":
                run.append(row)
            elif run:
                yield _missed_run(case, run)
                run = []
        if run:
            yield _missed_run(case, run)


def _missed_run(case: Case, run: list[Row]) -> Fact:
    first, last = run[0], run[-1]
    labels = list(dict.fromkeys(row["LABEL"] for row in run))
    names = "; ".join(labels)
    often = f", {counted(len(run), 'time')}" if len(labels) < len(run) else ""
    span = f"; the last was planned for {last['TARGET']}"
    times = f"{often}{span}" if len(run) > 1 else _window(first)
    entry = Entry(
        "contact",
        f"missed: {names}{times}",
        "against",
        sources=sources(case.study, [s for row in run for s in row["SOURCE"] or ()]),
        same_as=(first["ID"], first["TARGET"]),
        short=f"missed: {names}",
    )
    return Fact(first["TARGET"], first["TARGET"].isoformat(), entry)


def _unknown(case: Case) -> Iterator[Fact]:
    """Visits of which what is recorded does not tell whether they were made."""
    for row in case.contacts:
        if row["STATUS"] != "unknown" or row["KIND"] not in VISITS or not row["TARGET"]:
            continue
        if row["TARGET"] > case.at:
            continue
        what = unknown(f"whether {row['LABEL']} was made: {row['REMARK'] or 'not recorded'}")
        entry = Entry("contact", what, "unknown", sources=sources(case.study, row["SOURCE"] or ()))
        yield Fact(row["TARGET"], row["TARGET"].isoformat(), entry)


def needs_of(case: Case) -> Mapping[date, Mapping[str, str]]:
    """What became of the forms that a table of activities asked for, by the day of the need."""
    found: dict[date, dict[str, str]] = {}
    for row in _activities(case):
        found.setdefault(row["TARGET"], {})[row["ID"]] = _became(row)
    return found


def _activities(case: Case) -> Iterator[Row]:
    for row in case.contacts:
        if row["KIND"] == "activity" and row["TARGET"] and row["TARGET"] <= case.at:
            yield row


def _became(row: Row) -> str:
    known = {"done": f"done {row['DONE']}", "missed": "was not done", "due": "not done so far"}
    return known.get(row["STATUS"], "whether it was done is not known")


def needed_between(case: Case, decided: Iterable[date]) -> Iterator[Fact]:
    """Forms that are needed from a day on which nothing else was decided."""
    asked = set(decided)
    for row in _activities(case):
        if row["TARGET"] in asked:
            continue
        unsure = row["STATUS"] not in ("done", "missed", "due")
        what = f"{row['LABEL']} is asked for, {_became(row)}"
        entry = Entry(
            "activity",
            unknown(what) if unsure else what,
            "unknown" if unsure else "against" if row["STATUS"] == "missed" else "",
            why=row["REMARK"] or "",
            sources=sources(case.study, row["SOURCE"] or ()),
            same_as=(row["ID"], row["TARGET"]),
        )
        yield Fact(row["TARGET"], row["TARGET"].isoformat(), entry)


def waiting_entries(case: Case) -> Iterator[Entry]:
    """What is overdue and due on the day of the question, and the visits to come."""
    for row in case.contacts:
        if row["STATUS"] in WAITING and row["KIND"] != "activity":
            yield Entry(
                "contact",
                f"{row['STATUS']}: {row['LABEL']}{_window(row)}",
                "against" if row["STATUS"] == "overdue" else "",
                sources=sources(case.study, row["SOURCE"] or ()),
            )
    coming = [r for r in case.contacts if r["STATUS"] == "upcoming" and r["KIND"] == "visit"]
    for row in coming[:NEXT]:
        target = row["TARGET"] or "on a day that is not known yet"
        yield Entry("contact", f"next: {row['LABEL']}, {target}{_window(row)}")
