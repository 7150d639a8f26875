"""Decisions about past days that come out differently: eligibility, doses, stops, supplies."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from pilotage.amendments.pairs import paired
from pilotage.amendments.parts import PROTOCOL_PARTS
from pilotage.amendments.past import Difference, Past, What, both
from pilotage.amendments.units import inner_units, units
from pilotage.rules import UNKNOWN, decide_columns
from pilotage.rules.decide import AnyTable
from pilotage.rules.screening import screening_log
from pilotage.study.protocol import Row, text_of

Answers = Sequence[Mapping[str, Any]]
ELIGIBLE = {"yes": "eligible", "no": "not eligible", "unknown": "eligibility is not known"}
NOT_ASKED = "not asked"


def eligibility_differences(old: Past, new: Past) -> Iterator[Difference]:
    """Of each subject on the day of the screening log: that of the first dose or of the screen
    failure, else the data cut."""
    logs = [_screened(each) for each in (old, new)]
    aside = ("USUBJID", "CONSENT", "STATUS", "JUDGED", "ELIGIBLE", "FAILED", "MISSING", "REASON")
    for subject, b in logs[1].items():
        a = logs[0].get(subject)
        if a is None or a["ELIGIBLE"] == b["ELIGIBLE"]:
            continue
        names = [name for name in dict.fromkeys((*b, *a)) if name not in aside]
        said = {name: (a.get(name, NOT_ASKED), b.get(name, NOT_ASKED)) for name in names}
        why = [f"{n} {then} → {now}" for n, (then, now) in said.items()
               if then != now and not {then, now} <= {NOT_ASKED, "passed"}]  # fmt: skip
        before, after = ELIGIBLE[a["ELIGIBLE"]], ELIGIBLE[b["ELIGIBLE"]]
        yield Difference("eligibility", subject, b["JUDGED"], "", before, after, "; ".join(why))


def _screened(of: Past) -> dict[str, Mapping[str, Any]]:
    log = screening_log(of.record, at=of.snapshot.data_cut)
    return {row["USUBJID"]: row for row in log.iter_rows(named=True)}


def dose_differences(old: Past, new: Past) -> Iterator[Difference]:
    """Doses that were given and conform to one protocol and not to the other."""
    keys = ["USUBJID", "DATE"]
    rows = old.doses.join(new.doses, on=keys, how="inner", suffix="_NEW").sort(keys)
    for row in rows.filter(pl.col("VERDICT") != pl.col("VERDICT_NEW")).iter_rows(named=True):
        name = f"{row['ENTERED_NEW'] or row['ENTERED']}"
        said = row["MISSING_NEW"] if row["VERDICT_NEW"] == UNKNOWN else row["REASON_NEW"]
        cited = f" [{row['SOURCE_NEW']}]" if row["SOURCE_NEW"] else ""
        why = f"{said or row['REASON_NEW']}{cited}"
        then, now = row["VERDICT"], row["VERDICT_NEW"]
        yield Difference("doses", row["USUBJID"], row["DATE"], name, then, now, why)


def advice_differences(old: Past, new: Past) -> Iterator[Difference]:
    """What the dosing tables ask for at each dose. Where a study does not propose doses, only the
    row that answers is named, and not what it asks for."""
    moments = both(old.doses, new.doses)
    open_ = old.protocol.dose_proposals and new.protocol.dose_proposals
    answers = [_dosing(each, moments) for each in (old, new)]
    for a, b in zip(*answers, strict=True):
        if (a["ACTION"], a["TO"]) != (b["ACTION"], b["TO"]):
            then, now = _advice(old, a, told=open_), _advice(new, b, told=open_)
            why = _why(new.protocol.dosing.rows, b["ROW"]) if open_ else ""
            yield Difference("dosing advice", a["USUBJID"], a["DATE"], "", then, now, why)


def _dosing(of: Past, moments: pl.DataFrame) -> Answers:
    known = of.states(moments)
    found = known.select("USUBJID", "DATE", *decide_columns(of.protocol.dosing, known.schema))
    return found.rows(named=True)


def _advice(of: Past, answer: Mapping[str, Any], *, told: bool) -> str:
    if answer["ACTION"] == UNKNOWN:
        return UNKNOWN
    if told:
        return " to ".join(each for each in (answer["ACTION"], answer["TO"]) if each)
    if answer["ROW"] is None:
        return "no row answers"
    sources = ", ".join(of.protocol.dosing.rows[answer["ROW"]].sources)
    return f"row {answer['ROW'] + 1} [{sources}]"


def _why(rows: Sequence[Row], number: int | None) -> str:
    return "" if number is None else text_of(rows[number].why)


# -- tables in which any row answers ---------------------------------------------------------------


def table_differences(old: Past, new: Past) -> Iterator[Difference]:
    """Reasons to stop on every day of a visit or test under treatment; on those of a visit what
    stands against a supply, which activities are asked for, and deviations."""
    first = pl.concat([old.first_doses, new.first_doses]).unique("USUBJID", keep="first")
    begun = first.rename({"DATE": "BEGUN"})

    def since(days: pl.DataFrame) -> pl.DataFrame:
        found = days.join(begun, on="USUBJID").filter(pl.col("DATE") >= pl.col("BEGUN"))
        return found.drop("BEGUN").sort("USUBJID", "DATE")

    tests, visits = since(both(old.tests, new.tests)), since(both(old.visits, new.visits))
    yield from _settled("stopping", old, new, tests, none="no reason to stop", word="stop")
    none, word = "nothing stands against it", "blocked"
    yield from _settled("dispensing", old, new, visits, none=none, word=word)
    yield from _each("activities", old, new, visits, word="asked for")
    yield from _each("deviations", old, new, visits, word="a deviation")


def _table(of: Past, what: What) -> AnyTable | None:
    protocol = of.protocol
    return {
        "stopping": protocol.stopping,
        "dispensing": protocol.dispensing,
        "activities": protocol.schedule.activities,
        "deviations": protocol.deviations,
    }[what]


def _any(of: Past, what: What, moments: pl.DataFrame) -> Answers:
    """The answers at each moment: ACTION, ROWS, OPEN; without a table nothing ever answers."""
    table = _table(of, what)
    if table is None:
        nothing: Mapping[str, Any] = {"ACTION": None, "ROWS": [], "OPEN": []}
        return [{**moment, **nothing} for moment in moments.iter_rows(named=True)]
    known = of.states(moments)
    found = known.select("USUBJID", "DATE", *decide_columns(table, known.schema))
    return found.rows(named=True)


def _settled(
    what: What, old: Past, new: Past, moments: pl.DataFrame, *, none: str, word: str
) -> Iterator[Difference]:
    """Tables in which one reason settles the matter: is the answer another, or its reasons?"""
    names = _names(old, new, what)

    def said(side: int, answer: Mapping[str, Any]) -> str:
        if answer["ACTION"] is None:
            return none
        reasons = "; ".join(names[side][at] for at in answer["ROWS"])
        return f"{word}: {reasons}" if reasons else UNKNOWN

    for a, b in zip(_any(old, what, moments), _any(new, what, moments), strict=True):
        then, now = said(0, a), said(1, b)
        if then != now:
            waiting = [names[1][at] for at in b["OPEN"]] if now == UNKNOWN else []
            why = f"not known: {'; '.join(waiting)}" if waiting else ""
            yield Difference(what, a["USUBJID"], a["DATE"], "", then, now, why)


def _each(
    what: What, old: Past, new: Past, moments: pl.DataFrame, *, word: str
) -> Iterator[Difference]:
    """Tables in which every row is a matter of its own: each is held against its counterpart."""
    names = _names(old, new, what)
    for a, b in zip(_any(old, what, moments), _any(new, what, moments), strict=True):
        said = [
            {names[side][at]: state for state, key in ((word, "ROWS"), ("not known", "OPEN"))
             for at in reversed(each[key])}
            for side, each in enumerate((a, b))
        ]  # fmt: skip
        for name in sorted(said[0].keys() | said[1].keys()):
            first, second = (each.get(name, f"not {word}") for each in said)
            if first != second:
                yield Difference(what, a["USUBJID"], a["DATE"], name, first, second)


def _names(old: Past, new: Past, what: What) -> tuple[list[str], list[str]]:
    """What each row of both tables is called: rows that are each other's counterpart the same."""
    lists = [_rows_of(each, what) for each in (old, new)]
    found: tuple[dict[int, str], dict[int, str]] = ({}, {})
    for a, b in paired(*lists):
        unit = b or a
        assert unit is not None
        name = f"{text_of(unit.held.why)} [{', '.join(unit.sources)}]"
        for side, each in enumerate((a, b)):
            if each is not None:
                found[side][each.number - 1] = name
    first, second = ([each[at] for at in sorted(each)] for each in found)
    return first, second


def _rows_of(of: Past, what: What) -> list[Any]:
    noun = "row {number} of " + what
    for kind in PROTOCOL_PARTS:
        if kind.noun == noun:
            return units(kind, of.study, of.protocol, ("protocol",))
        for unit in units(kind, of.study, of.protocol, ("protocol",)) if kind.inside else ():
            for inner, found in inner_units(unit):
                if inner.noun == noun:
                    return found
    return []


DECISIONS: Sequence[Callable[[Past, Past], Iterator[Difference]]] = (
    eligibility_differences, dose_differences, advice_differences, table_differences,
)  # fmt: skip
