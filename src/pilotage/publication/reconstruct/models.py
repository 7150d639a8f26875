"""How a synthetic cohort is built to meet a paper: `reconstruction.yaml` of a study, as frozen
models.

What each subject is like is a handful of variables. The claims of `published.yaml` and the rules
here bind them; `choices` say which claim is followed where printed numbers exclude each other, or
how one that can be read in several ways is read. Whether they do, and what is met, is computed.
"""

from typing import Annotated, Literal

from pydantic import Field

from pilotage.publication.arithmetic import Decimals
from pilotage.publication.reconstruct.course_models import (
    Answer,
    Deviations,
    Doses,
    Entry,
    ItemName,
    Level,
    Path,
    Place,
    Restart,
    Result,
    Span,
    Stop,
    Supply,
)
from pilotage.study.protocol import CalendarDate, Code, Label, Name, Part, When


class Cohort(Part):
    """Who is invented. `subjects` is the claim that says how many there are."""

    subjects: str
    prefix: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,8}$")]
    screening_days: Span
    cut: CalendarDate
    cut_day: Annotated[Name, Field(description="the variable with the study day of the cut")]
    last_day: Annotated[Name, Field(description="the variable with the day of the last contact")]


class Unknown(Part):
    """A variable of each subject, which the solver finds. A text has the choices named here or
    those of its item; a whole number a range or a list of values."""

    label: Label
    item: Annotated[ItemName | None, Field(description="the item that records it")] = None
    choices: tuple[str, ...] = ()
    range: Annotated[tuple[int, int] | None, Field(description="[lowest, highest]")] = None
    values: Annotated[tuple[int, ...], Field(description="only these")] = ()
    step: Annotated[int, Field(ge=1)] = 1
    unit: str | None = None
    like: Annotated[
        tuple[float, float] | None,
        Field(description="[mean, SD] of the values it would have, were it free"),
    ] = None


class Measure(Part):
    """The variable of a subject that a published variable, at a time, is."""

    variable: Name
    at: Code | None = None
    is_: Annotated[Name, Field(alias="is")]


class Rule(Part):
    """What holds for every subject, whatever the paper prints: eligibility, schedule, sense. A sum
    of variables with factors lies between `at_least` and `at_most`."""

    why: Label
    when: When | None = None
    holds: When | None = None
    sum: Annotated[dict[Name, int] | None, Field(description="variable: factor")] = None
    at_least: int | None = None
    at_most: int | None = None


class Number(Part):
    """How many subjects there are of a kind that the paper does not count."""

    why: Label
    of: When
    at_least: Annotated[int, Field(ge=0)] = 0
    at_most: int | None = None


class Choice(Part):
    """How a claim is read where its words leave it open, or that it is left where others exclude
    it. `question` is the heading of open_questions.md that gives the reason."""

    claim: str
    question: Annotated[str, Field(pattern=r"^Q-[0-9]+$")]
    leave: bool = False
    group: Code | None = None
    of: Code | None = None
    decimals: Decimals | None = None
    test: Literal["pooled_t", "welch_t", "paired_t"] | None = None


class Reconstruction(Part):
    """The whole of `reconstruction.yaml`."""

    pilotage: Annotated[Literal[1], Field(description="version of this schema")]
    remark: Label
    cohort: Cohort
    variables: Annotated[dict[Name, Unknown], Field(min_length=1)]
    measures: tuple[Measure, ...] = ()
    groups: Annotated[dict[Code, When], Field(default_factory=dict)]
    nobody: Annotated[
        tuple[Code, ...], Field(description="groups of the paper in which the cohort has nobody")
    ] = ()
    rules: tuple[Rule, ...] = ()
    numbers: tuple[Number, ...] = ()
    blocks: Annotated[
        tuple[tuple[Name, ...], ...],
        Field(description="variables that are found together, after all the others"),
    ] = ()
    choices: tuple[Choice, ...] = ()
    answers: Annotated[dict[str, Answer], Field(default_factory=dict)]
    levels: Annotated[dict[str, Level], Field(default_factory=dict)]
    paths: Annotated[dict[Name, Path], Field(default_factory=dict)]
    places: Annotated[dict[Code, tuple[Place, ...]], Field(default_factory=dict)]
    doses: Doses
    supply: Supply | None = None
    restart: Restart | None = None
    deviations: Deviations | None = None
    results: tuple[Result, ...] = ()
    entries: tuple[Entry, ...] = ()
    stops: tuple[Stop, ...] = ()

    def choice(self, claim: str) -> Choice | None:
        return next((choice for choice in self.choices if choice.claim == claim), None)
