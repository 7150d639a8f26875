"""What the cells of a table must be: numbers are numbers, dates are dates, keys are there.

Each rule is one Polars expression that is true for the rows that break it. All rules of a table
are looked at in one pass; only a rule that is broken is looked at row by row, for its lines.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from pilotage.snapshot import dates, numbers
from pilotage.snapshot.tables import (
    LINE,
    NOT_NEGATIVE,
    NUMBERS,
    Problem,
    is_date,
    known_columns,
    nearest,
    required_columns,
    sequence_of,
    shown,
)

_ZONED = "whose zone is not used: its day is the day of that place"


@dataclass(frozen=True, slots=True)
class Rule:
    """A row breaks the rule where `broken` is true; `message` words it from the row's cells."""

    broken: pl.Expr
    columns: tuple[str, ...]
    message: Callable[..., str]


def breaches(frame: pl.DataFrame, rules: list[Rule]) -> list[list[Problem]]:
    """For each rule the rows that break it."""
    if not rules or frame.is_empty():
        return [[] for _ in rules]
    hits = frame.select(rule.broken.any().alias(str(n)) for n, rule in enumerate(rules)).row(0)
    return [_rows(frame, rule) if hit else [] for rule, hit in zip(rules, hits, strict=True)]


def _rows(frame: pl.DataFrame, rule: Rule) -> list[Problem]:
    rows = frame.filter(rule.broken).select(LINE, *rule.columns).iter_rows()
    return [(line, rule.message(*cells)) for line, *cells in rows]


def once(rows: list[Problem]) -> list[Problem]:
    """One problem for all rows of a kind: the first, with the number of the others."""
    if len(rows) < 2:
        return rows
    line, message = min(rows)
    return [(line, f"{message} (and {len(rows) - 1} more {'row' if len(rows) == 2 else 'rows'})")]


def columns(table: str, frame: pl.DataFrame) -> tuple[list[Problem], list[Problem]]:
    """Required columns that are missing; and, as warnings, columns that SDTM does not know."""
    present = [column for column in frame.columns if column != LINE]
    required = required_columns(table)
    problems = [
        (1, f"the column {column} is missing{nearest(column, set(present) - set(required))}")
        for column in required
        if column not in present
    ]
    known = known_columns(table)
    if known is None:
        return problems, []
    message = f"is not one that SDTM knows for {table.upper()}; kept"
    warnings = [
        (1, f"the column {shown(column)} {message}{nearest(column, known - set(present))}")
        for column in present
        if column not in known
    ]
    return problems, warnings


@dataclass(frozen=True, slots=True)
class Cells:
    """A table after a look at its cells: numbers as numbers; what was found; its latest date."""

    frame: pl.DataFrame
    problems: list[Problem]
    warnings: list[Problem]
    latest: date | None


def cells(table: str, frame: pl.DataFrame) -> Cells:
    """Read the numbers of a table that is all text, and check every cell.

    Numbers and dates repeat themselves, so only distinct texts are looked at closely; wrong ones
    are then looked up in the rows. A cell that is no number is read as missing.
    """
    sequence = [c for c in frame.columns if c == sequence_of(table)]
    numeric = [c for c in frame.columns if c in NUMBERS and c not in sequence]
    dated = [c for c in frame.columns if is_date(c)]
    distinct = frame.select(pl.col(sequence + numeric + dated).drop_nulls().unique().implode())
    no_sequence = numbers.wrong_numbers(_texts(distinct, sequence), whole=True)
    no_number = numbers.wrong_numbers(_texts(distinct, numeric))
    survey = dates.survey(_texts(distinct, dated))
    rules = _key_rules(table, frame) + _order_rules(frame, dated)
    rules += (
        _wrong(sequence, no_sequence) + _wrong(numeric, no_number) + _wrong(dated, survey.wrong)
    )
    rules += [_below_zero(column, no_number) for column in numeric if column in NOT_NEGATIVE]
    doubts = _doubts(table, frame) + _wrong(dated, dict.fromkeys(survey.zoned, _ZONED))
    found = breaches(frame, rules + doubts)
    return Cells(
        frame=frame.with_columns(
            *(numbers.sequence(_but(column, no_sequence)) for column in sequence),
            *(numbers.number(_but(column, no_number)) for column in numeric),
        ),
        problems=[problem for rows in found[: len(rules)] for problem in rows],
        warnings=[problem for rows in found[len(rules) :] for problem in once(rows)],
        latest=survey.latest,
    )


def _texts(distinct: pl.DataFrame, names: list[str]) -> pl.Series:
    """The distinct texts of some columns, one column after the other."""
    texts = [distinct[name][0].alias("text") for name in names]
    return pl.concat(texts) if texts else pl.Series("text", [], pl.String)


def _but(column: str, wrong: Mapping[str, str]) -> pl.Expr:
    text = pl.col(column)
    return pl.when(~text.is_in(list(wrong))).then(text).alias(column) if wrong else text


def _wrong(columns: list[str], said: Mapping[str, str]) -> list[Rule]:
    """For each column the rows that hold one of some texts, and what is said of it."""
    return [
        Rule(
            pl.col(column).is_in(list(said)),
            (column,),
            lambda cell, column=column: f"{column} is {shown(cell)}, {said[cell]}",
        )
        for column in columns
        if said
    ]


def _below_zero(column: str, no_number: Mapping[str, str]) -> Rule:
    negative = numbers.number(_but(column, no_number)) < 0
    return Rule(negative, (column,), _says(column, numbers.NEGATIVE))


def _key_rules(table: str, frame: pl.DataFrame) -> list[Rule]:
    return [
        Rule(pl.col(column).is_null(), (), lambda column=column: f"{column} is missing")
        for column in ("USUBJID", sequence_of(table))
        if column in frame.columns
    ]


def _says(column: str, what: str) -> Callable[[str], str]:
    return lambda cell: f"{column} is {shown(cell)}, {what}"


def _order_rules(frame: pl.DataFrame, dated: list[str]) -> list[Rule]:
    """An end before its start, where both are known well enough to say so (in whole days)."""
    rules = []
    for start in dated:
        end = f"{start.removesuffix('STDTC')}ENDTC"
        if start.endswith("STDTC") and end in frame.columns:
            early = dates.last_day(pl.col(end)) < dates.first_day(pl.col(start))
            rules.append(Rule(early, (end, start), _before(end, start)))
    return rules


def _before(end: str, start: str) -> Callable[[str, str], str]:
    return lambda ended, started: f"{end} ({ended}) is before {start} ({started})"


def _doubts(table: str, frame: pl.DataFrame) -> list[Rule]:
    """What is only worth a warning."""
    doubts = []
    if "DOMAIN" in frame.columns:
        domain, expected = pl.col("DOMAIN"), table.upper()
        says = _says("DOMAIN", f"not {shown(expected)}")
        doubts.append(Rule(domain != expected, ("DOMAIN",), says))
    if table == "dm" and "USUBJID" in frame.columns:
        subject = pl.col("USUBJID")
        says = _says("USUBJID", "which begins or ends with a blank; it is read as it stands")
        doubts.append(Rule(subject != subject.str.strip_chars(), ("USUBJID",), says))
    return doubts


def after(frame: pl.DataFrame, cut: date) -> list[Problem]:
    """A warning for each column of dates that go on after the data cut."""
    rules = [
        Rule(
            dates.first_day(pl.col(column)) > cut, (column,), _says(column, f"after the cut {cut}")
        )
        for column in frame.columns
        if is_date(column)
    ]
    return [problem for rows in breaches(frame, rules) for problem in once(rows)]
