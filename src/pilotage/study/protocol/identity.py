"""What the trial is called, how it is designed, and the versions of its protocol."""

from typing import Annotated, Literal

from pydantic import Field

from pilotage.study.protocol.vocabulary import CalendarDate, Label, NotStated, Part, Sourced


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
