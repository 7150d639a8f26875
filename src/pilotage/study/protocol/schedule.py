"""The planned contacts with a subject and what is done at each."""

from typing import Annotated, Literal

from pydantic import Field

from pilotage.study.protocol.tables import ActivityTable
from pilotage.study.protocol.vocabulary import Code, Label, NotStated, Part, Sourced

During = Literal["study", "treatment"]
"""How long contacts are planned: until participation ends, or only while drug is taken."""


class Epoch(Part):
    id: str
    label: Label
    during: Annotated[During, Field(description="treatment: its visits end with the treatment")] = (
        "study"
    )


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
    """A test on a calendar of its own: first often, then less often, counted from the first dose
    until participation ends. With `during: treatment` it is planned while drug is taken, and each
    later cycle begins on its first day with the frequent tests."""

    form: Code
    label: Label
    every_days: Annotated[int, Field(ge=1)]
    until_day: Annotated[int, Field(ge=1)]
    then_every_days: Annotated[int, Field(ge=1)] | NotStated
    window: tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]] | NotStated
    during: During = "study"


class Unscheduled(Sourced):
    label: Label
    forms: tuple[Code, ...]


class Ends(Part):
    """The items that hold the day on which treatment ends for good, or participation does."""

    treatment: Annotated[str | None, Field(description="form.item with the date")] = None
    study: Annotated[str | None, Field(description="form.item with the date")] = None


class Schedule(Part):
    visits: Annotated[tuple[Visit, ...], Field(min_length=1)]
    afterwards: RepeatedVisit | None = None
    series: tuple[Series, ...] = ()
    unscheduled: Unscheduled | None = None
    activities: ActivityTable = ActivityTable()
    ends: Ends = Ends()
