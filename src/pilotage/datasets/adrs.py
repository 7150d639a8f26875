"""ADRS: what an assessment counts as (response, flare), and the summary of each subject."""

import polars as pl

from pilotage.datasets.dose_before import with_dose_before
from pilotage.datasets.relapse import Responses, relapses, responses_and_relapses
from pilotage.datasets.response import assessments, classified
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
}
KEPT = list(NOTHING)[:-4]


def responses(
    adqs: pl.DataFrame, subjects: pl.DataFrame, adex: pl.DataFrame, protocol: Protocol
) -> tuple[pl.DataFrame, Responses | None]:
    """Every classification of the study at every post-baseline assessment, its summaries with one
    row per treated subject, and one row per relapse, in the order of PARAMCD. DOSEBEF, the dose on
    the day before, is that of the response and of relapses. Returns rows, and what they say of
    response and relapse, None for a study that has none."""
    found: Responses | None = None
    parts: dict[str, pl.DataFrame] = {}
    of_parameter = {
        parameter: assessments(adqs, parameter)
        for parameter in {each.parameter for each in protocol.classifications.values()}
    }
    for code, classification in protocol.classifications.items():
        assessed = of_parameter[classification.parameter]
        if protocol.relapse and protocol.relapse.classification == code:
            assessed = with_dose_before(assessed, adex, protocol)
            parts[code] = classified(assessed, code, classification).select(list(NOTHING))
            found = responses_and_relapses(
                assessed, parts[code], classification.parameter, protocol.relapse
            )
        else:
            no_dose = assessed.with_columns(DOSEBEF=pl.lit(None, dtype=pl.String))
            parts[code] = classified(no_dose, code, classification).select(list(NOTHING))
    nothing = pl.DataFrame(schema={**NOTHING, "USUBJID": adqs.schema["USUBJID"]})
    categories = pl.concat([nothing, *parts.values()])
    treated = subjects.filter(pl.col("DOSED")).select("USUBJID")
    best = summaries(categories, treated, protocol)
    parts |= {
        str(name[0]): rows for name, rows in best.partition_by("PARAMCD", as_dict=True).items()
    }
    if found is not None:
        parts["RELAPSE"] = relapses(found)
    ordered = [nothing.select(KEPT), *(parts[name].select(KEPT) for name in sorted(parts))]
    return pl.concat(ordered, how="vertical_relaxed"), found


def summaries(categories: pl.DataFrame, treated: pl.DataFrame, protocol: Protocol) -> pl.DataFrame:
    """For each summary of the study one row per treated subject: the category with the best rank
    among the assessments with a category (those on or before its `until_day`), at the first date on
    which it was reached. AVALC is missing where there is none, and where the best one may lie after
    that day. Needs the categories in the order of their dates."""
    asked = pl.DataFrame(
        [
            (code, name, text_of(summary.label), summary.until_day)
            for code, classification in protocol.classifications.items()
            for name, summary in classification.summaries.items()
        ],
        schema={"PARAMCD": pl.String, "NAME": pl.String, "LABEL": pl.String, "UNTIL": pl.Int64},
        orient="row",
    )
    last_day = pl.duration(days=pl.col("UNTIL") - 1)
    no_limit = pl.col("UNTIL").is_null()
    doubtful = (pl.col("DATE_LAST") > pl.col("TRTSDT_MIN") + last_day) & ~no_limit
    # the rows stand in the order of their dates: the first of the best is the earliest
    merit = 2 * pl.col("AVAL") + doubtful.fill_null(False).cast(pl.Float64)
    chosen = (
        categories.lazy()
        .with_row_index("ROW")
        .filter(pl.col("AVAL").is_not_null())
        .join(asked.lazy().drop("LABEL"), on="PARAMCD", maintain_order="left")
        .filter(no_limit | (pl.col("DATE_FIRST") <= pl.col("TRTSDT_MAX") + last_day))
        .select("USUBJID", "NAME", "ROW", MERIT=merit, SURE=~doubtful)
        .group_by("USUBJID", "NAME", maintain_order=True)
        .agg(pl.col("ROW", "SURE").get(pl.col("MERIT").arg_min()))
        .filter("SURE")
        .collect(engine="in-memory")
    )
    best = categories[chosen["ROW"]].with_columns(chosen["NAME"]).drop("PARAMCD", "PARAM")
    return (
        asked.select("NAME", "LABEL")
        .join(treated, how="cross")
        .join(best, on=["USUBJID", "NAME"], how="left", maintain_order="left")
        .rename({"NAME": "PARAMCD", "LABEL": "PARAM"})
    )
