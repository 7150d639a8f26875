"""The trial as planned: everything that `protocol.yaml` may hold, as frozen models.

The models hold shape and type only. What one part says about another (a name that is not declared,
a source that is no heading of protocol.md) is checked in `pilotage.study.consistency`, so that a
person sees all mistakes at once, each with its line.
"""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    PlainSerializer,
    Strict,
)
from pydantic.json_schema import WithJsonSchema

from pilotage.conditions import Condition, parse

NotStated = Literal["not stated"]
Label = str | dict[str, str]
"""A text in the study's first language, or one text by language code."""


def text_of(label: Label, language: str | None = None) -> str:
    """The label in a language; where it is not translated, in the study's first language."""
    if isinstance(label, str):
        return label
    return label.get(language or "") or next(iter(label.values()))


def _parsed(text: object) -> object:
    return parse(text) if isinstance(text, str) else text


When = Annotated[
    InstanceOf[Condition],
    BeforeValidator(_parsed),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "description": "a condition, see docs/reference/conditions"}),
]
"""A condition written in the language of conditions; parsed when it is read."""


def _calendar_date(written: object) -> object:
    """YAML 1.2 knows no dates: a date is text of the form 2024-03-31, and nothing else is one."""
    if isinstance(written, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
        return date.fromisoformat(written)
    return written


CalendarDate = Annotated[date, Strict(), BeforeValidator(_calendar_date)]

Name = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,31}$")]
"""A name of the study's namespace: upper case, as CDISC variables are."""

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
"""A name of a form, item or codelist: lower case."""

Range = Annotated[tuple[float, float], Field(description="[lowest, highest], both allowed")]


class Part(BaseModel):
    """A part of the study file. Frozen; a key that the schema does not know is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Sourced(Part):
    """A part that says where in the protocol it comes from: the id of a heading of protocol.md."""

    source: str | tuple[str, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        return (self.source,) if isinstance(self.source, str) else self.source


# -- identity ------------------------------------------------------------------------------------


class Design(Sourced):
    phase: str | NotStated
    arms: Annotated[int, Field(ge=1)] = 1
    allocation: Literal["none", "randomised"] = "none"
    blinding: Literal["open label", "single blind", "double blind"] = "open label"
    centres: Annotated[int, Field(ge=1)] | NotStated = "not stated"
    planned_subjects: Annotated[int, Field(ge=1)] | NotStated


class StudyIdentity(Sourced):
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*$")]
    title: Label
    short_title: Label
    condition: Label
    registration: str | NotStated = "not stated"
    publication: str | NotStated = "not stated"
    ethics: Label | NotStated = "not stated"
    design: Design


class ProtocolVersion(Part):
    """A version of the protocol; a visit is bound to the version in force on its date."""

    id: str
    date: CalendarDate
    summary: Label


# -- treatment -----------------------------------------------------------------------------------


class DoseStep(Part):
    """One rung of the ladder. Dose 0 is no drug."""

    step: str
    dose: Annotated[float, Field(ge=0)]
    frequency: str | None = None


class Treatment(Sourced):
    name: Label
    term: Annotated[str, Field(description="the text that EXTRT carries")]
    route: str | NotStated
    unit: str
    ladder: Annotated[tuple[DoseStep, ...], Field(min_length=2, description="lowest step first")]
    days_without_drug_within_cycle: Annotated[int, Field(ge=0)] = 14


# -- what is known of a subject: the namespace ----------------------------------------------------

StateKind = Literal[
    "age",
    "sex",
    "study day",
    "week of cycle",
    "dose step",
    "weeks at dose step",
    "treatment phase",
    "cycle",
    "response",
    "best response",
    "relapse",
    "relapses in taper",
    "day of cycle",
    "days since",
]


class StateVariable(Part):
    """A name that decision tables may use, and how the engine derives it (a closed list)."""

    label: Label
    derivation: Annotated[StateKind, Field(alias="is")]
    of: Annotated[str | None, Field(description="`days since`: form.item with the date")] = None
    unit: str | None = None
    range: Range | None = None
    choices: tuple[str, ...] = ()
    max_age_days: Annotated[int, Field(ge=0)] | NotStated | None = None


class Parameter(Sourced):
    """Something measured and analysed. Gives the names X, X.BASE, X.CHG, X.PCHG, X.AGE_DAYS and,
    where it is graded, X.GRADE."""

    label: Label
    domain: Literal["QS", "LB"]
    unit: str
    range: Range
    whole_numbers: bool = False
    category: Annotated[str | None, Field(description="QSCAT of the instrument")] = None
    instrument: str | None = None
    score: str | None = None
    grade: Annotated[str | None, Field(description="term of the toxicity criteria")] = None
    normal: Annotated[Label | None, Field(description="normal range, in words")] = None
    max_age_days: Annotated[int, Field(ge=0)] | NotStated = "not stated"


class SubjectFact(Part):
    """A column of ADSL: an item of a form, or the baseline of a parameter."""

    label: Label
    item: Annotated[str | None, Field(description="form.item")] = None
    baseline: Annotated[str | None, Field(description="a parameter")] = None


class Toxicity(Sourced):
    criteria: Literal["CTC"] = "CTC"
    version: Literal["3.0", "4.03", "5.0"]


# -- forms ---------------------------------------------------------------------------------------

Choice = Annotated[dict[str, Label], Field(min_length=1, description="code: label")]


_EQUALS = r"[A-Z0-9]{1,8} = \S+"


class Item(Part):
    """A question of a form and where its answer lives in SDTM."""

    label: Label
    type: Literal["text", "integer", "number", "choice", "yes_no", "date", "datetime", "file"]
    target: Annotated[
        str,
        Field(
            pattern=rf"^[A-Z]{{2,6}}\.[A-Z0-9]{{1,8}}( where {_EQUALS}( and {_EQUALS})*)?$",
            description="as on an annotated CRF: DM.AGE, or LB.LBORRES where LBTESTCD = NEUT",
        ),
    ]
    required: bool = False
    unit: str | None = None
    units: Annotated[tuple[str, ...], Field(description="units a site may report")] = ()
    range: Range | None = None
    codelist: Code | None = None
    when: Annotated[When | None, Field(description="asked only when this holds")] = None
    max_age_days: Annotated[int, Field(ge=0)] | NotStated | None = None
    source: str | tuple[str, ...] | None = None


class EditCheck(Part):
    """A condition that a complete form must meet; a query opens when it is known not to hold."""

    holds: When
    message: Label
    source: str | tuple[str, ...] | None = None


class Form(Sourced):
    label: Label
    instrument: Annotated[str | None, Field(description="items come from this instrument")] = None
    repeating: bool = False
    items: dict[Code, Item] = {}
    checks: tuple[EditCheck, ...] = ()


# -- decision tables -----------------------------------------------------------------------------


class Row(Sourced):
    """One row of a decision table: when it holds, what is done, and why."""

    when: When | NotStated
    why: Label


class DosingRow(Row):
    do: Literal["start", "raise", "hold", "lower", "stop", "reintroduce", "maintain"]
    to: Annotated[str | None, Field(description="a step of the ladder")] = None


class StoppingRow(Row):
    do: Literal["stop"] = "stop"


class DispensingRow(Row):
    do: Literal["block"] = "block"


class DeviationRow(Row):
    do: Literal["record"] = "record"


class ActivityRow(Row):
    do: Literal["perform"] = "perform"
    form: Code


class DosingTable(Part):
    """Ordered: the first row that holds, where every row before it is known not to hold."""

    mode: Literal["first"] = "first"
    rows: Annotated[tuple[DosingRow, ...], Field(min_length=1)]
    otherwise: NotStated | Literal["hold"] = "not stated"


class StoppingTable(Part):
    """Every row that is true answers, whatever else is unknown."""

    mode: Literal["any"] = "any"
    rows: tuple[StoppingRow, ...]


class DispensingTable(Part):
    mode: Literal["any"] = "any"
    rows: tuple[DispensingRow, ...]


class DeviationTable(Part):
    mode: Literal["any"] = "any"
    rows: tuple[DeviationRow, ...]


class ActivityTable(Part):
    mode: Literal["any"] = "any"
    rows: tuple[ActivityRow, ...] = ()


class Criterion(Row):
    """An eligibility criterion. `why` is its text in the protocol's words; `cost` orders the tests
    that are still missing (1 a question, 5 an invasive test)."""

    id: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,8}$", description="IETESTCD")]
    cost: Annotated[int, Field(ge=1, le=5)] = 1


class Eligibility(Part):
    """All of the inclusion criteria, none of the exclusion criteria."""

    inclusion: Annotated[tuple[Criterion, ...], Field(min_length=1)]
    exclusion: tuple[Criterion, ...] = ()


# -- schedule ------------------------------------------------------------------------------------


class Visit(Sourced):
    """A planned contact. Day 1 is the first dose; `window` is days before and after the target."""

    id: Annotated[str, Field(pattern=r"^[A-Z0-9_]+$")]
    label: Label
    number: Annotated[float, Field(ge=0, description="VISITNUM")]
    epoch: str
    day: int
    window: tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]] | NotStated
    forms: tuple[Code, ...]


class RepeatedVisit(Sourced):
    """Visits that go on at a fixed distance after the last planned one."""

    label: Label
    epoch: str
    every_days: Annotated[int, Field(ge=1)]
    window: tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]] | NotStated
    forms: tuple[Code, ...]


class Series(Sourced):
    """A test on a calendar of its own: first often, then less often."""

    form: Code
    label: Label
    every_days: Annotated[int, Field(ge=1)]
    until_day: Annotated[int, Field(ge=1)]
    then_every_days: Annotated[int, Field(ge=1)] | NotStated
    window: tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]] | NotStated


class Unscheduled(Sourced):
    label: Label
    forms: tuple[Code, ...]


class Schedule(Part):
    visits: Annotated[tuple[Visit, ...], Field(min_length=1)]
    afterwards: RepeatedVisit | None = None
    series: tuple[Series, ...] = ()
    unscheduled: Unscheduled | None = None
    activities: ActivityTable = ActivityTable()


# -- what counts as what in the analysis -----------------------------------------------------------


class Category(Sourced):
    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9 ]*$")]
    label: Label
    when: When


class Summary(Sourced):
    """One row per treated subject: the category that stands first among all assessments, or among
    those up to a study day."""

    label: Label
    until_day: int | None = None


class Classification(Part):
    """A category at every post-baseline assessment of a parameter (ADRS). The order of the
    categories is the order in which they are tried and the order of merit of the summaries."""

    label: Label
    parameter: str
    categories: Annotated[tuple[Category, ...], Field(min_length=1)]
    summaries: dict[Name, Summary] = {}


class Relapse(Sourced):
    """Return of the disease after a category of response was reached. A further relapse counts
    only after `cleared` has held again."""

    classification: str
    after: str
    when: When
    cleared: When


Anchor = Literal[
    "first dose", "first response", "first dose reduction after response",
    "withdrawal after response",
]  # fmt: skip


class TimeToEvent(Sourced):
    """A parameter of ADTTE. `response` is the category whose first date is the response."""

    label: Label
    start: Anchor
    event: Literal["response", "relapse"]


class Window(Part):
    """An analysis window: study days `first_day` to `last_day`, both included."""

    week: Annotated[int, Field(ge=1)]
    first_day: int
    last_day: int


class LaterWindows(Part):
    every_weeks: Annotated[int, Field(ge=1)]
    days_before: Annotated[int, Field(ge=0)]
    days_after: Annotated[int, Field(ge=0)]


class AnalysisWindows(Sourced):
    rows: Annotated[tuple[Window, ...], Field(min_length=1)]
    afterwards: LaterWindows | None = None


class AdverseEvents(Sourced):
    days_after_last_dose: Annotated[int, Field(ge=0)]
    severity: tuple[str, ...]
    serious_criteria: dict[str, Label]
    reporting_hours: Annotated[int, Field(ge=1)] | NotStated = "not stated"
    query_laboratory_grade_from: Annotated[int, Field(ge=1, le=4)] | NotStated = "not stated"


class Epoch(Part):
    id: str
    label: Label


class Protocol(Part):
    """The whole of `protocol.yaml`."""

    pilotage: Annotated[Literal[1], Field(description="version of this schema")]
    languages: Annotated[tuple[str, ...], Field(min_length=1)] = ("en",)
    study: StudyIdentity
    versions: Annotated[tuple[ProtocolVersion, ...], Field(min_length=1)]
    epochs: Annotated[tuple[Epoch, ...], Field(min_length=1)]
    treatment: Treatment
    toxicity: Toxicity | None = None
    state: dict[Name, StateVariable]
    parameters: Annotated[dict[Name, Parameter], Field(min_length=1)]
    codelists: dict[Code, Choice] = {}
    forms: dict[Code, Form]
    subject_facts: dict[Name, SubjectFact] = {}
    eligibility: Eligibility
    schedule: Schedule
    dosing: DosingTable
    dose_proposals: bool = False
    stopping: StoppingTable
    dispensing: DispensingTable | None = None
    deviations: DeviationTable | None = None
    adverse_events: AdverseEvents
    analysis_windows: AnalysisWindows
    classifications: dict[Name, Classification]
    relapse: Relapse | None = None
    time_to_event: dict[Name, TimeToEvent] = {}
