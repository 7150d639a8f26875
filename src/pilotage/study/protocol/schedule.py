"""The planned contacts with a subject and what is done at each."""

from typing import Annotated

from pydantic import Field

from pilotage.study.protocol.tables import ActivityTable
from pilotage.study.protocol.vocabulary import Code, Label, NotStated, Part, Sourced


class Epoch(Part):
    id: str
    label: Label


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
