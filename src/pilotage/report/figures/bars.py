"""Waterfall: the best change of each subject, from the worst to the best, with its response."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

import polars as pl

from pilotage.conditions import Comparison, Condition, Literal, Logical, Name, Not
from pilotage.report import formats
from pilotage.report.context import Context
from pilotage.report.figures.finish import finished
from pilotage.report.figures.history import headline_population, response_of, source_of
from pilotage.report.figures.key import Sample, draw_key, key_height
from pilotage.report.figures.lettering import ending, height, lines, width
from pilotage.report.figures.sheet import GRID, INK, SOFT, WIDTH, Sheet, drawing
from pilotage.report.glyphs import drawable
from pilotage.report.model import Cell, Column, Figure, Row
from pilotage.study.sap import Output

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEFT, RIGHT, PLOT = 0.62, 0.5, 2.6
SIZES = (7.0, 6.5, 6.0)
"""Points of the names below the bars: the largest in which they stand upright."""

NAME = 1.1
"""Inches that the name of a subject may take below its bar."""

LOOKS: tuple[dict[str, Any], ...] = (
    {"facecolor": "#134e7d", "edgecolor": "white"},
    {"facecolor": "#5f9fc9", "edgecolor": "white"},
    {"facecolor": "#e9c46a", "edgecolor": "white", "hatch": "////"},
    {"facecolor": "#d1480b", "edgecolor": "white", "hatch": "xxxx"},
)
"""The bars by category of response, the best first: colour and pattern."""

ALONE = LOOKS[1]
"""Every bar, where the study has no best response by which they could be told apart."""

OTHER: dict[str, Any] = {"facecolor": "#b5b5b5", "edgecolor": "white"}


@dataclass(frozen=True, slots=True)
class Bar:
    """The best change of a subject, in per cent of its baseline, and its best response."""

    subject: str
    change: float
    category: str | None
    source: str
    response_source: str


def waterfall(output: Output, context: Context) -> Figure:
    """The best change from baseline of the output's parameter after the first dose, a bar for each
    subject of the headline population; `best` says whether the lowest or the highest is best.
    Subjects without one are named below."""
    notes = context.notes(output)
    parameter = output.parameters[0] if output.parameters else ""
    bars, without = _bars(output, context, parameter)
    population = context.population_head(headline_population(context))
    notes.add(context.words("shown_in", population=population))
    if without:
        notes.add(context.words("not_drawn", subjects=", ".join(without)))
    if _summary(context) is None:
        notes.add(context.words("no_best_response"))
    for value in _thresholds(context, parameter):
        notes.add(context.words("threshold", value=f"{formats.plain(value)} %"))
    head = context.words("best_change", name=_label(context, parameter))
    return finished(
        output,
        context,
        svg=_svg(output, context, bars, head, _thresholds(context, parameter)),
        words=_in_words(context, bars, head) if bars else "",
        columns=[
            Column(context.words("subject")),
            Column(f"{head}, %", "number"),
            *(Column(title) for title in _title(context)),
        ],
        rows=[_row(context, bar) for bar in bars],
        notes=notes,
    )  # fmt: skip


def _bars(output: Output, context: Context, parameter: str) -> tuple[list[Bar], list[str]]:
    """The bars from the worst change to the best, and the subjects that have none."""
    flag = headline_population(context)
    everyone = context.datasets.adsl.filter(pl.col(flag) == "Y")["USUBJID"].to_list()
    lowest = output.best == "lowest"
    rows = (
        pl.concat([_measured(context.datasets.adqs), _measured(context.datasets.adlb)])
        .filter((pl.col("PARAMCD") == parameter) & (pl.col("ADY") > 1))
        .filter(pl.col("PCHG").is_not_null() & pl.col("USUBJID").is_in(everyone))
        .sort("PCHG", "ADY", "ASEQ", descending=[not lowest, False, False])
        .unique("USUBJID", keep="first", maintain_order=True)
    )
    responses = _responses(context)
    bars = [
        Bar(row["USUBJID"], row["PCHG"], *_first(responses, row["USUBJID"], row["DATASET"], row))
        for row in rows.sort("PCHG", "USUBJID", descending=[lowest, False]).iter_rows(named=True)
    ]
    drawn = {bar.subject for bar in bars}
    return bars, [subject for subject in everyone if subject not in drawn]


def _measured(frame: pl.DataFrame) -> pl.DataFrame:
    dataset = "ADQS" if "QSTESTCD" in frame.columns else "ADLB"
    wanted = pl.col("USUBJID", "PARAMCD").cast(pl.String)
    return frame.select(wanted, "ASEQ", "ADY", "PCHG", DATASET=pl.lit(dataset))


def _responses(context: Context) -> dict[str, tuple[str | None, str]]:
    """The best response of each subject over all assessments, and its row; of nobody where the
    study has no such summary."""
    code = _summary(context)
    if code is None:
        return {}
    rows = context.datasets.adrs.filter(pl.col("PARAMCD") == code).iter_rows(named=True)
    return {row["USUBJID"]: (row["AVALC"], source_of("ADRS", row)) for row in rows}


def _first(
    responses: Mapping[str, tuple[str | None, str]], subject: str, dataset: str, row: dict[str, Any]
) -> tuple[str | None, str, str]:
    category, source = responses.get(subject, (None, ""))
    return category, source_of(dataset, row), source


def _summary(context: Context) -> str | None:
    """The first summary of the classification of response without a last day."""
    found = response_of(context)
    summaries = found[1].summaries if found else {}
    return next((name for name, each in summaries.items() if each.until_day is None), None)


def _title(context: Context) -> list[str]:
    """What the best response is called; nothing where there is none."""
    found, code = response_of(context), _summary(context)
    return [context.text(found[1].summaries[code].label)] if found and code else []


def _label(context: Context, parameter: str) -> str:
    known = context.study.protocol.parameters.get(parameter)
    return context.text(known.label) if known else parameter


def _thresholds(context: Context, parameter: str) -> list[float]:
    """The changes in per cent that the definition of response compares with."""
    found = response_of(context)
    parts = [category.when for category in found[1].categories] if found else []
    values = (value for part in parts for value in _compared(part, f"{parameter}.PCHG"))
    return sorted({value for value in values if value})


def _compared(condition: Condition, name: str) -> list[float]:
    """The numbers that a condition compares a name with."""
    match condition:
        case Comparison(left=Name(own), right=Literal(float(value))) if own == name:
            return [value]
        case Comparison(left=Literal(float(value)), right=Name(own)) if own == name:
            return [value]
        case Logical():
            return [value for part in condition.parts for value in _compared(part, name)]
        case Not():
            return _compared(condition.part, name)
    return []


def _samples(context: Context, bars: list[Bar]) -> list[Sample]:
    """The categories of response that occur, in the order of the study."""
    if _summary(context) is None:
        return []
    looks, codes = _looks(context), context.codes("AVALC", _summary(context))
    used = codes.ordered({bar.category for bar in bars if bar.category})
    made = [Sample("box", codes.heading(code), looks.get(code, OTHER)) for code in used]
    if any(bar.category is None for bar in bars):
        made.append(Sample("box", codes.not_known, OTHER))
    return made


def _looks(context: Context) -> dict[str, dict[str, Any]]:
    """How bars look by category; under no name how all look where there are no categories."""
    found = response_of(context)
    if found is None or _summary(context) is None:
        return {"": ALONE}
    codes = [category.code for category in found[1].categories]
    return dict(zip(codes, LOOKS, strict=False))


def _svg(
    output: Output, context: Context, bars: list[Bar], head: str, thresholds: list[float]
) -> str:
    samples = _samples(context, bars)
    above = key_height(samples, WIDTH - LEFT) + 0.14
    label = lines(f"{head}, %", PLOT)
    left = LEFT + height() * (len(label) - 1)
    across = WIDTH - left - RIGHT
    slot = across / max(len(bars), 1)
    size = next((s for s in SIZES if _fit(bars, slot, s)), None)
    turned = size is None
    tall = min(max((width(bar.subject, SIZES[0]) for bar in bars), default=0.2), NAME)
    below = (tall if turned else 0.12) + 0.14
    with drawing(output.id):
        sheet = Sheet(above + PLOT + below, context.stamp)
        draw_key(sheet, samples, left, 0.03, WIDTH - left - 0.05)
        axes = sheet.axes(left, above, across, PLOT)
        axes.set_ylabel(drawable("\n".join(label)))
        axes.grid(axis="y", color=GRID, linewidth=0.6)
        axes.set_xlim(-0.5, max(len(bars), 1) - 0.5)
        _draw(axes, bars, _looks(context), thresholds if bars else [], room=slot)
        for value in thresholds if bars else []:
            axes.axhline(value, color="white", linewidth=1.8, zorder=3)
            axes.axhline(value, color=INK, linewidth=0.9, linestyle=(0, (4, 3)), zorder=3)
            y = above + PLOT * (1 - (value - axes.get_ylim()[0]) / _span(axes))
            sheet.text(left + across + 0.06, y, f"{formats.plain(value)} %", size=7)
        _name_bars(sheet, bars, left, above + PLOT + 0.08, size=size, slot=slot)
        if not bars:
            axes.text(0.5, 0.5, context.words("no_values"), transform=axes.transAxes, ha="center")
            axes.set_yticks([])
        return sheet.svg()


def _span(axes: "Axes") -> float:
    low, high = axes.get_ylim()
    return float(high - low)


def _draw(
    axes: "Axes",
    bars: list[Bar],
    looks: Mapping[str, dict[str, Any]],
    thresholds: list[float],
    *,
    room: float,
) -> None:
    axes.axhline(0, color=SOFT, linewidth=0.8)
    axes.spines["bottom"].set_visible(False)
    axes.set_xticks([])
    values = [bar.change for bar in bars]
    low, high = min([0.0, *values, *thresholds]), max([0.0, *values, *thresholds])
    spare = 0.08 * ((high - low) or 1.0)
    axes.set_ylim(low - spare if low < 0 else 0.0, high + spare)
    for place, bar in enumerate(bars):
        look = looks.get(bar.category or "", OTHER)
        axes.bar(place, bar.change, 0.78, linewidth=0.3, zorder=2, **look)
        told = formats.count(bar.change)
        if width(told, 6.5) < room:
            up = bar.change >= 0
            axes.annotate(
                told, (place, bar.change), xytext=(0, 2 if up else -2), size=6.5, color=INK,
                textcoords="offset points", ha="center", va="bottom" if up else "top",
            )  # fmt: skip


def _fit(bars: list[Bar], slot: float, size: float) -> bool:
    """Do the names of so many points stand upright beside each other?"""
    return all(width(bar.subject, size) < slot - 0.03 for bar in bars)


def _name_bars(
    sheet: Sheet, bars: list[Bar], left: float, y: float, *, size: float | None, slot: float
) -> None:
    """Names below the bars in the size in which they do not touch, turned where there is none;
    every second, third… where bars are thinner than a line of text."""
    turned = size is None
    every = max(1, ceil(0.11 / slot)) if turned else 1
    for place, bar in list(enumerate(bars))[::every]:
        x = left + slot * (place + 0.5)
        name = ending(bar.subject, NAME, size or SIZES[0])
        how = {"rotation": 90, "va": "top"} if turned else {"va": "top"}
        sheet.text(x, y, name, size=size or SIZES[0], ha="center", **how)


def _in_words(context: Context, bars: list[Bar], head: str) -> str:
    codes = context.codes("AVALC", _summary(context))
    parts = [
        f"{bar.subject} {formats.number(bar.change, 1)} %"
        + (f" ({codes.label(bar.category)})" if bar.category else "")
        for bar in bars
    ]
    return f"{head}: {', '.join(parts)}"


def _row(context: Context, bar: Bar) -> Row:
    code = _summary(context)
    cells = [Cell(bar.subject), Cell(formats.number(bar.change, 1), source=bar.source)]
    if code is not None:
        label = context.codes("AVALC", code).label(bar.category)
        cells.append(Cell(label, source=bar.response_source))
    return Row(tuple(cells))
