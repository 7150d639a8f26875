"""Named subjects and what the rules of a study must say of them: everything that
`worked_examples.yaml` may hold. No analysis reads it; `pilotage check` runs it."""

from typing import Annotated, Literal

from pydantic import Field

from pilotage.study.protocol import CalendarDate, Part

FILE = "worked_examples.yaml"
NO_ADVICE: Literal["CANNOT ADVISE"] = "CANNOT ADVISE"

Day = Annotated[str, Field(pattern=r"^(-?[1-9][0-9]{0,4}|[0-9]{4}-[0-9]{2}-[0-9]{2})$")]
"""A study day, or a date, as the key of what was recorded on it."""

OnDay = int | Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
"""A study day, or a date."""

Number = int | float
Words = tuple[str, ...]


class Written(Part):
    """A measured value with all that a laboratory writes beside it; the unit `none` is no unit."""

    value: Number | str
    unit: str
    low: Annotated[float | None, Field(description="lower limit of normal")] = None
    high: Annotated[float | None, Field(description="upper limit of normal")] = None


Answer = int | float | str | Written
Records = Annotated[
    dict[Day, dict[str, Answer]],
    Field(default_factory=dict, description="by day: form.item or PARAMETER: value; visit: id"),
]


class TakenDose(Part):
    """A step of the ladder that was taken from a day on, up to a day or without an end."""

    step: str
    first: Annotated[OnDay, Field(alias="from")]
    last: Annotated[OnDay | None, Field(alias="to")] = None


class Start(Part):
    """What several examples have in common. An example that is `like` it may say otherwise."""

    like: Annotated[str | None, Field(description="a start that this one builds upon")] = None
    records: Records
    doses: tuple[TakenDose, ...] = ()
    without: Words = ()


ReportStatus = Literal["reported in time", "reported late", "due", "overdue", "unknown"]
"""How the report of a serious event stands on a day."""


class Reported(Part):
    """How the report of a serious event stands, and its hours: those that it took, or those left
    until it is due."""

    status: ReportStatus
    hours: Annotated[
        Number | None,
        Field(description="hours taken or left, where the moments are written to the minute"),
    ] = None


class Expectation(Part):
    """What is to hold on a day, before anything is prescribed on it. Only what is named counts."""

    on: OnDay
    eligible: Literal["yes", "no", "unknown"] | None = None
    criteria: Annotated[
        dict[str, Literal["passed", "failed", "unknown"]], Field(default_factory=dict)
    ]
    waits_for: Annotated[
        Words | None, Field(description="what eligibility still needs, the cheapest first")
    ] = None
    state: Annotated[
        dict[str, Number | str],
        Field(default_factory=dict, description="name: value, or unknown"),
    ]
    dosing: (
        Literal[
            "start", "raise", "hold", "lower", "stop", "reintroduce", "maintain", "CANNOT ADVISE"
        ]
        | None
    ) = None
    step: Annotated[str | None, Field(description="the step to which dosing leads")] = None
    missing: Annotated[Words | None, Field(description="what dosing lacks")] = None
    entered: Annotated[
        dict[str, Literal["conforms", "deviates", "CANNOT ADVISE"]],
        Field(
            default_factory=dict,
            description="a step that is entered: how it compares with the protocol",
        ),
    ]
    stops: Annotated[
        Words | Literal["CANNOT ADVISE"] | None, Field(description="every reason to stop")
    ] = None
    blocks: Annotated[
        Words | Literal["CANNOT ADVISE"] | None, Field(description="every reason not to dispense")
    ] = None
    contacts: Annotated[
        dict[str, Words],
        Field(
            default_factory=dict, description="by status: every visit, test or activity that has it"
        ),
    ]
    deviations: Annotated[
        dict[str, Annotated[int, Field(ge=0)]],
        Field(
            default_factory=dict,
            description="how many deviations of a kind are found up to the day",
        ),
    ]
    reporting: Annotated[
        dict[str, ReportStatus | Reported] | None,
        Field(description="every serious event by its term: how its report stands"),
    ] = None
    queries: Annotated[
        tuple[Annotated[str, Field(min_length=1)], ...] | None,
        Field(description="every query up to the day, each by words that it contains"),
    ] = None


class Example(Start):
    """A named subject."""

    name: Annotated[str, Field(min_length=1)]
    source: str | Words | None = None
    expect: Annotated[tuple[Expectation, ...], Field(min_length=1)]


class WorkedExamples(Part):
    """The whole of `worked_examples.yaml`."""

    pilotage: Annotated[Literal[1], Field(description="version of this schema")]
    day_one: Annotated[CalendarDate, Field(description="the date of study day 1")]
    starts: Annotated[dict[str, Start], Field(default_factory=dict)]
    examples: Annotated[tuple[Example, ...], Field(min_length=1)]
