"""Rows of QS that nearly belong to a score of the study, and numbers that disagree."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

import polars as pl

from pilotage.datasets.remarks import remark
from pilotage.instruments import Instrument
from pilotage.instruments.units import number_columns
from pilotage.study.protocol import Protocol

Name = tuple[str | None, str | None]
"""QSCAT and QSTESTCD of a row."""

SHOWN = 3


def unrecognised(
    qs: pl.DataFrame,
    names: Sequence[Name],
    instruments: Sequence[Instrument],
    protocol: Protocol,
    *,
    file: str,
) -> list[pl.LazyFrame]:
    """Warnings about rows that enter no total because of their name: a category that is nearly that
    of an instrument, items under another category, and codes that an instrument does not have. And
    about codes that are nearly a parameter of the study: they enter no analysis.

    One warning for each category or code, on the first of its lines.
    """
    parameters = {c for c, p in protocol.parameters.items() if p.domain == "QS"}
    categories = _categories(instruments, protocol)
    said = [
        *_near_categories(names, categories),
        *_items_elsewhere(names, instruments, categories),
        *_unknown_codes(names, instruments, parameters),
        *_near_parameters(names, instruments, parameters),
    ]
    if not said:
        return []
    keys = ["QSCAT", "QSTESTCD"]
    about = pl.LazyFrame(said, schema=[*keys, "WORDS"], orient="row").cast(
        {key: qs.schema[key] for key in keys}
    )
    first = (
        qs.lazy()
        .join(about, on=keys, nulls_equal=True)
        .group_by("WORDS")
        .agg(pl.col("SRCLINE").min(), USUBJID=pl.lit(None, pl.String))
    )
    return [remark(first, pl.col("WORDS"), file=file)]


def restated(
    qs: pl.DataFrame, instruments: Sequence[Instrument], protocol: Protocol, *, file: str
) -> list[pl.LazyFrame]:
    """A warning for each row of the study's scores and items whose QSSTRESN is another number than
    its QSORRES."""
    known = {c for c, p in protocol.parameters.items() if p.domain == "QS"}
    known |= {item.code for instrument in instruments for item in instrument.items}
    # a quick look first, for most data have none; what is a number is decided on what it finds
    suspects = qs.filter(pl.col("QSORRES").cast(pl.Float64, strict=False) != pl.col("QSSTRESN"))
    if suspects.is_empty():
        return []
    differs = number_columns("QSORRES") != pl.col("QSSTRESN")
    words = pl.format(
        "{} is '{}' in QSORRES and {} in QSSTRESN: QSSTRESN counts",
        "QSTESTCD",
        "QSORRES",
        number_text(pl.col("QSSTRESN")),
    )
    return [remark(suspects, words, when=differs & pl.col("QSTESTCD").is_in(known), file=file)]


def number_text(value: pl.Expr) -> pl.Expr:
    """A number in a message: 4, not 4.0."""
    whole = value == value.round(0)
    return (
        pl.when(whole)
        .then(value.cast(pl.Int64, strict=False).cast(pl.String))
        .otherwise(value.cast(pl.String))
    )


def _categories(instruments: Iterable[Instrument], protocol: Protocol) -> dict[str, str]:
    """The categories of the study, by their letters and digits alone."""
    known = [instrument.category for instrument in instruments]
    known += [p.category for p in protocol.parameters.values() if p.category]
    return {_folded(category): category for category in known}


def _near_categories(
    names: Iterable[Name], known: dict[str, str]
) -> Iterator[tuple[str | None, str | None, str]]:
    for category, code in names:
        if category is None or category in known.values():
            continue
        if nearest := _nearest(category, known):
            words = f"QSCAT {category!r} is not known; did you mean {nearest!r}?"
            yield category, code, f"{words} Items under it enter no total"


def _items_elsewhere(
    names: Iterable[Name], instruments: Sequence[Instrument], known: dict[str, str]
) -> Iterator[tuple[str | None, str | None, str]]:
    for instrument in instruments:
        items = {item.code for item in instrument.items}
        strange = [name for name in names if name[1] in items and name[0] != instrument.category]
        elsewhere: dict[str | None, list[str]] = {}
        for category, code in sorted(strange, key=str):
            near = category is not None and category not in known.values()
            if near and _nearest(str(category), known):
                continue
            elsewhere.setdefault(category, []).append(str(code))
        for category, codes in elsewhere.items():
            place = "stand without QSCAT" if category is None else f"stand under QSCAT {category!r}"
            words = f"items of {instrument.category} ({_listed(codes)}) {place}"
            for code in codes:
                yield category, code, f"{words}, not {instrument.category!r}: they enter no total"


def _unknown_codes(
    names: Iterable[Name], instruments: Sequence[Instrument], parameters: set[str]
) -> Iterator[tuple[str | None, str | None, str]]:
    items = {item.code for instrument in instruments for item in instrument.items}
    for instrument in instruments:
        category = instrument.category
        own = [item.code for item in instrument.items] + [s.code for s in instrument.scores]
        known = {*own, *parameters, *items, None}
        strange = [str(code) for where, code in names if where == category and code not in known]
        folded = {_folded(code): code for code in own} if strange else {}
        for code in strange:
            nearest = _nearest(code, folded)
            hint = f"; did you mean {nearest!r}?" if nearest else ""
            yield category, code, f"{category} has no item {code!r}{hint or ';'} it enters no total"


def _near_parameters(
    names: Iterable[Name], instruments: Sequence[Instrument], parameters: set[str]
) -> Iterator[tuple[str | None, str | None, str]]:
    """Codes of other questionnaires that differ little from a parameter, as Score does from SCORE;
    what stands under the category of an instrument has been looked at."""
    categories = {instrument.category for instrument in instruments}
    items = {item.code for instrument in instruments for item in instrument.items}
    known = {*parameters, *items, None}
    strange = [name for name in names if name[0] not in categories and name[1] not in known]
    folded = {_folded(code): code for code in parameters} if strange else {}
    for category, code in strange:
        if nearest := _nearest(str(code), folded):
            words = f"QSTESTCD {code!r} is no parameter of the study; did you mean {nearest!r}?"
            yield category, code, f"{words} It enters no analysis"


def _nearest(text: str, known: dict[str, str]) -> str | None:
    """The known name (by its letters and digits alone) that a text most likely means."""
    nearest = get_close_matches(_folded(text), known, n=1, cutoff=0.8)
    return known[nearest[0]] if nearest else None


def _folded(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _listed(codes: list[str]) -> str:
    more = len(codes) - SHOWN
    return ", ".join(codes[:SHOWN]) + (f" and {more} more" if more > 0 else "")
