"""What was recorded of a subject, as entries: consent, responses and relapses, adverse events,
dispositions, recorded deviations. Each comes with the day it belongs to, as it was written."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pilotage.conditions import describe, names_in
from pilotage.datasets.facts import read_target
from pilotage.explain.case import Case, Row, day_of
from pilotage.explain.model import Entry, Part, Source
from pilotage.explain.words import capital, sources, unknown
from pilotage.rules import Input
from pilotage.rules.assessments import classification_of
from pilotage.rules.events import serious_events
from pilotage.rules.tracing import source_rows
from pilotage.study.protocol import Classification

OF_WHAT = {"STUDY TREATMENT": "treatment", "TREATMENT": "treatment",
           "STUDY PARTICIPATION": "participation", "STUDY": "participation"}  # fmt: skip
"""What a disposition is of (DSSCAT)."""


@dataclass(frozen=True, slots=True)
class Fact:
    """An entry and its day; `on` is the first possible day, None where no date is known."""

    on: date | None
    written: str
    entry: Entry


def facts_of(case: Case) -> list[Fact]:
    """Everything that was recorded up to the day of the question."""
    parts = (_consent, _responses, _relapses, _events, _dispositions, _deviations)
    found = [fact for part in parts for fact in part(case)]
    return [fact for fact in found if fact.on is None or fact.on <= case.at]


def _dated(text: str | None, entry: Entry) -> Fact:
    on, written = day_of(text)
    return Fact(on, written or "without a date", entry)


def _consent(case: Case) -> Iterator[Fact]:
    (row,) = case.rows("dm")
    if not row.get("RFICDTC"):
        return
    entry = Entry(
        "consent", "informed consent", sources=_asked_in(case, "dm", "RFICDTC"), rows=(("DM", 0),)
    )
    yield _dated(row["RFICDTC"], entry)


def _asked_in(case: Case, table: str, variable: str) -> tuple[Source, ...]:
    """The headings of the form that asks for a variable."""
    for form in case.protocol.forms.values():
        for item in form.items.values():
            target = read_target(item.target)
            if (target.domain, target.variable) == (table, variable):
                return sources(case.study, form.sources)
    return ()


# -- response and relapse --------------------------------------------------------------------------


def response_classification(case: Case) -> tuple[str, Classification] | None:
    name = classification_of(case.protocol)
    return None if name is None else (name, case.protocol.classifications[name])


def _judged(case: Case) -> Iterator[tuple[Case, Row]]:
    """Every assessment after the first dose, each as the version of the protocol of its day judges
    it."""
    if case.record.assessments is None:
        return
    for row in case.record.assessments.judged.rows.filter("IN_ADRS").iter_rows(named=True):
        own = case.under(day_of(row["DTC"])[0])
        assessed = own.record.assessments
        rows = [row] if own is case else assessed.judged.rows.to_dicts() if assessed else []
        yield from ((own, each) for each in rows if source_rows(each) == source_rows(row))


def _responses(case: Case) -> Iterator[Fact]:
    """A category at each assessment after the first dose, with the numbers that make it."""
    for own, row in _judged(case):
        found = response_classification(own)
        on, written = day_of(row["DTC"])
        if found is not None:
            yield Fact(on, written or "without a date", _response(own, found[1], row, on))


def _response(case: Case, classification: Classification, row: Row, on: date | None) -> Entry:
    code = classification.parameter
    for category in classification.categories:
        if category.code == row["CATEGORY"]:
            used = names_in(category.when) if classification.against == "baseline" else ()
            inputs = _measured(case, on, code, *used)
            label = case.text(category.label)
            return Entry(
                "response",
                f"{label} ({category.code})",
                why=describe(category.when, case.study.namespace),
                sources=sources(case.study, category.sources),
                inputs=inputs,
                rows=source_rows(row),
                same_as=(category.code,),
                short=label[:1].lower() + label[1:],
            )
    what = unknown(f"{_lower(case.text(classification.label))} is not known")
    missing = tuple(each for each in _measured(case, on, code) if each.problem)
    return Entry("response", what, "unknown", inputs=missing, rows=source_rows(row), short=what)


def _measured(case: Case, on: date | None, code: str, *more: str) -> tuple[Input, ...]:
    """The value of an assessment, its baseline, and what else a category asks; nothing where the
    day is not known."""
    names = dict.fromkeys([code, f"{code}.BASE", *more])
    return case.inputs(on, *names) if on is not None else ()


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _relapses(case: Case) -> Iterator[Fact]:
    begun = [(own, row) for own, row in _judged(case) if row["EVENT"]]
    for number, (own, row) in enumerate(begun, 1):
        on, written = day_of(row["DTC"])
        relapse = own.protocol.relapse
        assert relapse is not None
        code = own.protocol.classifications[relapse.classification].parameter
        entry = Entry(
            "relapse",
            f"relapse {number}",
            "against",
            why=describe(relapse.when, own.study.namespace),
            sources=sources(own.study, relapse.sources),
            inputs=own.inputs(on, code) if on is not None else (),
            rows=source_rows(row),
            same_as=(number,),
            short=f"relapse {number}",
        )
        yield Fact(on, written or "without a date", entry)


# -- adverse events, dispositions, deviations ------------------------------------------------------


def _events(case: Case) -> Iterator[Fact]:
    clocks = _clocks(case)
    for row in case.datasets.adae.to_dicts():
        said = [_label(case, "ae", "AESEV", row), _grade(row), _serious(case, row)]
        about = ", ".join(each for each in said if each)
        term = row["AETERM"] or "an event without a name"
        ended = f"ended {row['AEENDTC']}" if row.get("AEENDTC") else "has not ended"
        parts = [ended, *clocks.get(row["AESEQ"], ())]
        for column, head in (("AEREL", "relation"), ("AEACN", "action"), ("AEOUT", "outcome")):
            if row.get(column):
                parts.append(f"{head}: {_label(case, 'ae', column, row)}")
        what = f"{term}: {about}" if about else term
        entry = Entry(
            "adverse event",
            what,
            "against" if row["AESER"] == "Y" else "",
            parts=(Part("; ".join(parts)),),
            rows=(("AE", row["AESEQ"]),),
            same_as=(row["AESEQ"],),
            short=what,
        )
        yield _dated(row.get("AESTDTC"), entry)


def _label(case: Case, table: str, column: str, row: Row) -> str:
    """The value in the words of the item that it answers; empty where there is none."""
    value = row.get(column)
    if value is None:
        return ""
    for form in case.protocol.forms.values():
        for item in form.items.values():
            target = read_target(item.target)
            asked = (target.domain, target.variable) == (table, column)
            if asked and all(row.get(name) == wanted for name, wanted in target.where):
                label = case.protocol.codelists.get(item.codelist or "", {}).get(str(value))
                if label is not None:
                    return _lower(case.text(label))
    return str(value).lower()


def _clocks(case: Case) -> dict[int, list[str]]:
    """Whether each serious event was reported in time."""
    found: dict[int, list[str]] = {}
    for row in serious_events(case.record, at=case.at).to_dicts():
        status = "not known whether it was reported in time"
        if row["STATUS"] != "unknown":
            begins = row["STATUS"].startswith("reported")
            status = row["STATUS"] if begins else f"the report is {row['STATUS']}"
        remark = f" ({row['REMARK']})" if row["REMARK"] else ""
        found[row["AESEQ"]] = [f"{status}{remark}"]
    return found


def _grade(row: Row) -> str:
    return f"grade {row['AETOXGR']}" if row.get("AETOXGR") else ""


def _serious(case: Case, row: Row) -> str:
    if row["AESER"] is None:
        return "not known whether serious"
    if row["AESER"] != "Y":
        return "not serious"
    criteria = case.protocol.adverse_events.serious_criteria
    met = [_lower(case.text(label)) for code, label in criteria.items() if row.get(code) == "Y"]
    return f"serious ({'; '.join(met)})" if met else "serious"


def _dispositions(case: Case) -> Iterator[Fact]:
    """Enrolment, the end of treatment, the end of participation, and death."""
    for row in case.rows("ds"):
        if row["DSDECOD"] is None:
            continue
        category = row.get("DSSCAT") or ""
        of = OF_WHAT.get(category, category.lower())
        label = _label(case, "ds", "DSDECOD", row)
        words = row.get("DSTERM")
        told = f" ({words})" if words and words.casefold() != row["DSDECOD"].casefold() else ""
        what = f"end of {of}: {label}{told}" if of else f"{capital(label)}{told}"
        entry = Entry("disposition", what, rows=(("DS", row["DSSEQ"]),), short=what)
        yield _dated(row["DSSTDTC"], entry)
    (dm,) = case.rows("dm")
    if dm.get("DTHDTC"):
        yield _dated(dm["DTHDTC"], Entry("disposition", "death", "against", rows=(("DM", 0),)))


def _deviations(case: Case) -> Iterator[Fact]:
    """Deviations that somebody recorded."""
    for row in case.rows("dv"):
        words = row.get("DVTERM") or row.get("DVDECOD") or "without words"
        number = row.get("DVSEQ")
        entry = Entry(
            "deviation",
            f"recorded: {words}",
            "against",
            rows=(("DV", number),) if number is not None else (),
            short=words,
        )
        yield _dated(row.get("DVSTDTC"), entry)
