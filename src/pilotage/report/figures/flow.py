"""The flow of subjects: screened, enrolled, treated, followed, analysed, and who left where."""

from dataclasses import dataclass

import polars as pl

from pilotage.report import formats
from pilotage.report.context import Context
from pilotage.report.figures.finish import finished
from pilotage.report.figures.history import COMPLETED, source_of, sources_of
from pilotage.report.figures.lettering import lines
from pilotage.report.figures.sheet import INK, SOFT, WIDTH, Sheet, drawing
from pilotage.report.model import Cell, Column, Figure, Row
from pilotage.study.sap import Output

SCREEN_FAILURE = "SCREEN FAILURE"

MAIN, ASIDE, BETWEEN = 3.3, 2.75, 0.24
"""Inches: width of the boxes of those who go on, of those who leave; space between two boxes."""

PADDING, LINE = 0.09, 0.15


@dataclass(frozen=True, slots=True)
class Count:
    """A line of a box: what is counted, how many (None for a head of its details alone), and where
    that comes from: the rows of ADSL that are counted, or ADSL where there are none."""

    label: str
    n: int | None
    source: str
    details: tuple["Count", ...] = ()

    @property
    def text(self) -> str:
        return self.label if self.n is None else f"{self.label} ({formats.size(self.n)})"


@dataclass(frozen=True, slots=True)
class Stage:
    """A box of those who go on, and a box of those who leave after it."""

    on: Count
    leave: Count | None = None


def flow(output: Output, context: Context) -> Figure:
    """The subjects of ADSL from screening to analysis. A stage that the study does not know has no
    box; nobody is counted twice among those who leave."""
    stages = _stages(context)
    notes = context.notes(output)
    return finished(
        output,
        context,
        svg=_svg(output, context, stages),
        words="; ".join(_in_words(stage) for stage in stages),
        columns=[Column(context.words("stage")), Column(context.words("subjects"), "number")],
        rows=[row for stage in stages for row in _rows(stage)],
        notes=notes,
    )


def _stages(context: Context) -> list[Stage]:
    words, adsl = context.words, context.datasets.adsl
    inside = context.enrolled()
    entered, failed = adsl.filter(inside), adsl.filter(~inside)
    treated = entered.filter(pl.col("TRTSDT").is_not_null())
    never = entered.filter(pl.col("TRTSDT").is_null())
    early = treated.filter(pl.col("DCSREAS").is_not_null() & (pl.col("DCSREAS") != COMPLETED))
    stages = []
    if failed.height or _planned(context):
        left_out = _count(words("not_enrolled"), failed, _failures(context, failed))
        stages.append(Stage(_count(words("screened"), adsl), left_out))
    untreated = _count(words("not_treated"), never, _reasons(context, never))
    stages.append(Stage(_count(words("enrolled"), entered), untreated))
    left = _count(words("left_early"), early, _reasons(context, early))
    stages.append(Stage(_count(words("treated"), treated), left))
    stages.append(Stage(_stayed(context, treated)))
    analysed = tuple(
        _count(context.population_name(name), adsl.filter(pl.col(name) == "Y"))
        for name, population in context.study.sap.populations.items()
        if population.rule in ("treated", "first cycle lasts")
    )
    if analysed:
        stages.append(Stage(Count(words("analysed"), None, "", analysed)))
    return stages


def _planned(context: Context) -> bool:
    """Does the plan tell those enrolled from those screened, also where these are the same?"""
    return any(each.rule == "enrolled" for each in context.study.sap.populations.values())


def _count(label: str, subjects: pl.DataFrame, details: tuple[Count, ...] = ()) -> Count:
    rows = subjects.select("USUBJID", "ASEQ").iter_rows(named=True)
    source = sources_of(source_of("ADSL", row) for row in rows)
    return Count(label, subjects.height, source or "ADSL", details)


def _reasons(context: Context, subjects: pl.DataFrame) -> tuple[Count, ...]:
    """How many for each reason, the most frequent first; nothing where there is one word only that
    says no more than the box."""
    codes = context.codes("DCSREAS")
    reasons = set(subjects["DCSREAS"])
    if reasons <= {SCREEN_FAILURE}:
        return ()
    counts = [
        _count(codes.label(reason), subjects.filter(pl.col("DCSREAS").eq_missing(pl.lit(reason))))
        for reason in reasons
    ]
    return tuple(sorted(counts, key=lambda count: (-(count.n or 0), count.label)))


def _failures(context: Context, failed: pl.DataFrame) -> tuple[Count, ...]:
    """How many failed screening for each reason in words, the most frequent first; the disposition
    alone, and words that only repeat it, say no more than the box."""
    repeats = pl.col("DCSREASP").str.to_uppercase() == pl.col("DCSREAS")
    told = failed.with_columns(WORDS=pl.when(~repeats.fill_null(False)).then("DCSREASP"))
    if told["WORDS"].null_count() == told.height:
        return _reasons(context, failed)
    counts = [
        _count(
            context.words("no_reason") if reason is None else reason,
            told.filter(pl.col("WORDS").eq_missing(pl.lit(reason, dtype=pl.String))),
        )
        for reason in set(told["WORDS"])
    ]
    return tuple(sorted(counts, key=lambda count: (-(count.n or 0), count.label)))


def _stayed(context: Context, treated: pl.DataFrame) -> Count:
    """Those who did not leave early: completed, on treatment, or still in follow-up."""
    words = context.words
    stayed = treated.filter(pl.col("DCSREAS").is_null() | (pl.col("DCSREAS") == COMPLETED))
    known, on = pl.col("DCSREAS").is_not_null(), pl.col("TRTONGFL").eq_missing(pl.lit("Y"))
    details = (
        _count(words("completed"), stayed.filter(known)),
        _count(words("still_treated"), stayed.filter(~known & on)),
        _count(words("still_followed"), stayed.filter(~known & ~on)),
    )
    return _count(words("stayed"), stayed, tuple(count for count in details if count.n))


# -- the drawing -----------------------------------------------------------------------------------


def _svg(output: Output, context: Context, stages: list[Stage]) -> str:
    with drawing(output.id):
        total = sum(_height(stage) for stage in stages) + BETWEEN * (len(stages) - 1)
        sheet = Sheet(total + 0.1, context.stamp)
        y = 0.05
        middle = 0.05 + MAIN / 2
        for place, stage in enumerate(stages):
            own, tall = _box_height(stage.on, MAIN), _height(stage)
            _box(sheet, stage.on, 0.05, y, MAIN)
            last = place == len(stages) - 1
            if stage.leave is not None:
                high = _box_height(stage.leave, ASIDE)
                top = y + own + BETWEEN / 2
                sheet.line([(middle, y + own), (middle, y + tall + BETWEEN)], color=SOFT)
                left = WIDTH - ASIDE - 0.05
                sheet.arrow((middle, top + high / 2), (left, top + high / 2))
                _box(sheet, stage.leave, left, top, ASIDE)
            if not last:
                sheet.arrow((middle, y + tall + BETWEEN - 0.12), (middle, y + tall + BETWEEN))
                sheet.line([(middle, y + own), (middle, y + tall + BETWEEN)], color=SOFT)
            y += tall + BETWEEN
        return sheet.svg()


def _height(stage: Stage) -> float:
    """Inches of a stage: its box, and beside the arrow below it the box of those who leave."""
    own = _box_height(stage.on, MAIN)
    if stage.leave is None:
        return own
    return own + BETWEEN / 2 + _box_height(stage.leave, ASIDE)


def _text_of(count: Count, wide: float) -> list[tuple[float, str, str]]:
    """The lines of a box: inches from its inner edge, text, weight."""
    room = wide - 2 * PADDING
    made = [(0.0, line, "bold") for line in lines(count.text, room * 0.92)]
    for detail in count.details:
        made += [(0.12, line, "normal") for line in lines(detail.text, room - 0.12)]
    return made


def _box_height(count: Count, wide: float) -> float:
    return LINE * len(_text_of(count, wide)) + 2 * PADDING


def _box(sheet: Sheet, count: Count, left: float, top: float, wide: float) -> None:
    how = {"facecolor": "white", "edgecolor": INK, "linewidth": 0.8, "zorder": 2}
    sheet.box(left, top, wide, _box_height(count, wide), **how)
    for place, (indent, text, weight) in enumerate(_text_of(count, wide)):
        y = top + PADDING + LINE * (place + 0.5)
        sheet.text(left + PADDING + indent, y, text, weight=weight)


# -- words and numbers -----------------------------------------------------------------------------


def _in_words(stage: Stage) -> str:
    counts = [stage.on] if stage.leave is None else [stage.on, stage.leave]
    return "; ".join(_told(count) for count in counts)


def _told(count: Count) -> str:
    details = ", ".join(f"{detail.label} {formats.count(detail.n)}" for detail in count.details)
    told = count.label if count.n is None else f"{count.label} {formats.count(count.n)}"
    return f"{told} ({details})" if details else told


def _rows(stage: Stage) -> list[Row]:
    rows = []
    for level, count in enumerate([stage.on] if stage.leave is None else [stage.on, stage.leave]):
        rows.append(_row(count, level))
        rows += [_row(detail, level + 1) for detail in count.details]
    return rows


def _row(count: Count, level: int) -> Row:
    n = "" if count.n is None else formats.count(count.n)
    return Row((Cell(count.label), Cell(n, source=count.source)), level=level)
