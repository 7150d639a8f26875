"""The datasets of the made-up snapshots as a good user of Polars would derive them by hand: lazy
frames with the subjects' names as keys, for one study only, with no word about what is odd.

It may take for granted what the made-up data are (all dates complete, only totals in QS, no AE, no
DS), where Pilotage must look. What was tuned, with the clock: what is asked twice is collected
once, the in-memory engine (the streaming one took twice as long), windows by branches in place of a
join, one sort less, flags by the number of the row, the nearest record as the least of one number.
"""

from collections.abc import Mapping
from datetime import date

import polars as pl
from peers.derive_responses_by_hand import categories, responses, times
from peers.derived_columns import (
    ASEQ,
    DAYS_PER_MONTH,
    ENGINE,
    FIRST_DAYS,
    LAST_DAYS,
    NO_TEXT,
    NOT_COLLECTED,
    OF_ADEX,
    OF_ADLB,
    OF_ADQS,
    OF_ADSL,
    PER_DAY,
    QUESTIONS,
    STEPS,
    SUBJECT,
    TESTS,
    WEEKS,
    YES,
)


def derive_by_hand(tables: Mapping[str, pl.DataFrame], cut: date) -> dict[str, pl.DataFrame]:
    dm, ex, qs, lb = (tables[name].lazy() for name in ("dm", "ex", "qs", "lb"))
    doses = dosed(ex, cut).collect(engine=ENGINE).lazy()
    treated, cycles = together(treatment(doses), cycles_of(doses))
    adqs, adlb = together(questionnaires(qs, treated, cycles), laboratory(lb, treated, cycles))
    judged = together(*categories(adqs, doses))
    plans = {
        "adsl": subjects(dm, treated, cycles, adqs, [ex, qs, lb], cut),
        "adqs": adqs.select(OF_ADQS),
        "adrs": responses(judged, treated),
        "adtte": times(judged[0], treated, cycles, doses),
        "adlb": adlb.select(OF_ADLB),
        "adex": exposure(doses, treated),
    }
    return dict(zip(plans, pl.collect_all(list(plans.values()), engine=ENGINE), strict=True))


def together(*plans: pl.LazyFrame) -> list[pl.LazyFrame]:
    """Carried out here, once, for what is asked of their rows later."""
    return [frame.lazy() for frame in pl.collect_all(list(plans), engine=ENGINE)]


def day(column: str) -> pl.Expr:
    return pl.col(column).str.to_date("%Y-%m-%d")


def study_day(column: str) -> pl.Expr:
    elapsed = (pl.col(column) - pl.col("TRTSDT")).dt.total_days()
    return elapsed + (elapsed >= 0).cast(pl.Int64)


def dosed(ex: pl.LazyFrame, cut: date) -> pl.LazyFrame:
    """The doses with their days and cycles: a new one after more than 14 days without drug."""
    last = pl.col("AENDT").cum_max().shift().over(SUBJECT)
    gap = (pl.col("ASTDT") - last).dt.total_days() - 1
    return (
        ex.with_columns(
            ASTDT=day("EXSTDTC"),
            AENDT=day("EXENDTC").fill_null(cut),
            ONGOING=pl.col("EXENDTC").is_null(),
        )
        .sort(SUBJECT, "ASTDT", "EXSEQ")
        .with_columns(CYCLE=(gap > 14).fill_null(True).cast(pl.Int64).cum_sum().over(SUBJECT))
    )


def treatment(doses: pl.LazyFrame) -> pl.LazyFrame:
    return doses.filter(pl.col("EXDOSE") > 0).group_by(SUBJECT).agg(
        TRTSDT=pl.col("ASTDT").min(),
        TRTEDT=pl.col("AENDT").max(),
        ONGOING=pl.col("ONGOING").any(),
        COURSEEND=pl.col("AENDT").filter(pl.col("CYCLE") == 1).max(),
    )  # fmt: skip


def cycles_of(doses: pl.LazyFrame) -> pl.LazyFrame:
    return (
        doses.filter(pl.col("EXDOSE") > 0)
        .group_by(SUBJECT, "CYCLE")
        .agg(
            CYCSTDT=pl.col("ASTDT").min(),
            CYCENDT=pl.col("AENDT").max(),
            ENDED=~pl.col("ONGOING").any(),
        )
    )


def exposure(doses: pl.LazyFrame, treated: pl.LazyFrame) -> pl.LazyFrame:
    return (
        doses.join(treated.select(SUBJECT, "TRTSDT"), on=SUBJECT, how="left")
        .with_columns(
            DOSESTEP=pl.col("EXDOSFRQ").replace_strict(STEPS),
            PARAMCD=pl.lit("MDD"),
            PARAM=pl.lit("Mean daily dose"),
            AVAL=pl.col("EXDOSE") * pl.col("EXDOSFRQ").replace_strict(PER_DAY),
            AVALU=pl.lit("mg"),
            ADURN=(pl.col("AENDT") - pl.col("ASTDT")).dt.total_days() + 1,
            ONGOFL=pl.when("ONGOING").then(YES).otherwise(pl.lit("N")),
            SRCDOM=pl.lit("EX"),
            SRCSEQ=pl.col("EXSEQ"),
            ASTDY=study_day("ASTDT"),
            AENDY=study_day("AENDT"),
        )
        .sort(SUBJECT, "EXSTDTC", "EXSEQ")
        .with_columns(ASEQ)
        .select(OF_ADEX)
    )


def week_of_visit() -> pl.Expr:
    """The week of the window in which ADY lies; those after week 48 go on every 12 weeks."""
    week = pl.when(pl.col("ADY") <= 1).then(0)
    for first, last, number in zip(FIRST_DAYS, LAST_DAYS, WEEKS, strict=True):
        week = week.when(pl.col("ADY").is_between(first, last)).then(number)
    first = 1 + 7 * (WEEKS[-1] + 12) - 41
    later = WEEKS[-1] + 12 * ((pl.col("ADY") - first) // 84 + 1)
    return week.otherwise(later).cast(pl.Int64).alias("AVISITN")


def placed(
    rows: pl.LazyFrame, domain: str, treated: pl.LazyFrame, cycles: pl.LazyFrame
) -> pl.LazyFrame:
    """The rows of QS or LB, which have PARAMCD and AVAL, with days, visit, cycle, baseline, change
    and flags. They are numbered, so that flags are joined by a number."""
    seq, series = f"{domain}SEQ", [SUBJECT, "PARAMCD"]
    periods = cycles.select(SUBJECT, "CYCLE", "CYCSTDT", "CYCENDT").sort("CYCSTDT")
    dated = (
        rows.with_columns(ADT=day(f"{domain}DTC"))
        .join(treated.select(SUBJECT, "TRTSDT", "COURSEEND"), on=SUBJECT, how="left")
        .with_columns(ADY=study_day("ADT"))
        .with_columns(week_of_visit())
        .sort("ADT")
        .join_asof(periods, left_on="ADT", right_on="CYCSTDT", by=SUBJECT)
        .sort(*series, "ADT", seq)
        .with_row_index("ROW")
        .collect(engine=ENGINE)
        .lazy()
    )
    known = dated.filter(pl.col("AVAL").is_not_null())
    apart = pl.col("ADY") - (1 + 7 * pl.col("AVISITN"))
    nearness = 2 * apart.abs() + (apart < 0).cast(pl.Int64)
    nearest = (
        known.filter(pl.col("AVISITN") > 0)
        .select(*series, "AVISITN", LEAST=nearness * 2**32 - pl.col("ROW").cast(pl.Int64))
        .group_by(*series, "AVISITN")
        .agg(pl.col("LEAST").min())
        .select(ROW=(-pl.col("LEAST") % 2**32).cast(pl.UInt32), NEAREST=True)
    )
    after = (
        known.filter(pl.col("ADY") > 1, pl.col("ADT") <= pl.col("COURSEEND") + pl.duration(days=28))
        .group_by(series)
        .agg(pl.col("ROW").last())
        .select("ROW", AFTER=True)
    )
    before = (pl.col("ADY") <= 1) & pl.col("AVAL").is_not_null()
    change = pl.col("AVAL") - pl.col("BASE")
    is_baseline = pl.col("ROW") == pl.col("BASEROW")
    avisit = pl.when(pl.col("AVISITN") == 0).then(pl.lit("Baseline"))
    return (
        dated.with_columns(
            BASE=pl.col("AVAL").filter(before).last().over(series),
            BASEROW=pl.col("ROW").filter(before).last().over(series),
        )
        .join(nearest, on="ROW", how="left", maintain_order="left")
        .join(after, on="ROW", how="left", maintain_order="left")
        .with_columns(
            ASEQ,
            ABLFL=pl.when(is_baseline).then(YES),
            CHG=change,
            PCHG=pl.when(pl.col("BASE") != 0).then(100 * change / pl.col("BASE")),
            ANL01FL=pl.when(pl.col("NEAREST") | (is_baseline & (pl.col("AVISITN") == 0))).then(YES),
            ANL02FL=pl.when("AFTER").then(YES),
            AVISIT=avisit.otherwise(pl.format("Week {}", "AVISITN")),
            ONTRTFL=pl.when(pl.col("ADT") <= pl.col("CYCENDT")).then(YES).otherwise(pl.lit("N")),
            ADTF=NO_TEXT,
            SRCSEQ=pl.col(seq),
            SRCDOM=pl.lit(domain),
        )
    )


def questionnaires(qs: pl.LazyFrame, treated: pl.LazyFrame, cycles: pl.LazyFrame) -> pl.LazyFrame:
    code = pl.col("QSTESTCD")
    rows = qs.with_columns(
        PARAMCD=code,
        PARCAT1=pl.col("QSCAT"),
        PARAM=code.replace_strict({test: said[0] for test, said in QUESTIONS.items()}),
        AVALU=code.replace_strict({test: said[1] for test, said in QUESTIONS.items()}),
        AVAL=pl.coalesce("QSSTRESN", pl.col("QSORRES").cast(pl.Float64, strict=False)),
        SRCITEMS=NO_TEXT,
    )
    return placed(rows, "QS", treated, cycles)


def laboratory(lb: pl.LazyFrame, treated: pl.LazyFrame, cycles: pl.LazyFrame) -> pl.LazyFrame:
    code = pl.col("LBTESTCD")
    rows = lb.with_columns(
        PARAMCD=code,
        PARAM=code.replace_strict(TESTS),
        AVAL=pl.col("LBORRES").cast(pl.Float64, strict=False),
        ANRLO=pl.col("LBORNRLO").cast(pl.Float64, strict=False),
        ANRHI=pl.col("LBORNRHI").cast(pl.Float64, strict=False),
        AVALU=pl.col("LBORRESU"),
    )
    grade = graded(pl.col("AVAL"), pl.col("ANRLO"), pl.col("PARAMCD"))
    rows = rows.with_columns(ATOXGR=grade).with_columns(ATOXHI=pl.col("ATOXGR"))
    return placed(rows, "LB", treated, cycles)


def graded(value: pl.Expr, lower: pl.Expr, code: pl.Expr) -> pl.Expr:
    """Neutrophils and platelets by CTC 3.0."""
    neutrophils, platelets = _grade(value, lower, 0.5, 1.0, 1.5), _grade(value, lower, 25, 50, 75)
    return pl.when(code == "NEUT").then(neutrophils).otherwise(platelets)


def _grade(value: pl.Expr, lower: pl.Expr, *bounds: float) -> pl.Expr:
    fourth, third, second = (value < bound for bound in bounds)
    words = pl.when(fourth).then(4).when(third).then(3).when(second).then(2)
    return words.when(value < lower).then(1).otherwise(0).cast(pl.Int64)


def subjects(
    dm: pl.LazyFrame,
    treated: pl.LazyFrame,
    cycles: pl.LazyFrame,
    adqs: pl.LazyFrame,
    tables: list[pl.LazyFrame],
    cut: date,
) -> pl.LazyFrame:
    dates = [
        *[(dm, "RFICDTC"), (tables[0], "EXSTDTC"), (tables[0], "EXENDTC")],
        *[(tables[1], "QSDTC"), (tables[2], "LBDTC")],
    ]
    contacts = pl.concat(
        [
            table.group_by(SUBJECT).agg(LSTCNTDT=pl.col(column).max())
            for table, column in dates
        ]
    ).group_by(SUBJECT).agg(pl.col("LSTCNTDT").max().str.to_date("%Y-%m-%d"))  # fmt: skip
    length = (pl.col("CYCENDT") - pl.col("CYCSTDT")).dt.total_days() + 1
    counted = cycles.group_by(SUBJECT).agg(
        NCYCLES=pl.col("CYCLE").max(),
        CYC1DAYS=length.filter(pl.col("CYCLE") == 1).first(),
        TRTDURD=length.sum(),
    )
    baselines = (
        adqs.filter(pl.col("ABLFL") == "Y")
        .group_by(SUBJECT)
        .agg(
            pl.col("BASE").filter(pl.col("PARAMCD") == code).first().alias(name)
            for code, name in (
                ("CLASIACT", "CLASIABL"),
                ("CLASIDAM", "CLASIDBL"),
                ("SLEDAI", "SLEDAIBL"),
            )
        )
    )
    followed = (pl.col("LSTCNTDT") - pl.col("TRTSDT")).dt.total_days() + 1
    joined = dm
    for other in (treated, counted, contacts, baselines):
        joined = joined.join(other, on=SUBJECT, how="left")
    flag = pl.when(pl.col("CYC1DAYS") >= 28).then(YES).otherwise(pl.lit("N"))
    return (
        joined.with_columns(
            RFICDT=day("RFICDTC"),
            DCSREAS=NO_TEXT,
            DCSREASP=NO_TEXT,
            DCSDT=pl.lit(None, dtype=pl.Date),
            TRTONGFL=pl.when("ONGOING").then(YES).otherwise(pl.lit("N")),
            FUPDURD=followed,
            FUPDURM=followed / DAYS_PER_MONTH,
            TRTDURM=pl.col("TRTDURD") / DAYS_PER_MONTH,
            DATACUT=pl.lit(cut),
            SRCDOM=pl.lit("DM"),
            SRCSEQ=pl.lit(None, dtype=pl.Int64),
            SCRNFL=YES,
            ENRLFL=YES,
            SAFFL=pl.when(pl.col("TRTSDT").is_not_null()).then(YES).otherwise(pl.lit("N")),
            EVALFL=flag,
            DSDNABL=pl.lit(None, dtype=pl.Float64),
            BSABL=pl.lit(None, dtype=pl.Float64),
            **dict.fromkeys(NOT_COLLECTED, NO_TEXT),
        )
        .sort(SUBJECT)
        .with_columns(ASEQ)
        .select(OF_ADSL)
    )
