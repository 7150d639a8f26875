"""The decision tables: ordered rows of a condition and what is done when it holds."""

from typing import Annotated, Literal

from pydantic import Field

from pilotage.study.protocol.vocabulary import Code, Label, NotStated, Part, Sourced, When


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
    that are still missing (1 a question, 5 an invasive test). With `must_be_known` nobody signs
    the eligibility while the forms do not answer it, whatever they know from elsewhere."""

    id: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,8}$", description="IETESTCD")]
    cost: Annotated[int, Field(ge=1, le=5)] = 1
    must_be_known: bool = False


class Eligibility(Part):
    """All of the inclusion criteria, none of the exclusion criteria."""

    inclusion: Annotated[tuple[Criterion, ...], Field(min_length=1)]
    exclusion: tuple[Criterion, ...] = ()
