"""How a solution becomes courses: the second half of `reconstruction.yaml`, as frozen models."""

from typing import Annotated, Literal

from pydantic import Field

from pilotage.study.protocol import Code, Label, Name, Part, When

ItemName = Annotated[str, Field(description="form.item")]
Days = Annotated[int, Field(ge=1)]
Whole = Annotated[int | Name, Field(description="a whole number, or the variable that has it")]
Span = Annotated[tuple[int, int], Field(description="[lowest, highest], drawn between them")]


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
    gradual: Annotated[bool, Field(description="it rises evenly too, not at once")] = False
    stages: Annotated[dict[str, tuple[Stage, ...]], Field(default_factory=dict)]


class Place(Part):
    """The regions in which an instrument, or one of its scores, begins, for the subjects of a kind:
    one after the other, or evenly in all of them."""

    who: When
    score: Annotated[Name | None, Field(description="the parameter; without it, all")] = None
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


class Supply(Part):
    """How drug is handed out: the form, the dose in a capsule, how many are packed together, how
    likely one is to be forgotten, and the forms that are filled before where the study's rules
    would let no drug be handed out without."""

    form: Code
    strength: Annotated[float, Field(gt=0)]
    packed: Annotated[int, Field(ge=1)] = 1
    forgotten: Annotated[float, Field(ge=0, le=1)] = 0
    needs: tuple[Code, ...] = ()


class Restart(Part):
    """What is done before drug is given again, where the rules of dispensing ask for it: forms on
    the day of the decision, and a visit with further forms so many days later."""

    first: tuple[Code, ...]
    days: Days
    forms: tuple[Code, ...]


class Stop(Part):
    """The end of treatment of the subjects of a kind, on the first day without drug. One that is
    not for good ends a cycle: the dosing table may give drug again."""

    who: When
    day: Days
    reason: str
    words: Label
    for_good: bool = True


class Slip(Part):
    """What goes astray now and then where nothing else is planned, and the words of the deviation:
    a visit so many `days` beyond its window, a visit or a form that is missed. The words may name
    {visit}, {form} and {days}."""

    kind: Literal["late visit", "missed visit", "missed form"]
    chance: Annotated[float, Field(ge=0, le=1)]
    when: Annotated[When | None, Field(description="over the state of the subject")] = None
    days: Span = (1, 1)
    form: Code | None = None
    category: str
    code: str
    words: Label


class Deviations(Part):
    """What is recorded as a deviation: what the study's own table of deviations sees, and what goes
    astray."""

    category: Annotated[str, Field(description="of what the study's table sees")]
    code: str
    slips: tuple[Slip, ...] = ()
