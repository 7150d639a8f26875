"""The life of a subject, and the trace of a value, as data for JSON."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pilotage.explain.model import Day, Entry, Life, Part, Period
from pilotage.explain.trace import Trace
from pilotage.explain.words import label_of
from pilotage.rules import Input
from pilotage.study import Study

Document = dict[str, Any]


def life_document(life: Life, study: Study) -> Document:
    """Every day in full; `quiet` says which of them say the same as the day before them."""
    quiet = [each for each in life.story if isinstance(each, Period)]
    return {
        "study": life.study,
        "title": life.title,
        "subject": life.subject,
        "person": life.person,
        "at": life.at,
        "data_cut": life.data_cut,
        "synthetic": life.synthetic,
        "not_collected": list(life.not_collected),
        "days": [_day(day, study) for day in life.days],
        "quiet": [
            {"from": each.days[0].on, "to": each.days[-1].on, "what": each.what} for each in quiet
        ],
        "now": _day(life.now, study),
    }


def _day(day: Day, study: Study) -> Document:
    return {
        "date": day.on,
        "written": day.written,
        "study_day": day.study_day,
        "week": day.week,
        "title": day.title,
        "version": day.version,
        "entries": [_entry(entry, study) for entry in day.entries],
    }


def _entry(entry: Entry, study: Study) -> Document:
    return {
        "kind": entry.kind,
        "what": entry.what,
        "mark": entry.mark,
        "why": entry.why,
        "sources": [asdict(source) for source in entry.sources],
        "inputs": [_input(each, study) for each in entry.inputs],
        "parts": [_part(part, study) for part in entry.parts],
        "rows": [{"table": table, "number": number} for table, number in entry.rows],
    }


def _part(part: Part, study: Study) -> Document:
    return {
        "what": part.what,
        "mark": part.mark,
        "why": part.why,
        "sources": [asdict(source) for source in part.sources],
        "inputs": [_input(each, study) for each in part.inputs],
    }


def _input(each: Input, study: Study) -> Document:
    found: Document = asdict(each)
    rows = [{"table": table, "number": number} for table, number in each.rows]
    return {**found, "label": label_of(study, each.name), "rows": rows}


def trace_document(trace: Trace, study: Study) -> Document:
    return {
        "name": trace.name,
        "label": trace.label,
        "answer": trace.answer,
        "mark": trace.mark,
        "how": list(trace.how),
        "steps": [_part(part, study) for part in trace.steps],
        "datasets": [_row(found.where, found.cells) for found in trace.datasets],
        "snapshot": [_row(found.where, found.cells) for found in trace.snapshot],
        "behind": [trace_document(each, study) for each in trace.behind],
    }


def _row(where: str, cells: Mapping[str, str]) -> Document:
    return {"where": where, "cells": dict(cells)}
