"""The columns of tables with a row per subject, each with the rows of datasets behind its cells."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from pilotage.analysis.asked import not_asked
from pilotage.analysis.origin import column_not_collected, not_collected
from pilotage.analysis.proportion import answers_by_subject
from pilotage.analysis.select import Selection, Selector
from pilotage.conditions import columns as as_columns
from pilotage.datasets.course_facts import COURSE_FACTS, Fact, course_facts
from pilotage.datasets.dose_in_force import NO_DRUG
from pilotage.report import formats
from pilotage.report.codes import Codes
from pilotage.report.context import MONTHS, Context, most_places
from pilotage.report.model import Cell, Column
from pilotage.report.notes import Notes
from pilotage.report.words import CATALOGUE
from pilotage.study.sap import ProportionAnalysis

SHORT_CODE, SHORT_LABEL = 8, 16
"""Characters up to which a code stands in for a label that is longer than the second number."""


@dataclass(frozen=True, slots=True)
class SubjectColumn:
    """A column of the table: its name in the plan, its head, the cell of each subject that has
    one."""

    name: str
    head: Column
    cells: Mapping[str, Cell]


def of_adsl(context: Context, notes: Notes, frame: pl.DataFrame, name: str) -> SubjectColumn:
    """A column of ADSL: numbers, dates, or codes in words."""
    head, values = label_of(context, name), frame[name]
    reason = column_not_collected(name, context.study, context.datasets)
    if reason:
        mark = notes.mark(f"{head}: {context.words('not_collected')}; {reason}")
        nobody = Cell(formats.NONE, marks=(mark,))
        return SubjectColumn(name, Column(head), dict.fromkeys(frame["USUBJID"].to_list(), nobody))
    numeric = values.dtype.is_numeric()
    if numeric:
        digits = 1 if name in MONTHS else most_places(values.cast(pl.Float64))
        texts = [formats.number(value, digits) for value in values]
    elif values.dtype == pl.Date:
        texts = [formats.day(value) for value in values]
    else:
        texts = coded(context.codes(name), notes, head, values.to_list())
    apart = not_asked([name], context.study.protocol, frame).get(name, ())
    cells = _cells(frame, texts, sources("ADSL", frame)) | _apart(context, notes, apart)
    return SubjectColumn(name, Column(head, "number" if numeric else "left"), cells)


def of_summary(context: Context, notes: Notes, code: str, label: str) -> SubjectColumn:
    """A summary of response."""
    rows = context.datasets.adrs.filter(pl.col("PARAMCD") == code)
    texts = coded(context.codes("AVALC", code), notes, "", rows["AVALC"].to_list())
    return SubjectColumn(code, Column(label), _cells(rows, texts, sources("ADRS", rows)))


def of_time(context: Context, notes: Notes, code: str, label: str) -> SubjectColumn:
    """A time to an event in weeks."""
    rows = context.datasets.adtte.filter(pl.col("PARAMCD") == code)
    notes.add(context.words("weeks_plus"))
    texts = [
        formats.weeks(week, censored=bool(censored))
        for week, censored in rows.select("AVALWK", "CNSR").rows()
    ]
    head = f"{label}, {context.words('weeks')}"
    cells = _cells(rows, texts, sources("ADTTE", rows))
    # without a row the time never began, as far as the response is known from which it would
    apart = _apart(context, notes, set(_best_responses(context)["USUBJID"]) - set(cells))
    return SubjectColumn(code, Column(head, "number"), apart | cells)


def of_course(context: Context, notes: Notes, name: str) -> SubjectColumn:
    """A fact of the course, with the rule by which it is found as a footnote."""
    kind = COURSE_FACTS[name].kind
    found = course_facts(name, context.datasets, context.study.protocol)
    label = context.words(f"course_{name}")
    notes.add(f"{label}: {context.words(f'course_rule_{name}')}")
    head = Column(label, "number" if kind == "count" else "left")
    texts = _course_texts(context, notes, kind, list(found.values()))
    cells = {
        subject: Cell(text, source=f"{fact.dataset} {subject}.{fact.aseq}")
        for (subject, fact), text in zip(found.items(), texts, strict=True)
    }
    apart = _apart(context, notes, _without_question(context, name) - set(cells))
    return SubjectColumn(name, head, apart | cells)


def _apart(context: Context, notes: Notes, subjects: Iterable[str]) -> dict[str, Cell]:
    """'n/a' for the subjects to whom the question does not apply."""
    cells = {subject: Cell(context.words("n_a")) for subject in subjects}
    if cells:
        notes.add(context.words("not_applicable_rule"))
    return cells


def _without_question(context: Context, name: str) -> set[str]:
    """The subjects of whom it is known that a fact of the course cannot be asked: no dose goes on,
    there was one cycle, nothing was lost because nothing was reached, or it was not lost."""
    adsl = context.datasets.adsl
    if name == "DOSECUT":
        return set(adsl.filter(pl.col("TRTONGFL") == "N")["USUBJID"])
    if name == "RESPCYC2":
        return set(adsl.filter(pl.col("NCYCLES") == 1)["USUBJID"])
    relapse = context.study.protocol.relapse
    if relapse is None or name == "DOSEMAX":
        return set()
    never = set(_best_responses(context).filter(pl.col("AVALC") != relapse.after)["USUBJID"])
    if name not in ("DOSEREL", "RESPREL"):
        return never
    counts = course_facts("NRELAPSE", context.datasets, context.study.protocol)
    return never | {subject for subject, fact in counts.items() if fact.value == 0}


def _course_texts(context: Context, notes: Notes, kind: str, facts: list[Fact]) -> list[str]:
    relapse = context.study.protocol.relapse
    if kind == "count":
        return [formats.count(float(fact.value)) for fact in facts]
    if kind == "category" and relapse is not None:
        codes = context.codes("AVALC", relapse.classification)
        return coded(codes, notes, "", [str(fact.value) for fact in facts])
    return [dose_text(context, str(fact.value)) for fact in facts]


def dose_text(context: Context, step: str) -> str:
    """A step of the ladder; the one without drug in words."""
    ladder = context.study.protocol.treatment.ladder
    none = {NO_DRUG, *(one.step for one in ladder if not one.dose)}
    return context.words("no_drug") if step in none else step


def _best_responses(context: Context) -> pl.DataFrame:
    """The rows of ADRS with the known best response, at any time, of which a relapse is the end."""
    relapse = context.study.protocol.relapse
    if relapse is None:
        return context.datasets.adrs.clear()
    own = context.study.protocol.classifications[relapse.classification].summaries
    over_all = [code for code, summary in own.items() if summary.until_day is None]
    return context.datasets.adrs.filter(
        pl.col("PARAMCD").is_in(over_all) & pl.col("AVALC").is_not_null()
    )


def of_analysis(context: Context, notes: Notes, analysis: ProportionAnalysis) -> SubjectColumn:
    """What an analysis counts of each subject: yes or no, and nothing where the question does not
    apply or cannot be answered."""
    label = context.text(analysis.label)
    reason = not_collected(analysis, context.study, context.datasets)
    if reason:
        notes.add(f"{label}: {context.words('not_collected')}; {reason}")
        return SubjectColumn(analysis.id, Column(label), {})
    selector = Selector(context.datasets, context.study)
    chosen = selector.select(analysis, analysis.populations[0])
    asked = answers_by_subject(analysis, chosen)
    answers = asked.drop_nulls("ANSWER")
    behind = _behind(analysis, chosen)
    apart = _apart(context, notes, asked.filter("APART")["USUBJID"])
    cells = {
        subject: Cell(context.words("yes" if answer else "no"), source=behind.get(subject, ""))
        for subject, answer in answers.select("USUBJID", "ANSWER").rows()
    }
    return SubjectColumn(analysis.id, Column(label), apart | cells)


def _behind(analysis: ProportionAnalysis, chosen: Selection) -> dict[str, str]:
    """The row that decides of each subject: the first with the event, else the first chosen."""
    judged = chosen.rows.with_columns(EVENT=as_columns(analysis.event).fill_null(False))
    first = judged.sort("USUBJID", "EVENT", "ASEQ", descending=[False, True, False]).unique(
        "USUBJID", keep="first", maintain_order=True
    )
    subjects = first["USUBJID"].to_list()
    return dict(zip(subjects, sources(analysis.dataset, first), strict=True))


def _cells(frame: pl.DataFrame, texts: Iterable[str], named: Iterable[str]) -> dict[str, Cell]:
    subjects = frame["USUBJID"].to_list()
    return {
        subject: Cell(text, source=source)
        for subject, text, source in zip(subjects, texts, named, strict=True)
    }


def sources(dataset: str, frame: pl.DataFrame) -> list[str]:
    """The rows of a dataset by name: `ADSL SYN-01.1`."""
    named = pl.format("{} {}.{}", pl.lit(dataset), "USUBJID", "ASEQ")
    return frame.select(named).to_series().to_list()


def coded(codes: Codes, notes: Notes, head: str, values: list[str | date | None]) -> list[str]:
    """Labels; or the codes, explained below the table, where they are short and labels long."""
    used = codes.ordered({str(value) for value in values if value is not None})
    listed = [code for code in used if code in codes.labels]
    long = any(len(codes.label(code)) > SHORT_LABEL for code in listed)
    if listed and long and all(len(code) <= SHORT_CODE for code in listed):
        every = list(codes.labels)
        notes.explain(head, [(every.index(code), code, codes.label(code)) for code in listed])
        return [formats.NONE if value is None else str(value) for value in values]
    return [formats.NONE if value is None else codes.label(str(value)) for value in values]


def label_of(context: Context, name: str) -> str:
    """What a column of ADSL is called: as the study says, else as the report does."""
    fact = context.study.protocol.subject_facts.get(name)
    if fact is not None:
        return context.text(fact.label)
    population = context.study.sap.populations.get(name)
    if population is not None:
        return context.text(population.label)
    return context.words(f"adsl_{name}") if f"adsl_{name}" in CATALOGUE else name
