"""ADRS: what an assessment counts as (response, flare), and the summary of each subject."""

from collections.abc import Mapping

import polars as pl

from pilotage.datasets.dose_before import dose_before
from pilotage.datasets.once import once_per_study
from pilotage.datasets.relapse import Responses, relapses, responses_and_relapses
from pilotage.datasets.response import against_previous, assessments, categories_of
from pilotage.datasets.small_plans import as_written
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
    categories = _categories(assessed, protocol, adqs["USUBJID"].dtype)
    treated = subjects.lazy().filter(pl.col("DOSED")).select("USUBJID")
    after = categories[KEPT].filter(categories["POST"])
    rows = [after, summaries(categories, treated, protocol)[KEPT]]
    if relapse is None or main is None:
        return pl.concat(rows, how="vertical_relaxed"), None
    own = categories.lazy().filter(pl.col("PARAMCD") == relapse.classification)
    found = responses_and_relapses(assessed[main, "baseline"], own, protocol)
    rows.append(relapses(found)[KEPT])
    return pl.concat(rows, how="vertical_relaxed"), found


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
    assessed: Mapping[tuple[str, str], pl.DataFrame], protocol: Protocol, subject: pl.DataType
) -> pl.DataFrame:
    """The assessments in their categories, one classification after the other."""
    if not protocol.classifications:
        return pl.DataFrame(schema={**NOTHING, "USUBJID": subject})
    parts = [
        categories_of(protocol)[code].of(assessed[each.parameter, each.against]).select(_ALL)
        for code, each in protocol.classifications.items()
    ]
    return pl.concat(parts).pipe(as_written).rechunk()


@once_per_study
def _asked(protocol: Protocol) -> pl.DataFrame:
    """The summaries of the study."""
    return pl.DataFrame(
        [
            (code, name, text_of(summary.label), summary.until_day)
            for code, classification in protocol.classifications.items()
            for name, summary in classification.summaries.items()
        ],
        schema={"PARAMCD": pl.String, "NAME": pl.String, "LABEL": pl.String, "UNTIL": pl.Int64},
        orient="row",
    )


_LAST_DAY = pl.duration(days=pl.col("UNTIL") - 1)
_NO_LIMIT = pl.col("UNTIL").is_null()
_IN_TIME = _NO_LIMIT | (pl.col("DATE_FIRST") <= pl.col("TRTSDT_MAX") + _LAST_DAY)
_TOO_LATE = (pl.col("DATE_LAST") > pl.col("TRTSDT_MIN") + _LAST_DAY) & ~_NO_LIMIT
_DOUBTFUL = _TOO_LATE | pl.col("POST").is_null()
_SURE = (~_DOUBTFUL).alias("SURE")
_MERIT = (2 * pl.col("AVAL") + _DOUBTFUL.fill_null(False).cast(pl.Float64)).alias("MERIT")
_BEST = pl.col("ROW", "SURE").get(pl.col("MERIT").arg_min())
"""The rows stand in the order of their dates: the first of the best is the earliest."""
_JUDGED = [
    *("USUBJID", "PARAMCD", "AVAL", "DATE_FIRST", "DATE_LAST"),
    *("TRTSDT_MIN", "TRTSDT_MAX", "POST"),
]


def summaries(categories: pl.DataFrame, treated: pl.LazyFrame, protocol: Protocol) -> pl.DataFrame:
    """For each summary of the study one row per treated subject: the category with the best rank
    among the assessments with a category (those on or before its `until_day`), at the first date on
    which it was reached. AVALC is missing where there is none, and where the best one may lie after
    that day, or before treatment. Needs the categories in the order of their dates."""
    asked = _asked(protocol)
    best = (
        categories[_JUDGED]
        .lazy()
        .with_row_index("ROW")
        .filter(pl.col("AVAL").is_not_null())
        .join(asked[["PARAMCD", "NAME", "UNTIL"]].lazy(), on="PARAMCD", maintain_order="left")
        .filter(_IN_TIME)
        .select("USUBJID", "NAME", "ROW", _MERIT, _SURE)
        .group_by("USUBJID", "NAME")
        .agg(_BEST)
        .filter("SURE")
    )
    found = (
        asked[["NAME", "LABEL"]]
        .lazy()
        .join(treated, how="cross")
        .join(best, on=["USUBJID", "NAME"], how="left", maintain_order="left")
        .pipe(as_written)
    )
    whose = [found["USUBJID"], found["NAME"].alias("PARAMCD"), found["LABEL"].alias("PARAM")]
    return categories[found["ROW"]].with_columns(whose)
