"""What the forms of a study measure in a synthetic subject."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pilotage.courses.nature import Nature
from pilotage.datasets.facts import read_target
from pilotage.study import Study
from pilotage.study.protocol import ActivityTable, Form


@dataclass(frozen=True, slots=True)
class Measures:
    """A form as far as the nature of the subjects describes it: the instrument, and the parameters
    that single items record (laboratory results, questions), each with its item."""

    instrument: str | None = None
    laboratory: Mapping[str, str] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.instrument or self.laboratory or self.questions)


@dataclass(frozen=True, slots=True)
class Setting:
    """What all subjects of a cohort share. `forms` are those that measure something; `planned` is
    every form that a planned visit asks for; `activities` are the rows of the study's table that
    ask for a form that measures something."""

    study: Study
    nature: Nature
    forms: Mapping[str, Measures]
    planned: frozenset[str]
    activities: ActivityTable


def setting(study: Study, nature: Nature) -> Setting:
    forms = {code: measures(study, nature, form) for code, form in study.protocol.forms.items()}
    measuring = {code: found for code, found in forms.items() if found}
    schedule = study.protocol.schedule
    planned = frozenset(form for visit in schedule.visits for form in visit.forms)
    activities = schedule.activities
    watched = tuple(row for row in activities.rows if row.form in measuring)
    return Setting(
        study, nature, measuring, planned, activities.model_copy(update={"rows": watched})
    )


def measures(study: Study, nature: Nature, form: Form) -> Measures:
    """What a form measures of what the nature describes."""
    described = {**nature.responding, **nature.stable}
    instrument = any(
        parameter.instrument == form.instrument and parameter.score and code in described
        for code, parameter in study.protocol.parameters.items()
        if form.instrument
    )
    found: dict[str, dict[str, str]] = {"lb": {}, "qs": {}}
    for name, item in form.items.items():
        target = read_target(item.target)
        code = dict(target.where).get(f"{target.domain.upper()}TESTCD", "")
        if target.domain in found and code in described and code in study.protocol.parameters:
            found[target.domain][code] = name
    return Measures(form.instrument if instrument else None, found["lb"], found["qs"])
