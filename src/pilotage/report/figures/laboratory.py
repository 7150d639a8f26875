"""Laboratory values of every subject over time, on bands of toxicity grades."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import polars as pl

from pilotage.instruments.ctcae import TERMS
from pilotage.report import formats
from pilotage.report.context import Context
from pilotage.report.figures.finish import finished
from pilotage.report.figures.grades import bands
from pilotage.report.figures.history import headline_population, source_of, sources_of
from pilotage.report.figures.laboratory_panels import (
    NAMED_FROM,
    Course,
    Value,
    draw_courses,
)
from pilotage.report.model import Cell, Column, Figure, Row
from pilotage.report.notes import Notes
from pilotage.study.sap import Output


def laboratory_courses(output: Output, context: Context) -> Figure:
    """A panel for each parameter of the output that is graded: a line for each subject of the
    headline population, from baseline on; subjects with grade 2 or more are named."""
    notes = context.notes(output)
    population = context.population_head(headline_population(context))
    notes.add(context.words("shown_in", population=population))
    if "lb" not in context.datasets.collected:
        notes.add(context.words("not_collected").capitalize())
    courses = [course for code in output.parameters if (course := _course(output, context, code))]
    drawn = [course for course in courses if course.values]
    if drawn:
        _tell(context, output, notes)
    return finished(
        output,
        context,
        svg=draw_courses(drawn, context, output.id),
        words="; ".join(_in_words(context, course) for course in drawn),
        columns=[
            Column(context.words("worst_grade")),
            *(Column(context.words(h), "number") for h in ("subjects", "worst_value", "study_day")),
        ],
        rows=[row for course in drawn for row in _rows(context, course)],
        notes=notes,
    )  # fmt: skip


def _course(output: Output, context: Context, code: str) -> Course | None:
    protocol = context.study.protocol
    parameter = protocol.parameters.get(code)
    if parameter is None or parameter.grade is None or protocol.toxicity is None:
        return None
    rows = _values_of(output, context, code)
    term = TERMS[parameter.grade]
    low, high = (_most_frequent(rows, name) for name in ("ANRLO", "ANRHI"))
    made = bands(term.code, version=protocol.toxicity.version, lln=low, uln=high)
    values = tuple(_value(row) for row in rows.iter_rows(named=True))
    digits = context.places("ADLB", "AVAL", code)
    label = context.text(parameter.label)
    return Course(label, parameter.unit, digits, term.direction, values, tuple(made))


def _values_of(output: Output, context: Context, code: str) -> pl.DataFrame:
    flag = headline_population(context)
    everyone = context.datasets.adsl.filter(pl.col(flag) == "Y")["USUBJID"].to_list()
    rows = context.datasets.adlb.filter(
        (pl.col("PARAMCD") == code)
        & pl.col("USUBJID").is_in(everyone)
        & pl.col("AVAL").is_not_null()
        & ((pl.col("ABLFL") == "Y") | (pl.col("ADY") > 1)).fill_null(False)
    )
    if output.until_week is not None:
        rows = rows.filter(pl.col("ADY") <= output.until_week * 7 + 1)
    return rows.sort("USUBJID", "ADY", "ASEQ")


def _value(row: dict[str, Any]) -> Value:
    week = 0.0 if row["ABLFL"] == "Y" else (row["ADY"] - 1) / 7
    return Value(
        row["USUBJID"], row["ADY"], week, row["AVAL"], row["ATOXGR"], source_of("ADLB", row)
    )


def _most_frequent(rows: pl.DataFrame, limit: str) -> float | None:
    """The limit of normal that most values have, the lower one on a tie."""
    known = Counter(rows[limit].drop_nulls().to_list())
    return min(known, key=lambda value: (-known[value], value)) if known else None


def _tell(context: Context, output: Output, notes: Notes) -> None:
    words, toxicity = context.words, context.study.protocol.toxicity
    version = f"{toxicity.criteria} {toxicity.version}" if toxicity else ""
    notes.add(words("grade_bands", criteria=version))
    graded = context.datasets.adlb.filter(pl.col("PARAMCD").is_in(output.parameters))
    several = graded.group_by("PARAMCD").agg(pl.struct("ANRLO", "ANRHI").n_unique().alias("limits"))
    if several.filter(pl.col("limits") > 1).height:
        notes.add(words("limits_differ"))
    notes.add(words("grade_named", grade=formats.count(NAMED_FROM)))


def _in_words(context: Context, course: Course) -> str:
    words = context.words
    counts = Counter(worst.grade for worst in course.worst.values())
    parts = [
        f"{words('grade').lower()} {formats.count(grade)}: {formats.count(counts[grade])}"
        for grade in sorted(counts, key=lambda grade: grade or 0)
    ]
    named = [
        f"{worst.subject} {_told(context, course, worst)}"
        for worst in sorted(course.worst.values(), key=lambda worst: worst.subject)
        if (worst.grade or 0) >= NAMED_FROM
    ]
    told = ", ".join(parts) or words("no_values")
    worst = words("worst_grade").lower()
    return f"{course.name}, {worst}: {told}" + (f" ({', '.join(named)})" if named else "")


def _told(context: Context, course: Course, value: Value) -> str:
    day = context.words("on_day", day=formats.count(value.day))
    return f"{formats.number(value.value, course.digits)} ({day})"


def _rows(context: Context, course: Course) -> Iterator[Row]:
    """How many have which worst grade; from grade 1 on each subject with its worst value."""
    yield Row((Cell(f"{course.name}, {course.unit}"),), heading=True)
    graded = course.worst
    for grade in sorted({worst.grade or 0 for worst in graded.values()}):
        own = [graded[s] for s in sorted(graded) if (graded[s].grade or 0) == grade]
        name = f"{context.words('grade')} {formats.count(grade)}"
        count = Cell(formats.count(len(own)), source=sources_of(worst.source for worst in own))
        yield Row((Cell(name), count, Cell(), Cell()), level=1)
        for worst in own if grade else []:
            value = Cell(formats.number(worst.value, course.digits), source=worst.source)
            day = Cell(formats.count(worst.day), source=worst.source)
            yield Row((Cell(worst.subject), Cell(), value, day), level=2)
