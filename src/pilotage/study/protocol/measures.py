"""What is known of a subject: the names of the state, the parameters, the facts of ADSL."""

from typing import Annotated, Literal

from pydantic import Field

from pilotage.study.protocol.vocabulary import Label, NotStated, Part, Range, Sourced

StateKind = Literal[
    "age",
    "sex",
    "study day",
    "week of cycle",
    "dose step",
    "weeks at dose step",
    "treatment phase",
    "cycle",
    "response",
    "best response",
    "relapse",
    "relapses in taper",
    "day of cycle",
    "days since",
]


class StateVariable(Part):
    """A name that decision tables may use, and how the engine derives it (a closed list)."""

    label: Label
    derivation: Annotated[StateKind, Field(alias="is")]
    of: Annotated[str | None, Field(description="`days since`: form.item with the date")] = None
    unit: str | None = None
    range: Range | None = None
    choices: tuple[str, ...] = ()
    max_age_days: Annotated[int, Field(ge=0)] | NotStated | None = None


class Parameter(Sourced):
    """Something measured and analysed. Gives the names X, X.BASE, X.CHG, X.PCHG, X.AGE_DAYS and,
    where it is graded, X.GRADE."""

    label: Label
    domain: Literal["QS", "LB"]
    unit: str
    range: Range
    whole_numbers: bool = False
    category: Annotated[str | None, Field(description="QSCAT of the instrument")] = None
    instrument: str | None = None
    score: str | None = None
    grade: Annotated[str | None, Field(description="term of the toxicity criteria")] = None
    normal: Annotated[Label | None, Field(description="normal range, in words")] = None
    max_age_days: Annotated[int, Field(ge=0)] | NotStated = "not stated"


class SubjectFact(Part):
    """A column of ADSL: an item of a form, or the baseline of a parameter."""

    label: Label
    item: Annotated[str | None, Field(description="form.item")] = None
    baseline: Annotated[str | None, Field(description="a parameter")] = None
    ever: Annotated[
        str | None,
        Field(
            description="with `item`: Y where this was answered after the first dose, N where "
            "something else was and this never"
        ),
    ] = None
