"""Body maps: where on the body an instrument found what, before treatment and after it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from pilotage.instruments import instruments
from pilotage.instruments.instrument import Instrument, Item
from pilotage.report import formats
from pilotage.report.context import Context
from pilotage.report.figures.body_panels import SubjectMap, View, draw_maps
from pilotage.report.figures.finish import finished
from pilotage.report.figures.history import source_of
from pilotage.report.model import Cell, Column, Figure, Row
from pilotage.study.sap import BodyMap, Output, ShownSubject

NEAR = 21
"""Days from the wanted one within which an assessment can stand for it."""


def body_maps(output: Output, context: Context) -> Figure:
    """The subjects that the output names, each with the body before the first dose and at the
    assessment nearest to the wanted week; the output's parameters below. A subject who did not
    consent to publication is named and not shown; an invented one needs no consent, but a recorded
    refusal counts."""
    notes = context.notes(output)
    plan = output.body_map
    assert plan is not None, "the loader asks for body_map"
    instrument = instruments[plan.instrument]
    items = {item.region: item for item in instrument.items
             if item.group == plan.group and item.region is not None}  # fmt: skip
    maps = [_map(output, context, plan, items, shown) for shown in plan.subjects]
    notes.add(context.words("body_worst", group=plan.group))
    if context.datasets.synthetic:
        notes.add(context.words("body_synthetic"))
    notes.add(instrument.citation)
    drawn = [made for made in maps if made.views]
    columns = (
        Column(context.words("region")), Column(context.words("before"), "number"),
        Column(context.words("after"), "number"),
    )  # fmt: skip
    return finished(
        output,
        context,
        svg=draw_maps(maps, instrument, items, context, output.id),
        words="; ".join(_in_words(context, made, instrument) for made in maps),
        columns=columns,
        rows=[row for made in drawn for row in _rows(context, made, instrument)],
        notes=notes,
    )


# -- the subjects ----------------------------------------------------------------------------------


def _map(
    output: Output,
    context: Context,
    plan: BodyMap,
    items: Mapping[str, Item],
    shown: ShownSubject,
) -> SubjectMap:
    subject, problem = _subject(context, shown.subject)
    refused = "" if problem else _refusal(context, plan, subject)
    if problem or refused:
        return SubjectMap(subject or str(shown.subject), (), problem or refused)
    before = _view(output, context, items, subject, None)
    after = _view(output, context, items, subject, shown.week)
    if before is None or after is None:
        return SubjectMap(subject, (), context.words("no_assessment"))
    return SubjectMap(subject, (before, after), "")


def _subject(context: Context, named: str | int) -> tuple[str, str]:
    """USUBJID of the subject that is named, by itself or by the number at its end; else why not."""
    known = context.datasets.adsl["USUBJID"].cast(pl.String).to_list()
    if str(named) in known:
        return str(named), ""
    numbers = [(each, re.search(r"(\d+)$", each)) for each in known]
    ends = [each for each, end in numbers if end and str(named).isdecimal()
            and int(end[1]) == int(named)]  # fmt: skip
    if len(ends) == 1:
        return ends[0], ""
    return "", context.words("subject_unclear" if ends else "subject_absent")


def _refusal(context: Context, plan: BodyMap, subject: str) -> str:
    """Why the subject may not be shown; empty with consent."""
    if plan.consent is None:
        return "" if context.datasets.synthetic else context.words("no_consent")
    adsl = context.datasets.adsl.filter(pl.col("USUBJID") == subject)
    consent = adsl[plan.consent][0] if plan.consent in adsl.columns else None
    if consent == "Y" or (consent is None and context.datasets.synthetic):
        return ""
    return context.words("no_consent")


def _view(
    output: Output, context: Context, items: Mapping[str, Item], subject: str, week: int | None
) -> View | None:
    """The body at baseline (no week), or at the assessment nearest to day 1 + 7 weeks."""
    rows = context.datasets.adqs.filter(pl.col("USUBJID") == subject)
    codes = [item.code for item in items.values()]
    own = rows.filter(pl.col("PARAMCD").cast(pl.String).is_in(codes))
    if week is None:
        chosen = own.filter(pl.col("ABLFL") == "Y")
        totals = rows.filter(pl.col("ABLFL") == "Y")
        title = context.words("baseline")
    else:
        day = _nearest(own, 1 + 7 * week)
        if day is None:
            return None
        chosen, totals = own.filter(pl.col("ADY") == day), rows.filter(pl.col("ADY") == day)
        elapsed = formats.weeks((day - 1) / 7)
        title = context.words("week_and_day", week=elapsed, day=formats.count(day))
    if chosen.is_empty():
        return None
    found = {row["PARAMCD"]: row for row in chosen.sort("ASEQ").iter_rows(named=True)}
    cells = {
        region: (found[item.code]["AVAL"], source_of("ADQS", found[item.code]))
        for region, item in items.items()
        if item.code in found
    }
    return View(
        title,
        {region: value for region, (value, _) in cells.items()},
        {region: source for region, (_, source) in cells.items()},
        tuple(_totals(output, context, totals)),
    )


def _nearest(rows: pl.DataFrame, wanted: int) -> int | None:
    """The study day after the first dose nearest to the wanted one, the later on a tie."""
    days = [day for day in rows["ADY"].drop_nulls().unique().to_list() if day > 1]
    near = [day for day in days if abs(day - wanted) <= NEAR]
    return min(near, key=lambda day: (abs(day - wanted), -day), default=None)


def _totals(output: Output, context: Context, rows: pl.DataFrame) -> Iterator[tuple[str, str, str]]:
    """Label, value and source of each parameter of the output."""
    for code in output.parameters:
        parameter = context.study.protocol.parameters.get(code)
        found = rows.filter((pl.col("PARAMCD") == code) & pl.col("AVAL").is_not_null())
        if parameter is None or found.is_empty():
            continue
        row: dict[str, Any] = next(found.iter_rows(named=True))
        digits = context.places("ADQS", "AVAL", code)
        value = formats.number(row["AVAL"], digits)
        yield context.text(parameter.label), value, source_of("ADQS", row)


# -- words and numbers -----------------------------------------------------------------------------


def _in_words(context: Context, made: SubjectMap, instrument: Instrument) -> str:
    if not made.views:
        return f"{made.subject}: {made.problem}"
    labels = {region.code: region.label for region in instrument.regions}
    told = []
    for view in made.views:
        marked = [f"{labels[region]} {formats.plain(value)}"
                  for region, value in view.values.items() if value]  # fmt: skip
        totals = [f"{label} {value}" for label, value, _ in view.totals]
        nothing = context.words("nothing_found")
        told.append(f"{view.title}: {', '.join([*totals, *(marked or [nothing])])}")
    return f"{made.subject}, {'; '.join(told)}"


def _rows(context: Context, made: SubjectMap, instrument: Instrument) -> Iterator[Row]:
    before, after = made.views
    yield Row((Cell(f"{made.subject}: {after.title}"),), heading=True)
    for region in instrument.regions:
        if region.code in before.values or region.code in after.values:
            cells = [_cell(view, region.code) for view in made.views]
            yield Row((Cell(region.label), *cells), level=1)
    for (label, value, source), (_, then, source_then) in zip(
        before.totals, after.totals, strict=False
    ):
        yield Row(
            (Cell(label), Cell(value, source=source), Cell(then, source=source_then)), level=1
        )


def _cell(view: View, region: str) -> Cell:
    value = view.values.get(region)
    shown = formats.NONE if value is None else formats.plain(value)
    return Cell(shown, source=view.sources.get(region, ""))
