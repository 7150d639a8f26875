"""Before and after: the two values of each subject, joined by a line, and the means of groups."""

from collections.abc import Iterator

import polars as pl

from pilotage.conditions import columns, names_in
from pilotage.report import formats
from pilotage.report.context import Context
from pilotage.report.figures.changes import finder, first_p
from pilotage.report.figures.finish import finished
from pilotage.report.figures.history import source_of
from pilotage.report.figures.paired_panels import Group, Pair, Panel, draw_panels
from pilotage.report.lookup import Found, value_of
from pilotage.report.model import Cell, Column, Figure, Row
from pilotage.report.notes import Notes
from pilotage.report.sentence_numbers import in_sentence
from pilotage.study.sap import ChangeAnalysis, Output

APART = " / "
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def before_and_after(output: Output, context: Context) -> Figure:
    """A panel for each parameter of the output's change analyses, in it a group for each of its
    analyses (named by `groups`, else by its label): subjects with both values, mean and standard
    error at both ends, and the first P value. The first panel of each unit has a letter."""
    notes = context.notes(output)
    panels = list(_panels(output, context, notes))
    change = _change_head(context, _changes(output, context))
    _tell_changes(context, notes, panels, change)
    drawn = [panel for panel in panels if any(group.pairs for group in panel.groups)]
    if drawn:
        notes.add(context.words("paired_lines"))
        if any(panel.limits for panel in drawn):
            notes.add(context.words("dotted_limits"))
    heads = ("n", "before_mean", "after_mean")
    return finished(
        output,
        context,
        svg=draw_panels(drawn, context, output.id),
        words="; ".join(_in_words(context, panel) for panel in drawn),
        columns=[
            Column(""), *(Column(context.words(head), "number") for head in heads),
            Column(change, "number"), Column("P", "number"),
        ],
        rows=[row for panel in drawn for row in _rows(context, panel)],
        notes=notes,
    )  # fmt: skip


def _changes(output: Output, context: Context) -> list[ChangeAnalysis]:
    found = [context.analysis(name) for name in output.analyses]
    return [analysis for analysis in found if isinstance(analysis, ChangeAnalysis)]


def _change_head(context: Context, analyses: list[ChangeAnalysis]) -> str:
    """What the column is called; without the level of the interval where the analyses differ."""
    levels = {analysis.level for analysis in analyses}
    if len(levels) == 1:
        return context.words("mean_change", level=formats.level(levels.pop()))
    return context.words("mean_change_any")


def _tell_changes(context: Context, notes: Notes, panels: list[Panel], head: str) -> None:
    """One footnote with the mean change of every group, and one with the test whose P values stand
    in the drawing."""
    rows = [row for panel in panels for group in panel.groups for row in _change_rows(group)]
    if panels:
        named = {tuple(group.name for group in panel.groups) for panel in panels}
        alike = named.pop() if len(named) == 1 and len(panels) > 1 else ()
        told = "; ".join(_changes_of(context, panel, named=not alike) for panel in panels)
        groups = APART.join(in_sentence(name, start=False) for name in alike)
        whole = f"{head}, {groups}: {told}" if alike else f"{head}: {told}"
        notes.add(whole, tuple(row.id for row in rows if row is not None))
    tested = [group.p for panel in panels for group in panel.groups if group.p is not None]
    if tested:
        methods = [(p.method or "").split("; ") for p in tested]
        shared = [part for part in methods[0] if all(part in other for other in methods)]
        notes.add(f"P: {'; '.join(shared)}", tuple(p.id for p in tested))


def _changes_of(context: Context, panel: Panel, *, named: bool) -> str:
    """'complement C3: with antibodies −0.004 (−0.108 to 0.100), without 0.002 (…)'; without the
    names of the groups 'complement C3 −0.004 (−0.108 to 0.100) / 0.002 (…)'."""

    def told(group: Group) -> str:
        mean = _change_rows(group)[0]
        text = _change(group, panel.digits)
        if mean is None or mean.value is None:
            reason = mean.reason if mean else None
            text = f"{formats.NONE} ({reason or context.words('no_result')})"
        return f"{in_sentence(group.name, start=False)} {text}" if named else text

    own = in_sentence(panel.name, start=False)
    if named:
        return f"{own}: {', '.join(map(told, panel.groups))}"
    return f"{own} {APART.join(map(told, panel.groups))}"


def _change_rows(group: Group) -> list[Found | None]:
    return [group.found[key] for key in ("mean_change", "mean_change_low", "mean_change_high")]


def _change(group: Group, digits: int) -> str:
    numbers = [value_of(row) for row in _change_rows(group)]
    return formats.with_bounds(*numbers, digits=digits + 1, bounds=digits + 1)


def _panels(output: Output, context: Context, notes: Notes) -> Iterator[Panel]:
    names = [context.text(label) for label in output.groups]
    by_parameter: dict[str, list[ChangeAnalysis]] = {}
    for analysis in _changes(output, context):
        by_parameter.setdefault(analysis.parameter, []).append(analysis)
        population = context.population_head(analysis.populations[0])
        notes.add(context.words("shown_in", population=population))
    units = {code: context.study.protocol.parameters[code].unit for code in by_parameter}
    letters = dict(zip(dict.fromkeys(units.values()), LETTERS, strict=False))
    for code, analyses in by_parameter.items():
        parameter = context.study.protocol.parameters[code]
        groups = []
        for place, analysis in enumerate(analyses):
            own = names[place] if place < len(names) else context.text(analysis.label)
            groups.append(_group(context, analysis, own))
        yield Panel(
            letters.pop(parameter.unit, ""),
            context.text(parameter.label),
            parameter.unit,
            context.places(analyses[0].dataset, "AVAL", code),
            tuple(groups),
            _limits(context, analyses[0], code),
        )


def _group(context: Context, analysis: ChangeAnalysis, name: str) -> Group:
    find = finder(context, analysis)
    tested = first_p(context, analysis)
    return Group(
        name,
        tuple(_pairs(context, analysis)),
        {key: find(key) for key in (
            "n", "mean_baseline", "sem_baseline", "mean_visit", "sem_visit", "mean_change",
            "mean_change_low", "mean_change_high",
        )},
        tested[0] if tested else None,
        tested[1] if tested else "",
    )  # fmt: skip


def _pairs(context: Context, analysis: ChangeAnalysis) -> Iterator[Pair]:
    """The subjects that the analysis compares: of its first population, chosen by its conditions,
    with a baseline and a value of the chosen record."""
    adsl = context.datasets.adsl
    subjects = adsl.filter(pl.col(analysis.populations[0]) == "Y")
    if analysis.among is not None:
        subjects = subjects.filter(columns(analysis.among).fill_null(False))
    frame = context.datasets.named()[analysis.dataset.lower()]
    rows = frame.filter(
        (pl.col("PARAMCD") == analysis.parameter)
        & pl.col("AVAL").is_not_null()
        & pl.col("BASE").is_not_null()
    )
    if analysis.record is not None:
        rows = rows.filter(pl.col(analysis.record) == "Y")
    else:
        rows = rows.filter((pl.col("ANL01FL") == "Y") & (pl.col("AVISITN") == analysis.week))
    if analysis.where is not None:
        more = [n for n in names_in(analysis.where) if n not in rows.columns and n in adsl.columns]
        rows = rows.join(adsl.select("USUBJID", *more), on="USUBJID", how="left")
        rows = rows.filter(columns(analysis.where).fill_null(False))
    rows = rows.join(subjects.select("USUBJID"), on="USUBJID", how="semi").sort("USUBJID", "ASEQ")
    for row in rows.iter_rows(named=True):
        yield Pair(row["USUBJID"], row["BASE"], row["AVAL"], source_of(analysis.dataset, row))


def _limits(context: Context, analysis: ChangeAnalysis, code: str) -> tuple[float, ...]:
    """The limits of normal, where all values have the same."""
    if analysis.dataset != "ADLB":
        return ()
    rows = context.datasets.adlb.filter(pl.col("PARAMCD") == code)
    found = [rows[name].drop_nulls().unique().to_list() for name in ("ANRLO", "ANRHI")]
    return tuple(values[0] for values in found if len(values) == 1)


# -- words and numbers -----------------------------------------------------------------------------


def _in_words(context: Context, panel: Panel) -> str:
    words, digits = context.words, panel.digits + 1

    def told(group: Group) -> str:
        before, after = (value_of(group.found[key]) for key in ("mean_baseline", "mean_visit"))
        numbers = f"{formats.number(before, digits)} → {formats.number(after, digits)}"
        p = f", {group.shown_p}" if group.shown_p else ""
        return f"{group.name} ({formats.size(len(group.pairs))}) {numbers}{p}"

    mean = words("mean_before_after")
    return f"{panel.name}, {panel.unit}, {mean}: {'; '.join(map(told, panel.groups))}"


def _rows(context: Context, panel: Panel) -> Iterator[Row]:
    """A row for each group with its means, below it a row for each of its subjects."""
    yield Row((Cell(f"{panel.name}, {panel.unit}"),), heading=True)
    digits = panel.digits
    for group in panel.groups:
        found = group.found
        p = group.p
        shown = group.shown_p.removeprefix("P ").removeprefix("= ") or formats.NONE
        yield Row(
            (
                Cell(group.name),
                _cell(formats.count(value_of(found["n"])), found["n"]),
                _mean(group, "baseline", digits),
                _mean(group, "visit", digits),
                _cell(_change(group, digits), *_change_rows(group)),
                Cell(shown, (p.id,) if p else (), detail=(p.method or "") if p else ""),
            ),
            level=1,
        )
        for pair in group.pairs:
            values = (pair.before, pair.after, pair.after - pair.before)
            before, after, difference = (formats.number(value, digits) for value in values)
            cells = [Cell(text, source=pair.source) for text in (before, after, difference)]
            yield Row((Cell(pair.subject), Cell(""), *cells, Cell("")), level=2)


def _mean(group: Group, end: str, digits: int) -> Cell:
    mean, sem = group.found[f"mean_{end}"], group.found[f"sem_{end}"]
    text = formats.number(value_of(mean), digits + 1)
    if sem is not None and sem.value is not None:
        text += f" ({formats.number(sem.value, digits + 2)})"
    return _cell(text, mean, sem)


def _cell(text: str, *found: Found | None) -> Cell:
    return Cell(text, tuple(row.id for row in found if row is not None))
