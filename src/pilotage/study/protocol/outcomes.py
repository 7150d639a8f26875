"""What counts as what in the analysis: response, relapse, times to events, windows, harm."""

from typing import Annotated, Literal

from pydantic import Field

from pilotage.study.protocol.vocabulary import Label, Name, NotStated, Part, Sourced, When


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
    against: Annotated[
        Literal["baseline", "previous assessment"],
        Field(description="what X.BASE is for the categories, and X.CHG and X.PCHG count from"),
    ] = "baseline"
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
    after_course: Annotated[
        int | None,
        Field(
            ge=0,
            description="the last value up to so many days after the end of the first cycle is the "
            "value after the course of treatment (ANL02FL)",
        ),
    ] = None


class AdverseEvents(Sourced):
    days_after_last_dose: Annotated[int, Field(ge=0)]
    severity: tuple[str, ...]
    serious_criteria: dict[str, Label]
    reporting_hours: Annotated[int, Field(ge=1)] | NotStated = "not stated"
    learnt: Annotated[str | None, Field(description="form.item: when the site learnt of it")] = None
    reported: Annotated[str | None, Field(description="form.item: when it was reported")] = None
    query_laboratory_grade_from: Annotated[int, Field(ge=1, le=4)] | NotStated = "not stated"
