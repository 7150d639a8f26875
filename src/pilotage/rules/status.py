"""How a planned contact stands on a day."""

from datetime import date
from typing import Literal

import polars as pl

from pilotage.rules.anchors import PLANNED_START
from pilotage.rules.expected import Course
from pilotage.rules.kept import KEY

Status = Literal[
    "upcoming", "due", "overdue", "missed", "done", "done early", "done late", "unscheduled",
    "unknown",
]  # fmt: skip
MAY_NOT_APPLY = "whether it applies to the subject is not known"
VERSION_NOT_KEPT = "version {} of the protocol is not kept in the study folder"
LONG_AGO, LATEST = date(1900, 1, 1), date(2100, 12, 31)


def perhaps(planned: pl.DataFrame, made: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """N, CERTAIN, DATED: contacts that nothing else fulfils and that a day of an incomplete date
    does (CERTAIN) or may. DATED says what is known of that day.

    In a window a day belongs to its contact whatever its number. Beside a window it does where
    nothing says that it was out of plan, but for the side of a neighbour that has its number.
    """
    waiting = planned.join(made, on="N", how="anti").filter(pl.col("TARGET").is_not_null())
    numbers = planned.filter(pl.col("VISITNUM").is_not_null()).unique([*KEY, "VISITNUM"])
    named = days.select(*KEY, "FROM", "TO", "NUMBER", "LOOSE").join(
        numbers.select(*KEY, NUMBER="VISITNUM", FIRST_NAMED="FIRST", LAST_NAMED="LAST"),
        on=[*KEY, "NUMBER"], how="left",
    )  # fmt: skip
    both = named.join(
        waiting.select("N", *KEY, "VISITNUM", "FIRST", "LAST", "OPENS", "CLOSES", "AFTER_LAST",
                       "BEFORE_NEXT"),
        on=list(KEY),
    )  # fmt: skip
    other = (pl.col("NUMBER") != pl.col("VISITNUM")).fill_null(False)
    known_other = other & pl.col("FIRST_NAMED").is_not_null()
    out_of_plan = ~pl.col("LOOSE") & pl.col("FIRST_NAMED").is_null()
    not_before = out_of_plan | (known_other & (pl.col("LAST_NAMED") == pl.col("AFTER_LAST")))
    not_after = out_of_plan | (known_other & (pl.col("FIRST_NAMED") == pl.col("BEFORE_NEXT")))
    opens = pl.when(not_before.fill_null(False)).then("FIRST").otherwise("OPENS")
    closes = pl.when(not_after.fill_null(False)).then("LAST").otherwise("CLOSES")
    meets = (pl.col("FROM") <= closes.fill_null(LATEST)) & (
        pl.col("TO") >= opens.fill_null(LONG_AGO)
    )
    inside = (pl.col("FROM") >= pl.col("FIRST")) & (pl.col("TO") <= pl.col("LAST"))
    in_other = (pl.col("FROM") <= pl.col("LAST_NAMED")) & (pl.col("TO") >= pl.col("FIRST_NAMED"))
    elsewhere = known_other & in_other.fill_null(False)
    between = pl.format("{} to {}", "FROM", "TO")
    return (
        both.filter(meets.fill_null(True))
        .group_by("N")
        .agg(
            CERTAIN=(inside.fill_null(False) & ~elsewhere).any(),
            DATED=pl.coalesce(between, pl.lit("an unknown day")).min(),
        )
    )


def with_status(rows: pl.DataFrame, course: Course) -> pl.DataFrame:
    """Add STATUS, DAYSOFF, REMARK, SRCDOM to planned contacts with DONE, CERTAIN and DATED; leave
    out those that are not expected any more."""
    closes = pl.coalesce("LAST", "TARGET")
    open_then = (closes >= pl.col("OVER_TO")) | pl.col("TARGET").is_null()
    gone = pl.col("OVER_TO").is_not_null() & open_then.fill_null(True)
    made = pl.col("DONE").is_not_null() | pl.col("CERTAIN").fill_null(False)
    early = (pl.col("DONE") - pl.col("FIRST")).dt.total_days()
    late = (pl.col("DONE") - pl.col("LAST")).dt.total_days()
    off = pl.when(early < 0).then(early).when(late > 0).then(late)
    in_window = pl.when(pl.col("DONE").is_between("FIRST", "LAST")).then(0)
    nowhere = pl.col("FORMS").list.eval(pl.element().is_in(list(course.found.nowhere))).list.all()
    unrecorded = (pl.col("KIND") == "test") & nowhere
    kept = [ruling.kept for ruling in course.rulings]
    expected = rows.filter(made | ~gone)
    judged = expected.with_columns(
        DAYSOFF=pl.coalesce(off, in_window),
        MADE=made,
        UNRECORDED=unrecorded,
        UNKEPT=pl.lit(None, pl.String) if all(kept) else _version_not_kept(course),
        SRCDOM=pl.when(pl.col("SRCSEQ").is_not_null()).then(pl.lit("SV")),
    ).with_columns(STATUS=_status(course.at))
    judged = judged.with_columns(DAYSOFF=pl.when(pl.col("UNKEPT").is_null()).then("DAYSOFF"))
    return judged.with_columns(REMARK=_remark())


def _version_not_kept(course: Course) -> pl.Expr:
    """The id of the version that planned a contact, where the study does not keep it."""
    ids = {at: ruling.id for at, ruling in enumerate(course.rulings) if not ruling.kept}
    return pl.col("RULING").replace_strict(ids, default=None, return_dtype=pl.String)


def _status(at: date) -> pl.Expr:
    today, target = pl.lit(at), pl.col("TARGET")
    begins, closes = pl.coalesce("FIRST", "TARGET"), pl.coalesce("LAST", "TARGET")
    follows = (pl.col("BASIS") == PLANNED_START) & (pl.col("OFFSET") > 0)
    before_start = pl.col("BASIS") == PLANNED_START
    over = pl.col("OVER_FROM").is_not_null()
    # nobody missed what may not apply to them
    missed = pl.when(pl.col("APPLIES")).then(pl.lit("missed")).otherwise(pl.lit("unknown"))
    return (
        pl.when(target.is_null() | pl.col("UNKEPT").is_not_null()).then(pl.lit("unknown"))
        .when(pl.col("MADE"))
        .then(
            pl.when(pl.col("DAYSOFF") < 0).then(pl.lit("done early"))
            .when(pl.col("DAYSOFF") > 0).then(pl.lit("done late"))
            .otherwise(pl.lit("done"))
        )
        .when(follows | (today < begins)).then(pl.lit("upcoming"))
        .when(pl.col("UNRECORDED") | pl.col("DATED").is_not_null()).then(pl.lit("unknown"))
        .when(over & (closes < pl.col("OVER_FROM"))).then(missed)
        .when(over).then(pl.lit("unknown"))
        .when(today <= closes).then(pl.lit("due"))
        .when(~before_start & (today >= pl.col("NEXT"))).then(missed)
        .when(pl.col("LAST").is_null()).then(pl.lit("unknown"))
        .otherwise(pl.lit("overdue"))
    )  # fmt: skip


def _remark() -> pl.Expr:
    unknown = pl.col("STATUS") == "unknown"
    no_day = pl.when(pl.col("BASIS").is_null()).then(
        pl.lit("the day of the first dose is not known")
    )
    closes = pl.coalesce("LAST", "TARGET")
    said = [
        pl.when(unknown).then(pl.format(VERSION_NOT_KEPT, "UNKEPT")),
        pl.when(unknown & pl.col("TARGET").is_null()).then(no_day),
        pl.when(pl.col("CERTAIN") & pl.col("DONE").is_null()).then(
            pl.format("made on an incomplete date: {}", "DATED")
        ),
        pl.when(unknown & pl.col("UNRECORDED")).then(
            pl.lit("the snapshot has no place for this form")
        ),
        pl.when(unknown & pl.col("DATED").is_not_null()).then(
            pl.format("a date is not complete: {} may be this one", "DATED")
        ),
        pl.when(unknown & (closes >= pl.col("OVER_FROM"))).then(
            pl.lit("the day on which the subject left is not complete")
        ),
        pl.when(unknown & pl.col("LAST").is_null()).then(
            pl.lit("the protocol does not state its window")
        ),
        pl.when(pl.col("APPLIES").is_null()).then(pl.lit(MAY_NOT_APPLY)),
        pl.when(pl.col("BASIS") == PLANNED_START).then(pl.lit("counted from the planned start")),
    ]
    return pl.coalesce(said)
