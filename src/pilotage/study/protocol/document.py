"""The whole of `protocol.yaml`."""

from typing import Annotated, Literal

from pydantic import Field

from pilotage.study.protocol.forms import Choice, Form
from pilotage.study.protocol.identity import ProtocolVersion, StudyIdentity
from pilotage.study.protocol.measures import Parameter, StateVariable, SubjectFact
from pilotage.study.protocol.outcomes import (
    AdverseEvents,
    AnalysisWindows,
    Classification,
    Relapse,
    TimeToEvent,
)
from pilotage.study.protocol.schedule import Epoch, Schedule
from pilotage.study.protocol.tables import (
    DeviationTable,
    DispensingTable,
    DosingTable,
    Eligibility,
    StoppingTable,
)
from pilotage.study.protocol.treatment import Toxicity, Treatment
from pilotage.study.protocol.vocabulary import Code, Name, Part


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
