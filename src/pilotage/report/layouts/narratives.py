"""Narratives: the course of each subject with a serious event or an early end, in sentences."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from pilotage.report import formats
from pilotage.report.context import Context
from pilotage.report.layouts.listings import date_of, with_dose
from pilotage.report.layouts.subject_columns import label_of
from pilotage.report.layouts.subjects import enrolled, summary_labels
from pilotage.report.model import Cell, Passage, Prose
from pilotage.report.sentence_numbers import in_sentence
from pilotage.study.sap import Output

NOT_EARLY = ("COMPLETED", "SCREEN FAILURE")
"""Dispositions that end nothing before its time. Source: CDISC terminology NCOMPLT."""


def narratives(output: Output, context: Context) -> Prose:
    """A passage for each enrolled subject with a serious adverse event or whose treatment or study
    ended before the plan; the output's `columns` of ADSL say who the subject is."""
    notes = context.notes(output)
    words, collected = context.words, context.datasets.collected
    told = dict(_chosen(context))
    for table in ("ae", "ds"):
        if table not in collected:
            missing = words("no_table", table=table)
            notes.add(f"{words(f'narrated_{table}')}: {words('not_collected')}; {missing}")
    adsl = enrolled(context)
    passages = [
        Passage(f"{row['USUBJID']}: {told[row['USUBJID']]}", tuple(_told(output, context, row)))
        for row in adsl.iter_rows(named=True)
        if row["USUBJID"] in told
    ]
    nothing = words("no_narrative") if {"ae", "ds"} <= collected else words("not_collected")
    return Prose(
        output.id,
        context.number_of(output),
        context.text(output.title),
        tuple(passages),
        notes.all(),
        empty=nothing,
    )


def _chosen(context: Context) -> Iterator[tuple[str, str]]:
    """Subjects with the reason for their narrative."""
    words, adae = context.words, context.datasets.adae
    serious = set(adae.filter(pl.col("AESER") == "Y")["USUBJID"])
    for row in enrolled(context).iter_rows(named=True):
        reasons = [words("serious_event")] if row["USUBJID"] in serious else []
        if row["DCSREAS"] is not None and row["DCSREAS"] not in NOT_EARLY:
            reasons.append(words("early_end"))
        if reasons:
            yield row["USUBJID"], "; ".join(reasons)


def _told(output: Output, context: Context, row: dict[str, Any]) -> Iterator[Cell]:
    source = f"ADSL {row['USUBJID']}.{row['ASEQ']}"
    yield Cell(_person(output, context, row), source=source)
    if row["TRTSDT"] is not None:
        yield Cell(_treatment(context, row), source=source)
    subject = pl.col("USUBJID") == row["USUBJID"]
    events = with_dose(context.datasets.adae.filter(subject), context, day="ASTDT")
    for event in events.iter_rows(named=True):
        own = f"ADAE {event['USUBJID']}.{event['ASEQ']}"
        yield Cell(_event(context, event), source=own)
    if row["DCSREAS"] is not None:
        yield Cell(_end(context, row), source=source)
    yield from _responses(context, row["USUBJID"])


def _person(output: Output, context: Context, row: dict[str, Any]) -> str:
    """'Age: 33; sex: female.': the columns that the plan names, as far as they are known."""
    parts = []
    for name in output.columns:
        value = row.get(name)
        if value is None:
            continue
        number = isinstance(value, int | float)
        text = formats.plain(float(value)) if number else _label(context, name, str(value))
        parts.append(f"{label_of(context, name)}: {text}")
    return f"{'; '.join(parts)}." if parts else ""


def _treatment(context: Context, row: dict[str, Any]) -> str:
    words, ongoing = context.words, row["TRTONGFL"] == "Y"
    return words(
        "treated_ongoing" if ongoing else "treated_until",
        drug=context.text(context.study.protocol.treatment.name),
        first=formats.day(row["TRTSDT"]),
        last=formats.day(row["TRTEDT"]),
        days=formats.count(row["TRTDURD"]),
        cycles=_cycles(context, row["NCYCLES"]),
    )


def _cycles(context: Context, number: int | None) -> str:
    noun = context.words("cycle" if number == 1 else "adsl_NCYCLES").lower()
    return f"{formats.count(number)} {noun}"


def _event(context: Context, event: dict[str, Any]) -> str:
    """What happened, how bad it was, when, at which dose; relation, action and outcome."""
    words = context.words
    said = [
        _labelled(context, event, "AESEV"),
        _grade(context, event),
        words("was_serious" if event["AESER"] == "Y" else "was_not_serious")
        if event["AESER"] is not None
        else "",
        *_criteria(context, event),
    ]
    first = words(
        "event_began",
        event=event["AETERM"] or words("not_known"),
        how=", ".join(part for part in said if part) or words("not_known").lower(),
        date=_day(context, event, "ASTDT", "AESTDTC", "ASTDY"),
    )
    rest = [first + _dose(context, event)]
    if event["AENDT"] is not None or event["AEENDTC"] is not None:
        rest.append(words("event_ended", date=_day(context, event, "AENDT", "AEENDTC", "AENDY")))
    else:
        rest.append(words("event_open"))
    for column, head in (("AEREL", "related"), ("AEACN", "action"), ("AEOUT", "event_outcome")):
        label = _labelled(context, event, column) or words("not_collected")
        rest.append(f"{words(head)}: {label}.")
    return " ".join(rest)


def _dose(context: Context, event: dict[str, Any]) -> str:
    known = event["STEP"] != formats.NONE
    return context.words("event_dose", dose=event["STEP"]) if known else "."


def _criteria(context: Context, event: dict[str, Any]) -> Iterator[str]:
    for column, label in context.study.protocol.adverse_events.serious_criteria.items():
        if event.get(column) == "Y":
            yield context.text(label)


def _labelled(context: Context, row: dict[str, Any], column: str) -> str:
    """The value in the words of the study; empty where there is none."""
    value = row.get(column)
    return "" if value is None else _label(context, column, str(value))


def _label(context: Context, column: str, code: str) -> str:
    """A code in the words of the study, as inside a sentence."""
    return in_sentence(context.codes(column).label(code), start=False)


def _grade(context: Context, event: dict[str, Any]) -> str:
    """'grade 3', whether the study calls its grades '3' or 'Grade 3'."""
    label, word = _labelled(context, event, "AETOXGR"), context.words("grade").lower()
    return label if not label or label.lower().startswith(word) else f"{word} {label}"


def _day(context: Context, row: dict[str, Any], complete: str, written: str, number: str) -> str:
    """'2010-03-20 (study day 7)'."""
    date = date_of(row, complete, written)
    if row[number] is None:
        return date
    return context.words("date_and_day", date=date, day=formats.count(row[number]))


def _end(context: Context, row: dict[str, Any]) -> str:
    reason = _label(context, "DCSREAS", row["DCSREAS"])
    return context.words("ended_on", date=formats.day(row["DCSDT"]), reason=reason)


def _responses(context: Context, subject: str) -> Iterator[Cell]:
    """The summaries of the response that relapse is about: one sentence each."""
    relapse = context.study.protocol.relapse
    if relapse is None:
        return
    own = context.study.protocol.classifications[relapse.classification].summaries
    labels = {name: label for name, label in summary_labels(context).items() if name in own}
    rows = context.datasets.adrs.filter(pl.col("USUBJID") == subject)
    for row in rows.filter(pl.col("PARAMCD").is_in(list(labels))).iter_rows(named=True):
        codes = context.codes("AVALC", row["PARAMCD"])
        shown = in_sentence(codes.label(row["AVALC"]), start=False)
        text = f"{labels[row['PARAMCD']]}: {shown}."
        yield Cell(text, source=f"ADRS {subject}.{row['ASEQ']}")
