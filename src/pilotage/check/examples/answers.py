"""Are the answers and values of an example such as the study takes?"""

import re
from collections.abc import Iterable
from datetime import date

from pilotage.check.examples.subjects import VISIT, is_day
from pilotage.check.examples.values import NO_UNIT, measured
from pilotage.instruments import Instrument, instruments
from pilotage.instruments.units import IncompatibleUnits, UnknownUnit, conversion
from pilotage.study import Study
from pilotage.study.part import PartReport
from pilotage.study.places import Path
from pilotage.study.protocol import Form, Item, Parameter
from pilotage.study.worked_examples import Answer, Start, Written

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def check_answers(
    report: PartReport,
    study: Study,
    path: Path,
    start: Start,
    visits: Iterable[str],
    day_one: date,
) -> None:
    for day, answers in start.records.items():
        here = (*path, "records", day)
        if not is_day(day, day_one):
            report.error(here, f"there is no day {day}")
        for name, answer in answers.items():
            if name == VISIT:
                words = f"'{answer}' is no visit of the schedule"
                report.known((*here, name), str(answer), visits, words)
            else:
                _check_answer(report, study, (*here, name), name, answer)


def _check_answer(report: PartReport, study: Study, path: Path, name: str, answer: Answer) -> None:
    first, _, part = name.partition(".")
    parameter, form = study.protocol.parameters.get(name), study.protocol.forms.get(first)
    if parameter is not None:
        _check_parameter(report, path, name, parameter, answer)
    elif form is not None and part in form.items:
        _check_item(report, study, path, form.items[part], answer)
    elif form is not None and _is_of_instrument(form, part):
        _check_instrument_item(report, path, instruments[form.instrument or ""], part, answer)
    else:
        known = _names(study)
        report.known(path, name, known, f"'{name}' is neither an item of a form nor a parameter")


def _is_of_instrument(form: Form, part: str) -> bool:
    instrument = instruments.get(form.instrument or "")
    codes = [item.code.lower() for item in instrument.items] if instrument else []
    return part in codes or (part == "*" and bool(codes))


def _names(study: Study) -> list[str]:
    """Every name under which something can be recorded."""
    found = list(study.protocol.parameters)
    for code, form in study.protocol.forms.items():
        found += [f"{code}.{item}" for item in form.items]
        instrument = instruments.get(form.instrument or "")
        found += [f"{code}.{item.code.lower()}" for item in instrument.items] if instrument else []
    return found


# -- each kind of answer ---------------------------------------------------------------------------


def _check_instrument_item(
    report: PartReport, path: Path, instrument: Instrument, part: str, answer: Answer
) -> None:
    allowed = {value for i in instrument.items if i.code.lower() == part for value in i.allowed}
    if part == "*":
        allowed = set.intersection(*(set(item.allowed) for item in instrument.items))
    if answer not in allowed:
        said = ", ".join(str(value) for value in sorted(allowed))
        report.error(path, f"{_shown(answer)} is not allowed here; it must be one of {said}")


def _check_item(report: PartReport, study: Study, path: Path, item: Item, answer: Answer) -> None:
    match item.type:
        case "yes_no":
            _check_choice(report, path, answer, ("yes", "no"))
        case "choice":
            codes = study.protocol.codelists.get(item.codelist or "", {})
            _check_choice(report, path, answer, codes)
        case "integer" | "number":
            code = _analyte(item) or ""
            parameter = study.protocol.parameters.get(code)
            if parameter is not None and parameter.domain == "QS":
                _check_parameter(report, path, code, parameter, answer)
                return
            _check_unit(report, path, answer, item.unit, analyte=code or None)
            if item.type == "integer" and isinstance(answer, float) and answer != int(answer):
                report.error(path, f"{answer:g} is no whole number")
        case "date" | "datetime":
            text = str(answer)[:10]
            if isinstance(answer, Written | float) or not is_day(text, date(2000, 1, 1)):
                report.error(path, f"{_shown(answer)} is neither a date nor a study day")
        case _ if isinstance(answer, Written):
            report.error(path, "an answer in words has no unit")


def _analyte(item: Item) -> str | None:
    found = re.search(r"TESTCD = (\S+)", item.target)
    return found[1] if found else None


def _check_choice(report: PartReport, path: Path, answer: Answer, choices: Iterable[str]) -> None:
    text = str(answer) if not isinstance(answer, Written) else ""
    report.known(path, text, choices, f"{_shown(answer)} is none of its answers")


def _check_parameter(
    report: PartReport, path: Path, code: str, parameter: Parameter, answer: Answer
) -> None:
    if parameter.domain == "QS":
        if isinstance(answer, Written | str):
            words = f"{_shown(answer)} is no score; write a number, without a unit"
            report.error(path, words)
            return
        _check_score(report, path, code, parameter, answer)
        return
    if measured(answer, None).unit is None and not isinstance(answer, Written):
        if _NUMBER.fullmatch(str(answer)):
            words = f"'{answer}' has no unit; write one, as in '{answer} {parameter.unit}'"
            report.error(path, f"{words}, or {{value: {answer}, unit: {NO_UNIT}}}")
        else:
            words = f"'{answer}' is no number with a unit, such as '4.5 {parameter.unit}'; what a"
            report.error(
                path, f"{words} laboratory writes instead is {{value: …, unit: {NO_UNIT}}}"
            )
        return
    _check_unit(report, path, answer, parameter.unit, analyte=code)


def _check_score(
    report: PartReport, path: Path, code: str, parameter: Parameter, answer: int | float
) -> None:
    low, high = sorted(parameter.range)
    if not low <= answer <= high:
        report.error(path, f"{answer:g} is outside the range of {code}, {low:g} to {high:g}")
    elif parameter.whole_numbers and answer != int(answer):
        report.error(path, f"{answer:g} is no whole number, as {code} must be")


def _check_unit(
    report: PartReport, path: Path, answer: Answer, unit: str | None, *, analyte: str | None
) -> None:
    """A number of an item or a parameter, in a unit that converts to its own."""
    value = measured(answer, None)
    loose = isinstance(answer, Written) or value.unit is not None
    if not loose and not _NUMBER.fullmatch(value.text):
        words = f"{_shown(answer)} is no number; what a laboratory writes instead is"
        report.error(path, f"{words} {{value: …, unit: {NO_UNIT}}}")
    if value.unit is None or unit is None or value.unit.casefold() == unit.casefold():
        return
    try:
        conversion(value.unit, unit, analyte=analyte)
    except (UnknownUnit, IncompatibleUnits):
        here = (*path, "unit") if isinstance(answer, Written) else path
        report.error(here, f"the unit '{value.unit}' does not convert to '{unit}'")


def _shown(answer: Answer) -> str:
    return "a value with a unit" if isinstance(answer, Written) else f"'{answer}'"
