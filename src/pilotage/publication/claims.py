"""What a paper prints: everything that `published.yaml` may hold, as frozen models.

A claim is one statement of the paper that a program can check: its place, the words, and what they
say. Nothing here says whether a claim is true; verdicts are computed and never stored.

The models hold shape and type only. What one part says about another (a group that is not declared,
a value that is not the printed one) is checked in `pilotage.publication.consistency`.
"""

from typing import Annotated, Literal

from pydantic import Field

from pilotage.publication.groups import Group, Time, Variable
from pilotage.publication.printed import decimals
from pilotage.study.protocol import Code, Label, Name, NotStated, Part

Section = Literal[
    "title", "abstract", "introduction", "methods", "results", "tables", "legends", "discussion",
    "conclusion", "supplement",
]  # fmt: skip
Comparator = Literal["=", "<", "<=", ">", ">=", "about"]
Whose = Annotated[Code | NotStated, Field(description="whose values these are")]
Whole = Annotated[Code | NotStated, Field(description="the group of which it is a share")]
NotAResult = Literal["plan", "instrument", "mention"]
ResultPattern = Annotated[
    str, Field(description="RESULTID: ANALYSIS/POPULATION/LEVEL/AVISITN/STATISTIC; * for any text")
]


class Paper(Part):
    """The publication, and the sections whose numbers are all among the claims."""

    title: Label
    citation: str
    registration: str | None = None
    covers: Annotated[tuple[Section, ...], Field(min_length=1)]
    remark: Label | None = None


# -- claims ----------------------------------------------------------------------------------------


class Place(Part):
    """Where a sentence stands: counted from 1 within the section and within the paragraph."""

    section: Section
    paragraph: Annotated[int, Field(ge=1)]
    sentence: Annotated[int, Field(ge=1)]
    display: Annotated[str | None, Field(description="the table or figure of a legend")] = None

    def __str__(self) -> str:
        return f"{self.section} {self.paragraph}.{self.sentence}"


class Claim(Part):
    """What all claims have. `printed` is the part of `sentence` that says it, as printed."""

    id: Annotated[str, Field(description="a claim's own id such as R-07; never used again")]
    place: Place
    sentence: Annotated[str, Field(description="the words needed, verbatim, one sentence at most")]
    printed: str
    about: Annotated[
        Literal["trial", "literature"], Field(description="literature: not about this trial")
    ] = "trial"
    reading: Annotated[
        Label | None, Field(description="how `printed` was read, where that is not plain")
    ] = None
    same_fact_as: Annotated[str | None, Field(description="the claim of the fullest place")] = None
    not_a_result: Annotated[
        NotAResult | None, Field(description="what it is, if no result of the trial's data")
    ] = None
    not_computable: Annotated[
        Label | None, Field(description="a result, but no data set of the study holds it: why")
    ] = None
    remark: Label | None = None

    def named(self, key: Literal["kind", "group", "variable", "at", "unit"]) -> str | None:
        """What the claim says under the key; None for a kind that has no such key."""
        said: str | None = getattr(self, key, None)
        return said


class Rounded(Claim):
    """A claim with numbers, rounded for print."""

    digits: Annotated[
        int | None, Field(ge=0, description="decimal places, where `printed` does not show them")
    ] = None

    @property
    def printed_digits(self) -> int:
        """The decimal places to which they were rounded for print."""
        return decimals(self.printed) if self.digits is None else self.digits


class OneNumber(Rounded):
    """A claim of one number. `result` names the result that answers it; of several the first is
    meant, the others are candidates."""

    value: float
    comparator: Comparator = "="
    result: ResultPattern | tuple[ResultPattern, ...] = ()


class Ends(Part):
    """The results behind the two ends of a claim."""

    low: ResultPattern
    high: ResultPattern


class TwoNumbers(Rounded):
    """A claim of two ends."""

    low: float
    high: float
    result: Ends | tuple[Ends, ...] = ()


class Measured(Part):
    """Whose values of what, and when. `unit` where the paper prints another than the variable's."""

    group: Whose
    variable: Name
    at: Code | None = None
    unit: str | None = None


class CountClaim(OneNumber):
    """How many are in `group`; with `of`, how many of `of` are in `group`."""

    kind: Literal["count"]
    value: Annotated[int, Field(ge=0)]
    group: Code
    of: Whole | None = None


class PercentageClaim(OneNumber):
    """Which share of `of` is in `group`, per cent."""

    kind: Literal["percentage"]
    group: Code
    of: Whole


class StatisticClaim(OneNumber, Measured):
    """A statistic of a variable over a group."""

    kind: Literal["mean", "sd", "sem", "median", "minimum", "maximum"]


class ValueClaim(OneNumber, Measured):
    """The value of each subject of the group: for facts about single subjects."""

    kind: Literal["value"]


class RangeClaim(TwoNumbers, Measured):
    """Smallest and largest value, or the quartiles."""

    kind: Literal["range", "quartiles"]


class PValueClaim(OneNumber):
    """A P value. `compares` are the claims (means, counts) between which it was computed."""

    kind: Literal["p_value"]
    test: Literal[
        "not named", "t test", "paired t test", "Welch t test", "Mann-Whitney test",
        "signed-rank test", "chi-squared test", "Fisher exact test", "McNemar test",
        "log-rank test", "other",
    ]  # fmt: skip
    compares: tuple[str, ...] = ()
    group: Whose | None = None
    than: Annotated[Code | None, Field(description="the other group, if there is one")] = None
    variable: Name | None = None
    since: Annotated[Code | None, Field(description="the earlier time of a change")] = None
    at: Code | None = None


class ThresholdClaim(OneNumber):
    """A limit that the paper sets. `group`: those who meet it, for a definition. An alternative is
    one of several criteria of inclusion of which one suffices."""

    kind: Literal["threshold"]
    role: Literal[
        "inclusion", "alternative", "exclusion", "definition", "stopping", "significance", "normal"
    ]
    variable: Name
    at: Code | None = None
    unit: str | None = None
    group: Code | None = None


class Told(Part):
    """What a number says in words; `group` and `variable` where each subject has a value of it."""

    what: Annotated[Label, Field(description="what the number is about")]
    group: Code | None = None
    variable: Name | None = None


class DurationClaim(OneNumber, Told):
    """A span of time of the plan or of the course of somebody."""

    kind: Literal["duration"]
    unit: Literal["days", "weeks", "months", "years"]


class DoseClaim(OneNumber, Told):
    kind: Literal["dose"]
    unit: str
    frequency: str | None = None


class DoseRangeClaim(TwoNumbers, Told):
    kind: Literal["dose_range"]
    unit: str


class DateClaim(Claim, Told):
    """A date as exact as it is printed: 2009, 2009-01 or 2009-01-31. With a group and a variable:
    the first of their dates, or the last."""

    kind: Literal["date"]
    value: str
    end: Literal["first", "last"] = "first"


class IdentifierClaim(Claim):
    """A number or code that is a name: a registration, a version, a phase."""

    kind: Literal["identifier"]
    value: str
    what: Label


class Said(Claim):
    """A claim in words."""

    result: ResultPattern | tuple[ResultPattern, ...] = ()


class AllOrNoneClaim(Said):
    """Every subject of `of` is in `group`, or none is."""

    kind: Literal["all", "none"]
    group: Code
    of: Whole


class ChangeClaim(Said):
    """How a variable is said to have changed between `since` and `at`."""

    kind: Literal["change"]
    group: Whose
    variable: Name
    since: Code | None = None
    at: Code | None = None
    direction: Literal["none", "increase", "decrease", "no increase", "no decrease"]
    significance: Literal["significant", "not significant", "not stated"] = "not stated"


class Between(Part):
    """Two groups, and what is compared: a variable, or the share that is in a third group."""

    group: Code
    than: Code
    variable: Name | None = None
    share: Code | None = None


class ComparisonClaim(Said, Between):
    """One group is said to have more, less or as much as another."""

    kind: Literal["comparison"]
    comparator: Literal["=", "<", ">"]


class EffectClaim(OneNumber, Between):
    """The size of a difference between two groups."""

    kind: Literal["difference", "odds_ratio", "risk_ratio", "hazard_ratio"]
    unit: str | None = None


class IntervalClaim(TwoNumbers):
    """The confidence interval of another claim."""

    kind: Literal["interval"]
    around: Annotated[str, Field(description="the id of the claim whose interval it is")]
    level: Annotated[float, Field(gt=0.5, lt=1)] = 0.95


AnyClaim = Annotated[
    CountClaim
    | PercentageClaim
    | StatisticClaim
    | ValueClaim
    | RangeClaim
    | PValueClaim
    | ThresholdClaim
    | DurationClaim
    | DoseClaim
    | DoseRangeClaim
    | DateClaim
    | IdentifierClaim
    | AllOrNoneClaim
    | ChangeClaim
    | ComparisonClaim
    | EffectClaim
    | IntervalClaim,
    Field(discriminator="kind"),
]


class Published(Part):
    """The whole of `published.yaml`."""

    pilotage: Annotated[Literal[1], Field(description="version of this schema")]
    paper: Paper
    groups: Annotated[dict[Code, Group], Field(min_length=1)]
    variables: Annotated[dict[Name, Variable], Field(default_factory=dict)]
    times: Annotated[dict[Code, Time], Field(default_factory=dict)]
    claims: Annotated[tuple[AnyClaim, ...], Field(min_length=1)]

    def claim(self, name: str) -> AnyClaim:
        """The claim with this id. KeyError where there is none."""
        for claim in self.claims:
            if claim.id == name:
                return claim
        raise KeyError(name)
