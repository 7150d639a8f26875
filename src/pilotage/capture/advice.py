"""What the protocol says of a subject as its record stands, and of a dose that somebody enters."""

from collections.abc import Mapping
from datetime import date

from pilotage.capture.models import Subject
from pilotage.capture.planned import planned
from pilotage.capture.present import record_of
from pilotage.datasets.facts import read_target
from pilotage.forms.answer import Answer
from pilotage.instruments.units import IncompatibleUnits, UnknownUnit, convert, parse_number
from pilotage.rules import Advice, DoseComparison, advise, compare_dose
from pilotage.study.doses import mean_daily_dose
from pilotage.study.protocol import Protocol


def advice_on(subject: Subject, day: date) -> Advice | None:
    """The answers of every decision table on a day; None for a subject of whom nothing was entered
    yet."""
    record = record_of(subject)
    return None if record is None else advise(record, subject.usubjid, day)


def dose_verdict(
    subject: Subject, form: str, answers: Mapping[str, Answer], day: date | None = None
) -> DoseComparison | None:
    """A dose on a form beside what the protocol says on the day of the decision (else on its first
    day). None where the form says nothing of doses, or not enough to know which dose it is."""
    protocol = planned().protocol
    said = _exposure(protocol, form, answers)
    step = _step(protocol, said)
    decided = day or _day(said.get("EXSTDTC"))
    if step is None or decided is None:
        return None
    advice = advice_on(subject, decided)
    return None if advice is None else compare_dose(advice, step, protocol)


def _exposure(protocol: Protocol, form: str, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers that live in EX, by column."""
    found = {}
    for code, item in protocol.forms[form].items.items():
        target = read_target(item.target)
        if target.domain == "ex" and code in answers:
            found[target.variable] = answers[code]
    return found


def _step(protocol: Protocol, said: Mapping[str, Answer]) -> str | None:
    """The step of the ladder with this dose and frequency; a dose that is none, in its own words;
    None while the dose or its frequency is not known."""
    treatment = protocol.treatment
    answer, frequency = said.get("EXDOSE", Answer()), said.get("EXDOSFRQ", Answer()).value
    number = parse_number(answer.value, None).value
    if number is None:
        return None
    unit = answer.unit or treatment.unit
    try:
        dose = float(convert(number, unit, treatment.unit))
    except (UnknownUnit, IncompatibleUnits):
        return None
    if dose and mean_daily_dose(dose, frequency) is None:
        return None
    for rung in treatment.ladder:
        if rung.dose == dose and (not dose or (rung.frequency or "") == frequency):
            return rung.step
    return f"{dose:g} {treatment.unit} {frequency}"


def _day(answer: Answer | None) -> date | None:
    try:
        return date.fromisoformat(answer.value) if answer else None
    except ValueError:
        return None
