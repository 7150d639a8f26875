"""The totals of the assessments of all instruments at once, from their items.

The values of the items stand in one column, item by item, and so do the totals, score by score:
where a value belongs is counted, not searched for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

import polars as pl

from pilotage.datasets.questions import Scales, ScoreOf
from pilotage.datasets.small_plans import AS_WRITTEN, improved
from pilotage.instruments import Score
from pilotage.snapshot.dates import time_of_day

GROUP = ["USUBJID", "ASSESSED"]
"""One assessment: the rows of an instrument on one day; where an item occurs more than once on
the day, the rows with the same time."""


def totals_of(items: pl.DataFrame, scales: Scales) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The items with a date, each with the number of its assessment (ASSESSMENT), and one row for
    each score (QSTESTCD, its parameter) and assessment with items of it.

    Such a row has TOTAL, OPEN (the items that leave it missing), ITEMS and ITEMSEQ (their sequence
    numbers, the highest), ROW (of the last item), QSDTC and TIME, SRCLINE (the first line). Needs
    ITEM, SCALE (the number of the instrument), ILLEGAL.
    """
    if items["QSDTC"].null_count():
        items = items.filter(pl.col("QSDTC").is_not_null())
    dated, assessments = _by_assessment(_assessed(_by_sequence(items)))
    sheets = _sheets(dated, assessments["SCALE"], scales)
    rows = _rows_of_scores(dated, scales)
    whose = assessments[GROUP][rows["ASSESSMENT"]]
    totals = rows.hstack([_totals(rows, sheets, scales), *whose, *scales.names[rows["SCORE"]]])
    return dated, _with_open_items(totals, sheets, scales)


def _by_sequence(items: pl.DataFrame) -> pl.DataFrame:
    """The rows of each subject in the order of their sequence numbers, as most stand already."""
    who, number = pl.col("USUBJID"), pl.col("SEQ")
    follows = (number > number.shift()) | (who != who.shift())
    if items.select(follows.all()).item():
        return items
    return items.sort("USUBJID", "SEQ")


def _assessed(items: pl.DataFrame) -> pl.DataFrame:
    """Add ASSESSED, the day of the assessment, or its day and time where the day has several; and
    TIME, the time of the row."""
    if (items["QSDTC"].str.len_bytes() <= 10).all():
        none = pl.lit(None, dtype=pl.String)
        return items.with_columns(ASSESSED="QSDTC", TIME=none)
    day = pl.col("QSDTC").str.slice(0, 10)
    repeated = pl.len().over("USUBJID", day, "ITEM") > 1
    several = repeated.any().over("USUBJID", day, "SCALE")
    return items.with_columns(
        ASSESSED=pl.when(several).then("QSDTC").otherwise(day), TIME=time_of_day(pl.col("QSDTC"))
    )


_KEY = ["SCALE", *GROUP]
_RUN = pl.struct(_KEY).rle_id().alias("RUN")
_BEGINS = pl.col("RUN").ne_missing(pl.col("RUN").shift())


def _by_assessment(items: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The items with the number of their assessment, and the assessments, those of an instrument
    together. The items of one mostly stand together: it is looked up once for each such run."""
    runs = items.lazy().select(*_KEY, _RUN).pipe(improved)
    begun = runs.lazy().filter(_BEGINS).select(_KEY)
    numbered = (
        begun.unique(maintain_order=True)
        .sort("SCALE", maintain_order=True)
        .with_row_index("ASSESSMENT")
    )
    of_runs = begun.join(numbered, on=_KEY, how="left", maintain_order="left")
    assessments, found = pl.collect_all(
        [numbered, of_runs.select("ASSESSMENT")], engine="in-memory"
    )
    return items.hstack(found[runs["RUN"]]), assessments


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The assessments of an instrument: a row for each, a column for each item with whole numbers
    that it allows, null where it is open. `first` is the number of the first assessment."""

    first: int
    answers: pl.DataFrame


def _sheets(dated: pl.DataFrame, scale: pl.Series, scales: Scales) -> dict[str, _Sheet]:
    """By the names of the instruments. Of an item recorded twice the last row counts."""
    heights = [int((scale == number).sum()) for number in range(len(scales.instruments))]
    firsts = [0, *accumulate(heights)]
    of_items = [n for n, each in enumerate(scales.instruments) for _ in each.items]
    begins = [0, *accumulate(heights[number] for number in of_items)]
    # where the assessment number 0 of each item would stand in one column with all the answers
    zeros = [begin - firsts[n] for begin, n in zip(begins, of_items, strict=False)]
    placed = dated.select(
        PLACE=pl.lit(pl.Series(zeros, dtype=pl.Int64)).gather("ITEM") + pl.col("ASSESSMENT"),
        ANSWER=pl.when(~pl.col("ILLEGAL")).then(pl.col("AVAL").cast(pl.Int64)),
    )
    none = pl.Series([None], dtype=pl.Int64).new_from_index(0, begins[-1])
    answers, places = none.scatter(placed["PLACE"], placed["ANSWER"]), iter(begins)
    return {
        instrument.name: _Sheet(
            first,
            pl.DataFrame(
                answers.slice(next(places), height).alias(item.code) for item in instrument.items
            ),
        )
        for instrument, first, height in zip(scales.instruments, firsts, heights, strict=False)
    }


_OF_ITEMS = [
    pl.col("SCORE", "ASSESSMENT").first(),
    pl.col("ROW").last(),
    pl.col("QSDTC", "TIME").max(),
    pl.col("SRCLINE").min(),
    pl.col("SEQ").last().alias("ITEMSEQ"),
    pl.col("WRITTEN").alias("ITEMS"),
]


def _rows_of_scores(dated: pl.DataFrame, scales: Scales) -> pl.DataFrame:
    """What the rows of the items of each score (SCORE, its number) and assessment say besides their
    values."""
    return (
        dated.lazy()
        .select(
            *("ITEM", "ASSESSMENT", "ROW", "QSDTC", "TIME", "SRCLINE", "SEQ"),
            WRITTEN=pl.col("SEQ").cast(pl.String),
        )
        .join(scales.items_of_scores.lazy(), on="ITEM", maintain_order="left")
        .group_by(PAIR=pl.col("ASSESSMENT") * len(scales.scores) + pl.col("SCORE"))
        .agg(_OF_ITEMS)
        .with_columns(pl.col("ITEMS").list.join(" "))
        .pipe(improved)
        .rechunk()  # the latest dates come in parts, which Polars 2.1 does not put into words
    )


def _totals(rows: pl.DataFrame, sheets: Mapping[str, _Sheet], scales: Scales) -> pl.Series:
    """TOTAL of the rows of the scores."""
    plans = [
        sheets[each.instrument.name].answers.lazy().select(_total(each.score))
        for each in scales.scores
    ]
    found = pl.collect_all(plans, engine="in-memory", optimizations=AS_WRITTEN)
    columns = [total.to_series() for total in found]
    begins = [0, *accumulate(map(len, columns))]
    # where the assessment number 0 of each score would stand in one column with all the totals
    zeros = [
        begin - sheets[each.instrument.name].first
        for begin, each in zip(begins, scales.scores, strict=False)
    ]
    places = pl.Series(zeros, dtype=pl.Int64).gather(rows["SCORE"]) + rows["ASSESSMENT"]
    return pl.concat(columns)[places]


def _with_open_items(
    totals: pl.DataFrame, sheets: Mapping[str, _Sheet], scales: Scales
) -> pl.DataFrame:
    """Add OPEN, the items that leave a total missing, and drop what only the totals needed."""
    found = pl.Series("OPEN", [None], dtype=pl.String).new_from_index(0, totals.height)
    numbered = totals.select("SCORE", "ASSESSMENT", "TOTAL").with_row_index("PLACE")
    missing = numbered.filter(pl.col("TOTAL").is_null())
    for (score,), own in missing.group_by("SCORE"):
        each = scales.scores[score]
        sheet = sheets[each.instrument.name]
        answers = sheet.answers[own["ASSESSMENT"] - sheet.first]
        found = found.scatter(own["PLACE"], answers.select(_open_items(each)).to_series())
    return totals.drop("PAIR", "SCORE", "ASSESSMENT").with_columns(found)


@cache
def _total(score: Score) -> pl.Expr:
    of = {item: pl.col(item) for item in score.items}
    return score.columns(of).cast(pl.Float64).alias("TOTAL")


@cache
def _open_items(each: ScoreOf) -> pl.Expr:
    """The codes of the items that leave a score missing, as a text."""
    is_open = each.score.open_columns({item: pl.col(item) for item in each.score.items})
    named = [pl.when(missing).then(pl.lit(item)) for item, missing in is_open.items()]
    return pl.concat_list(named).list.drop_nulls().list.join(", ")
