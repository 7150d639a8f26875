"""How a synthetic cohort is built to meet a paper: `reconstruction.yaml` of a study, as frozen
models.

What each subject is like is a handful of variables. The claims of `published.yaml` and the rules
here bind them; `choices` say which claim is followed where printed numbers exclude each other, or
how one that can be read in several ways is read. Whether they do, and what is met, is computed.
"""

from typing import Annotated, Literal

from pydantic import Field

from pilotage.publication.reconstruct.arithmetic import Decimals
from pilotage.study.protocol import CalendarDate, Code, Label, Name, Part, When

ItemName = Annotated[str, Field(description="form.item")]
Days = Annotated[int, Field(ge=1)]
Whole = Annotated[int | Name, Field(description="a whole number, or the variable that has it")]
Span = Annotated[tuple[int, int], Field(description="[lowest, highest], drawn between them")]


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


# -- how a solution becomes courses ----------------------------------------------------------------


class FromClaim(Part):
    """The number of a claim, in the unit of the item; with `per_cent` as the whole of which it is
    the share that another claim gives."""

    claim: str
    per_cent: str | None = None


class Answer(Part):
    """How an item is answered wherever it is asked, by the first of these that is given."""

    variable: Name | None = None
    while_: Annotated[
        When | None, Field(alias="while", description="yes, or 1, while this holds")
    ] = None
    always: str | int | float | None = None
    first: Annotated[str | None, Field(description="the first time, in place of `always`")] = None
    choices: Annotated[dict[str, float] | None, Field(description="answer: probability")] = None
    draw: Span | None = None
    days_before: Annotated[Span | None, Field(description="a date before the contact")] = None
    contact: Annotated[bool, Field(description="the date of the contact")] = False


class Level(Part):
    """A measured number: around the subject's own level, drawn or a variable; `under_drug` is added
    under drug. `low` and `high` are the laboratory's limits of normal. A sum has no level."""

    mean: float | None = None
    variable: Name | None = None
    unit: Annotated[str | None, Field(description="where it is not that of the item")] = None
    sd: Annotated[float, Field(ge=0)] = 0
    range: tuple[float, float] | None = None
    within_sd: Annotated[float, Field(ge=0)] = 0
    under_drug: float = 0
    shift_sd: Annotated[
        float,
        Field(ge=0, description="of a shift after the start that is balanced over the subjects"),
    ] = 0
    balanced_in: Annotated[
        Name | None, Field(description="also among those who share the value of this variable")
    ] = None
    digits: Annotated[int, Field(ge=0, le=4)] = 0
    low: float | None = None
    high: float | None = None
    sum_of: Annotated[tuple[ItemName, ...], Field(description="items that add up to it")] = ()


class Target(Part):
    """A score: a variable or a number, a draw between two numbers, or between two shares of the
    baseline, but at least 1."""

    is_: Annotated[Whole | None, Field(alias="is")] = None
    draw: Span | None = None
    of_baseline: tuple[float, float] | None = None


class Stage(Part):
    """Where a score is to be, and when: so many days after the first dose, or after a change of the
    dose that the study's own rules make."""

    to: Target
    days: Annotated[Whole | Span, Field(description="elapsed days")]
    after: Literal[
        "first dose",
        "stage",
        "reduction",
        "further reduction",
        "withdrawal",
        "reintroduction",
        "maintenance",
    ] = "first dose"


class Path(Part):
    """The course of a score by the choice of a variable; without stages it stays at baseline."""

    baseline: Name
    by: Name | None = None
    stages: Annotated[dict[str, tuple[Stage, ...]], Field(default_factory=dict)]


class Place(Part):
    """The regions in which an instrument begins, for the subjects of a kind: one after the other,
    or evenly in all of them."""

    who: When
    regions: tuple[str, ...]
    evenly: bool = False


class Entry(Part):
    """A page of a log, or a form filled on a day of its own, for the subjects of a kind. Dates are
    study days; with `contact` there is a contact on the day, with its other forms."""

    form: Code
    who: When
    day: Whole
    values: Annotated[dict[Code, str | int | float], Field(default_factory=dict)]
    days: Annotated[
        dict[Code, int], Field(default_factory=dict, description="items that are dates")
    ]
    contact: Annotated[tuple[Code, ...], Field(description="forms filled that day")] = ()


class Result(Part):
    """What is measured on a day in the subjects of a kind, in place of what chance would give: the
    number of a claim, or a change of the subject's own level."""

    item: ItemName
    who: When
    day: Days
    claim: FromClaim | None = None
    change: float | None = None


class Doses(Part):
    """The words of the study for what happens to the dose: the reason of each action, and of an end
    of treatment by it."""

    reasons: dict[Literal["start", "raise", "lower", "reintroduce", "maintain"], str]
    withdrawn: str


class Stop(Part):
    """The end of treatment of the subjects of a kind, on the first day without drug."""

    who: When
    day: Days
    reason: str
    words: Label


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
    results: tuple[Result, ...] = ()
    entries: tuple[Entry, ...] = ()
    stops: tuple[Stop, ...] = ()

    def choice(self, claim: str) -> Choice | None:
        return next((choice for choice in self.choices if choice.claim == claim), None)
