"""ADRS: what an assessment counts as (response, flare), and the summary of each subject."""

from collections.abc import Mapping

import polars as pl

from pilotage.datasets.dose_before import dose_before
from pilotage.datasets.relapse import Responses, relapses, responses_and_relapses
from pilotage.datasets.response import against_previous, assessments, categories_of
from pilotage.datasets.small_plans import AS_WRITTEN
from pilotage.study.protocol import Protocol, text_of

NOTHING = {
    "USUBJID": pl.String,
    "PARAMCD": pl.String,
    "PARAM": pl.String,
    "AVALC": pl.String,
    "AVAL": pl.Float64,
    "ADT": pl.Date,
    "ADTF": pl.String,
    "ADY": pl.Int64,
    "AVISITN": pl.Int64,
    "AVISIT": pl.String,
    "ONTRTFL": pl.String,
    "CYCLE": pl.Int64,
    "SRCDOM": pl.String,
    "SRCSEQ": pl.Int64,
    "SRCITEMS": pl.String,
    "TIME": pl.String,
    "SEQ": pl.Int64,
    "DOSEBEF": pl.String,
    "DATE_FIRST": pl.Date,
    "DATE_LAST": pl.Date,
    "TRTSDT_MIN": pl.Date,
    "TRTSDT_MAX": pl.Date,
    "POST": pl.Boolean,
}
KEPT = list(NOTHING)[:-5]
_ALL = pl.col(list(NOTHING))


def responses(
    adqs: pl.DataFrame, subjects: pl.DataFrame, adex: pl.DataFrame, protocol: Protocol
) -> tuple[pl.DataFrame, Responses | None]:
    """Every classification of the study at every post-baseline assessment, its summaries with one
    row per treated subject, and one row per relapse. DOSEBEF, the dose on
    the day before, is that of the response and of relapses. Returns rows, and what they say of
    response and relapse, None for a study that has none."""
    relapse = protocol.relapse
    main = protocol.classifications[relapse.classification].parameter if relapse else None
    assessed = _assessed(adqs, adex, protocol, main)
    categories = _categories(assessed, protocol)
    treated = subjects.filter(subjects["DOSED"])["USUBJID"]
    rows = [_after_treatment(each) for each in categories.values()]
    rows += [each[KEPT] for each in summaries(categories, treated, protocol)]
    rows = rows or [pl.DataFrame(schema={**NOTHING, "USUBJID": treated.dtype})[KEPT]]
    if relapse is None or main is None:
        return pl.concat(rows, how="vertical_relaxed"), None
    own = categories[relapse.classification].lazy()
    found = responses_and_relapses(assessed[main, "baseline"], own, protocol)
    rows.append(relapses(found)[KEPT])
    return pl.concat(rows, how="vertical_relaxed"), found


def _after_treatment(categories: pl.DataFrame) -> pl.DataFrame:
    """The rows that surely lie after the first dose, as mostly all do."""
    post = categories["POST"]
    return categories[KEPT] if post.eq_missing(True).all() else categories[KEPT].filter(post)


def _assessed(
    adqs: pl.DataFrame, adex: pl.DataFrame, protocol: Protocol, main: str | None
) -> dict[tuple[str, str], pl.DataFrame]:
    """The assessments that are classified, by parameter and by what they are compared with. Those
    of the main parameter, whose relapse counts, have DOSEBEF."""
    wanted = {(each.parameter, each.against) for each in protocol.classifications.values()}
    found: dict[tuple[str, str], pl.DataFrame] = {}
    for parameter, rows in assessments(adqs, {parameter for parameter, _ in wanted}).items():
        doses = pl.Series("DOSEBEF", [None], dtype=pl.String).new_from_index(0, rows.height)
        if parameter == main:
            doses = dose_before(rows, adex, protocol)
        found[parameter, "baseline"] = rows.hstack([doses])
        if (parameter, "previous assessment") in wanted:
            found[parameter, "previous assessment"] = against_previous(found[parameter, "baseline"])
    return found


def _categories(
    assessed: Mapping[tuple[str, str], pl.DataFrame], protocol: Protocol
) -> dict[str, pl.DataFrame]:
    """The assessments in their categories, by the codes of the classifications."""
    plans = [
        categories_of(protocol)[code].of(assessed[each.parameter, each.against]).select(_ALL)
        for code, each in protocol.classifications.items()
    ]
    found = pl.collect_all(plans, engine="in-memory", optimizations=AS_WRITTEN) if plans else []
    return dict(zip(protocol.classifications, found, strict=True))


_JUDGED = ["AVAL", "DATE_FIRST", "DATE_LAST", "TRTSDT_MIN", "TRTSDT_MAX", "POST"]
_MOST_ROWS = 2**32


def summaries(
    categories: Mapping[str, pl.DataFrame], treated: pl.Series, protocol: Protocol
) -> list[pl.DataFrame]:
    """For each summary of the study one row per treated subject: the category with the best rank
    among the assessments with a category (those on or before its `until_day`), at the first date on
    which it was reached. AVALC is missing where there is none, and where the best one may lie after
    that day, or before treatment. Needs the categories in the order of their dates."""
    asked = [
        (code, name, summary)
        for code, classification in protocol.classifications.items()
        for name, summary in classification.summaries.items()
    ]
    if not asked:
        return []
    plans = [_best(categories[code], summary.until_day) for code, _, summary in asked]
    best = pl.collect_all(plans, engine="in-memory", optimizations=AS_WRITTEN)
    return [
        categories[code][_of_each(treated, own)].with_columns(
            treated, pl.lit(name).alias("PARAMCD"), pl.lit(text_of(summary.label)).alias("PARAM")
        )
        for (code, name, summary), own in zip(asked, best, strict=True)
    ]


def _best(categories: pl.DataFrame, until: int | None) -> pl.LazyFrame:
    """SUBJECT (the number) and ROW of the best assessment of each subject, where it is sure.

    One number says it all: the least of a subject is the best rank, and of the rows with it the
    surer and then the earlier one; the number of the row is part of it and, in the last place, 1
    for a row that is not sure.
    """
    # the rows of a subject stand together, in the order of the subjects: Polars need not search
    who = categories["USUBJID"].to_physical().alias("SUBJECT")
    who = who.set_sorted() if who.is_sorted() else who
    rows = categories[_JUDGED].hstack([who]).lazy().with_row_index("ROW")
    rows = rows.filter(pl.col("AVAL").is_not_null())
    doubtful = pl.col("POST").is_null()
    if until is not None:
        last_day = pl.duration(days=until - 1)
        rows = rows.filter(pl.col("DATE_FIRST") <= pl.col("TRTSDT_MAX") + last_day)
        doubtful |= pl.col("DATE_LAST") > pl.col("TRTSDT_MIN") + last_day
    merit = 2 * pl.col("AVAL").cast(pl.Int64) + doubtful.fill_null(False).cast(pl.Int64)
    place = merit * _MOST_ROWS + pl.col("ROW").cast(pl.Int64)
    least = (2 * place + doubtful.fill_null(True).cast(pl.Int64)).alias("LEAST")
    best = rows.select("SUBJECT", least).group_by("SUBJECT").agg(pl.col("LEAST").min())
    row = (pl.col("LEAST") // 2 % _MOST_ROWS).cast(pl.UInt32)
    return best.filter(pl.col("LEAST") % 2 == 0).select("SUBJECT", ROW=row)


def _of_each(treated: pl.Series, best: pl.DataFrame) -> pl.Series:
    """The ROW of each treated subject, null where it has none."""
    who = treated.to_physical()
    highest = pl.concat([who, best["SUBJECT"]]).max()
    places = 1 + highest if isinstance(highest, int) else 0
    rows = pl.Series("ROW", [None], dtype=pl.UInt32).new_from_index(0, places)
    return (rows.scatter(best["SUBJECT"], best["ROW"]) if best.height else rows)[who]
