"""What the protocol does not say: conditions and facts that are not stated, words without a
definition, inputs without a maximum age."""

import re
from collections.abc import Iterator

from pilotage.check.examination import Examination, Place, tables_with_any
from pilotage.check.inputs import basis
from pilotage.conditions import Condition, names_in
from pilotage.findings import Severity
from pilotage.rules.inputs import maximum_age, names_of_tables, rows_of_tables
from pilotage.study.completeness import not_stated_parts
from pilotage.study.places import Path, owner_words
from pilotage.study.protocol import Label, Row, text_of

NEEDED = ("window", "then_every_days", "reporting_hours")
"""Facts without which nobody can be told what is due, and by when."""

_TOLD_ELSEWHERE = ("when", "max_age_days", "otherwise")
"""Told as undefined terms, with the inputs of decisions, and as gaps."""

_QUOTED = re.compile(r"[“\"]([^”\"]{2,80})[”\"]|(?<!\w)'([^']{2,80})'(?!\w)")
_PLURAL = re.compile(r"s\b")


def check_terms(examination: Examination) -> None:
    """Rows that cannot be read, words in quotes that nothing defines, facts that are left open."""
    for table, rows in _tables(examination):
        for at, row in enumerate(rows):
            place = examination.place_of_row(table, at, row)
            if not isinstance(row.when, Condition):
                words = f"the protocol does not say when this holds: {place.words}"
                examination.found("undefined-term", "error", place, words, example=text_of(row.why))
                continue
            for term in _quoted(row.why):
                if not _defined(examination, term):
                    key = f"{place.key} '{term}'"
                    words = (
                        f"{place.words} speaks of '{term}', which no form, item or category defines"
                    )
                    examination.found(
                        "undefined-term", "error", place, words, key=key, example=term
                    )
    _not_stated(examination)
    _ages(examination)


def _tables(examination: Examination) -> Iterator[tuple[str, tuple[Row, ...]]]:
    protocol = examination.protocol
    yield "eligibility.inclusion", protocol.eligibility.inclusion
    yield "eligibility.exclusion", protocol.eligibility.exclusion
    yield "dosing", protocol.dosing.rows
    for table, rows in tables_with_any(examination):
        yield table, tuple(rows)


def _quoted(label: Label) -> list[str]:
    return [first or second for first, second in _QUOTED.findall(text_of(label))]


def _defined(examination: Examination, term: str) -> bool:
    """Is it the label, or in the label, of something that is recorded, derived or told apart?"""
    wanted = _plain(term)
    return any(wanted in _plain(label) for label in _labels(examination))


def _plain(text: str) -> str:
    return _PLURAL.sub("", " ".join(text.lower().split()))


def _labels(examination: Examination) -> Iterator[str]:
    protocol = examination.protocol
    yield from (variable.label for variable in examination.study.namespace.values())
    yield from (text_of(form.label) for form in protocol.forms.values())
    for choices in protocol.codelists.values():
        yield from choices
        yield from map(text_of, choices.values())
    for classification in protocol.classifications.values():
        for category in classification.categories:
            yield category.code
            yield text_of(category.label)
    yield from (step.step for step in protocol.treatment.ladder)


def _not_stated(examination: Examination) -> None:
    """Facts that are left open, other than those that other topics tell."""
    study = examination.study
    models = (("protocol", study.protocol, "protocol.yaml"), ("sap", study.sap, "sap.yaml"))
    for name, model, file in models:
        for path in not_stated_parts(model, (name,)):
            if path[-1] in _TOLD_ELSEWHERE:
                continue
            owner = owner_words(path[1:-1], file=file)
            severity: Severity = "error" if path[-1] in NEEDED else "note"
            key, source = _key_and_source(examination, path)
            place = Place(path, f"{path[-1]} of {owner}", key, source)
            words = f"'{path[-1]}' of {owner} is not stated"
            examination.found("not-stated", severity, place, words)


def _key_and_source(examination: Examination, path: Path) -> tuple[str, tuple[str, ...]]:
    """The path with ids in the place of positions, and what the nearest part around it cites."""
    steps: list[str] = []
    source: tuple[str, ...] = ()
    part: object = examination.protocol if path[0] == "protocol" else examination.study.sap
    for step in path[1:]:
        part = part[step] if isinstance(part, dict | tuple) else getattr(part, str(step))  # type: ignore[index]
        source = getattr(part, "sources", source)
        named = getattr(part, "id", None) or getattr(part, "form", None)
        steps.append(str(named) if isinstance(step, int) and named else str(step))
    return ".".join(steps), source


def _ages(examination: Examination) -> None:
    """Every input of a decision says how old it may be."""
    protocol = examination.protocol
    for name in names_of_tables(protocol):
        if maximum_age(name, protocol) != "not stated":
            continue
        state = protocol.state.get(name)
        base = name if state is not None else basis(name, protocol)
        key = f"no-maximum-age {base}"
        if any(finding.key == key for finding in examination.findings):
            continue
        users = (row for row in rows_of_tables(protocol) if isinstance(row.when, Condition))
        using = next(row for row in users if name in names_in(row.when))  # type: ignore[arg-type]
        place = Place(_path(examination, base), base, base, using.sources)
        variable = examination.study.namespace.get(base)
        label = f"'{variable.label}' ({base})" if variable is not None else base
        words = (
            f"{label} is an input of a decision and says nothing about how old it may be "
            "('max_age_days'); every decision on it is CANNOT ADVISE"
        )
        examination.found("no-maximum-age", "error", place, words, example=f"{base} of any age")


def _path(examination: Examination, base: str) -> Path:
    protocol = examination.protocol
    if base in protocol.state:
        return ("protocol", "state", base)
    if base in protocol.parameters:
        return ("protocol", "parameters", base)
    form, _, item = base.partition(".")
    return ("protocol", "forms", form, "items", item)
