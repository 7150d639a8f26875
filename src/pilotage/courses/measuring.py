"""A form as it is filled at a contact: what is measured, and the rows that record it."""

from dataclasses import dataclass, field
from datetime import date

from pilotage.conditions import holds
from pilotage.courses.latent import Levels
from pilotage.courses.measures import Measures, Setting
from pilotage.courses.records import Named, Records
from pilotage.instruments import instruments
from pilotage.rules import Value

FILLINGS = 20
"""So often a form is filled anew while one of its edit checks would query it."""


@dataclass(slots=True)
class Filled:
    """What a form measured: values by parameter, answers by `form.item`, and the SDTM rows to come:
    items of the instrument, questions by parameter, laboratory results as text by parameter."""

    values: dict[str, float] = field(default_factory=dict)
    answers: dict[str, Value] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)
    questions: dict[str, int] = field(default_factory=dict)
    results: dict[str, str] = field(default_factory=dict)


def fill(setting: Setting, form: str, levels: Levels, *, under_drug: bool) -> Filled:
    """Measure what the form asks for. A form that its own edit checks would query is filled anew, a
    bounded number of times: a site would have mended it."""
    checks = setting.study.protocol.forms[form].checks
    for _ in range(FILLINGS):
        filled = _measured(form, setting.forms[form], levels, under_drug=under_drug)
        if not any(holds(check.holds, filled.answers) is False for check in checks):
            break
    return filled


def _measured(form: str, measures: Measures, levels: Levels, *, under_drug: bool) -> Filled:
    filled = Filled()
    if measures.instrument:
        filled.items, totals = levels.instrument(measures.instrument)
        found: dict[str, float] = {**filled.items, **totals}
        filled.answers |= {f"{form}.{code.lower()}": value for code, value in found.items()}
        filled.values |= {
            code: totals[parameter.score]
            for code, parameter in levels.setting.study.protocol.parameters.items()
            if parameter.instrument == measures.instrument and parameter.score in totals
        }
    for code, item in measures.questions.items():
        filled.questions[code] = levels.score_value(code)
        filled.values[code] = filled.answers[f"{form}.{item}"] = filled.questions[code]
    for code, item in measures.laboratory.items():
        filled.results[code] = levels.laboratory(code, under_drug=under_drug)
        filled.values[code] = filled.answers[f"{form}.{item}"] = float(filled.results[code])
    return filled


def record(
    setting: Setting, form: str, filled: Filled, records: Records, when: date, at: Named
) -> None:
    """Write a filled form: item rows, single questions and laboratory rows."""
    study, parameters = setting.study, setting.study.protocol.parameters
    name = setting.forms[form].instrument
    if name:
        labels = {item.code: item.label for item in instruments[name].items}
        for code, value in filled.items.items():
            records.item(instruments[name].category, code, labels[code], value, when, at)
    for code, score in filled.questions.items():
        label, category = study.text(parameters[code].label), parameters[code].category or code
        records.item(category, code, label, score, when, at)
    for code, result in filled.results.items():
        normal = setting.nature.stable[code].normal.both
        records.laboratory(code, result, parameters[code].unit, normal, when, at)
