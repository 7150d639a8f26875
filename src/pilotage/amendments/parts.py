"""The parts of a study that are compared as one: what they are called, how a part of one study
finds its counterpart in the other, and what it touches when it changes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from pilotage.amendments.model import Matter
from pilotage.conditions import Condition, names_in
from pilotage.rules import names_of_tables
from pilotage.rules.assessments import classification_of
from pilotage.study import Study
from pilotage.study.protocol import Protocol

By = Literal["alone", "key", "id", "step", "form", "code", "week", "likeness"]
"""How counterparts find each other: there is only one, by the key of a group, by a field, or (rows
without a name) by what they say. What finds none is looked for by likeness: it may be renamed."""


@dataclass(frozen=True, slots=True)
class PartKind:
    """A kind of part. `path` leads to it from the part around it. `order` is what it touches when
    it moves; None where the order says nothing. Fields that belong to no part inside are its own.
    """

    noun: str
    heading: str
    path: tuple[str, ...]
    matter: Matter
    by: By = "alone"
    order: Matter | None = None
    inside: tuple["PartKind", ...] = ()


def _rows(name: str, path: tuple[str, ...], heading: str, order: Matter = "words") -> PartKind:
    return PartKind(f"row {{number}} of {name}", heading, path, "decisions", "likeness", order)


_ITEMS = PartKind("item {key} of {around}", "Forms", ("items",), "data", "key")
_CHECKS = PartKind(
    "edit check {number} of {around}", "Forms", ("checks",), "data", "likeness", "words"
)
_STEPS = PartKind("dose step {key}", "Treatment", ("ladder",), "decisions", "step", "decisions")
_CATEGORIES = PartKind(
    "category {key} of {around}", "Outcomes", ("categories",), "analysis", "code", "analysis"
)
_SUMMARIES = PartKind("summary {key} of {around}", "Outcomes", ("summaries",), "analysis", "key")

PROTOCOL_PARTS: tuple[PartKind, ...] = (
    PartKind("the protocol as a whole", "Study", (), "decisions"),
    PartKind("the study", "Study", ("study",), "analysis"),
    PartKind("version {key}", "Study", ("versions",), "words", "id", "words"),
    PartKind("epoch {key}", "Visits", ("epochs",), "data", "id", "words"),
    PartKind("the treatment", "Treatment", ("treatment",), "decisions", inside=(_STEPS,)),
    PartKind("the toxicity criteria", "Treatment", ("toxicity",), "decisions"),
    PartKind("{key}", "State", ("state",), "decisions", "key"),
    PartKind("parameter {key}", "Parameters", ("parameters",), "decisions", "key"),
    PartKind("codelist {key}", "Forms", ("codelists",), "data", "key"),
    PartKind("form {key}", "Forms", ("forms",), "data", "key", inside=(_ITEMS, _CHECKS)),
    PartKind("fact {key} of the subject", "Outcomes", ("subject_facts",), "analysis", "key"),
    PartKind("inclusion criterion {key}", "Eligibility", ("eligibility", "inclusion"), "decisions",
             "id", "words"),
    PartKind("exclusion criterion {key}", "Eligibility", ("eligibility", "exclusion"), "decisions",
             "id", "words"),
    PartKind("visit {key}", "Visits", ("schedule", "visits"), "data", "id", "words"),
    PartKind("the visits afterwards", "Visits", ("schedule", "afterwards"), "data"),
    PartKind("series {key}", "Visits", ("schedule", "series"), "data", "form", "words"),
    PartKind("unscheduled visits", "Visits", ("schedule", "unscheduled"), "data"),
    _rows("activities", ("schedule", "activities", "rows"), "Visits"),
    PartKind("the dosing table", "Dosing", ("dosing",), "decisions",
             inside=(_rows("dosing", ("rows",), "Dosing", "decisions"),)),
    PartKind("the stopping table", "Stopping", ("stopping",), "decisions",
             inside=(_rows("stopping", ("rows",), "Stopping"),)),
    PartKind("the dispensing table", "Dispensing", ("dispensing",), "decisions",
             inside=(_rows("dispensing", ("rows",), "Dispensing"),)),
    PartKind("the table of deviations", "Deviations", ("deviations",), "decisions",
             inside=(_rows("deviations", ("rows",), "Deviations"),)),
    PartKind("adverse events", "Adverse events", ("adverse_events",), "data"),
    PartKind("the analysis windows", "Outcomes", ("analysis_windows",), "analysis", inside=(
        PartKind("window of week {key}", "Outcomes", ("rows",), "analysis", "week", "words"),)),
    PartKind("classification {key}", "Outcomes", ("classifications",), "analysis", "key",
             inside=(_CATEGORIES, _SUMMARIES)),
    PartKind("relapse", "Outcomes", ("relapse",), "analysis"),
    PartKind("time to event {key}", "Outcomes", ("time_to_event",), "analysis", "key"),
)  # fmt: skip
"""Of protocol.yaml."""

PLAN_PARTS: tuple[PartKind, ...] = (
    PartKind("the plan as a whole", "Analyses", (), "analysis"),
    PartKind("population {key}", "Populations", ("populations",), "analysis", "key"),
    PartKind("analysis {key}", "Analyses", ("analyses",), "analysis", "id", "words"),
    PartKind("output {key}", "Outputs", ("outputs",), "analysis", "id", "words"),
)
"""Of sap.yaml."""

_SENTENCES = PartKind(
    "sentence {number} of {around}", "Text of the results", ("sentences",), "words", "likeness",
    "words",
)  # fmt: skip

TEXT_PARTS: tuple[PartKind, ...] = (
    PartKind("the text of the results", "Text of the results", (), "words"),
    PartKind("section {number} of the text of the results", "Text of the results", ("sections",),
             "words", "likeness", "words", (_SENTENCES,)),
)  # fmt: skip
"""Of results_text.yaml."""

PROSE_PART = PartKind("{key}", "Prose", (), "words", "key")
"""A section of protocol.md or open_questions.md."""

FIELDS: Mapping[str, Matter] = {
    "source": "words", "languages": "words", "pilotage": "words", "registration": "words",
    "publication": "words", "ethics": "words", "normal": "words", "footnotes": "words",
    "groups": "words", "term": "data", "route": "data", "max_age_days": "decisions",
    "reporting_hours": "decisions", "query_laboratory_grade_from": "decisions",
    "days_after_last_dose": "analysis",
}  # fmt: skip
"""What a field touches where it is not what its part does."""

RESPONSE = {"response", "best response", "relapse", "relapses in taper", "treatment phase"}
"""Names of the state that rest on the classification of the response."""

Decides = Callable[[str, str], bool]


def decides(old: Study, new: Study) -> Decides:
    """Does a part of this kind with this name have a say in decisions, in either study?"""
    used = [_used(study.protocol) for study in (old, new)]
    names = {name for each in used for name in each}
    whole = {name.partition(".")[0] for name in names}
    kinds = {
        study.protocol.state[name].derivation
        for study in (old, new)
        for name in names
        if name in study.protocol.state
    }
    judged = {classification_of(study.protocol) for study in (old, new)}
    response = bool(kinds & RESPONSE)

    def has_a_say(heading: str, name: str) -> bool:
        if heading == "Outcomes":
            return response and (name == "relapse" or name in judged)
        return name in whole or name in names

    return has_a_say


def _used(protocol: Protocol) -> set[str]:
    """The names of the tables, and those on which response and relapse rest."""
    names = set(names_of_tables(protocol))
    derived = {protocol.state[name].derivation for name in names if name in protocol.state}
    found = protocol.classifications.get(classification_of(protocol) or "")
    if found is None or not derived & RESPONSE:
        return names
    conditions = [category.when for category in found.categories]
    if protocol.relapse is not None:
        conditions += [protocol.relapse.when, protocol.relapse.cleared]
    names |= {found.parameter}
    return names | {n for each in conditions if isinstance(each, Condition) for n in names_in(each)}
