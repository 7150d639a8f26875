"""The drug, its ladder of doses, and the criteria by which its harm is graded."""

from typing import Annotated, Literal

from pydantic import Field

from pilotage.study.protocol.vocabulary import Label, NotStated, Part, Sourced


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


class Toxicity(Sourced):
    criteria: Literal["CTC"] = "CTC"
    version: Literal["3.0", "4.03", "5.0"]
