"""What a paper prints: everything that `published.yaml` may hold, as frozen models.

A claim is one statement of the paper that a program can check: its place, the words, and what they
say. Nothing here says whether a claim is true; verdicts are computed and never stored.

The models hold shape and type only. What one part says about another (a group that is not declared,
a value that is not the printed one) is checked in `pilotage.publication.consistency`.
"""

from typing import Annotated, Literal

from pydantic import Field

from pilotage.publication.printed import decimals
from pilotage.study.protocol import Code, Label, Name, NotStated, Part, Range, When

Section = Literal[
    "title", "abstract", "introduction", "methods", "results", "tables", "legends", "discussion",
    "conclusion", "supplement",
]  # fmt: skip
Comparator = Literal["=", "<", "<=", ">", ">=", "about"]
Groups = Annotated[Code | tuple[Code, ...], Field(description="one group or a list of groups")]
ResultPattern = Annotated[
    str, Field(description="RESULTID: ANALYSIS/POPULATION/LEVEL/AVISITN/STATISTIC; * for any text")
]


def as_tuple(names: str | tuple[str, ...]) -> tuple[str, ...]:
    """What stands as one name or as a list of names, as a list."""
    return (names,) if isinstance(names, str) else names


class Paper(Part):
    """The publication, and the sections whose numbers are all among the claims."""

    title: Label
    citation: str
    registration: str | None = None
    covers: Annotated[tuple[Section, ...], Field(min_length=1)]
    remark: Label | None = None


# -- what claims speak of --------------------------------------------------------------------------


class Group(Part):
    """Subjects of whom the paper speaks, and how they lie to other groups by the meaning of the
    words. What the paper states beyond that (numbers, 'all of') is a claim."""

    label: Label
    things: Annotated[str | None, Field(description="what is counted, if not subjects")] = None
    subject: Annotated[str | None, Field(description="one subject, by the paper's number")] = None
    subset_of: Groups = ()
    apart_from: Annotated[Groups, Field(description="groups that share no subject with it")] = ()
    union_of: Annotated[Groups, Field(description="exactly the subjects of these")] = ()
    intersection_of: Annotated[Groups, Field(description="exactly those in each of these")] = ()
    without: Annotated[
        Groups, Field(description="exactly those of `subset_of` that are in none of these")
    ] = ()
    where: Annotated[When | None, Field(description="the same in columns of ADSL")] = None
    remark: Label | None = None


class Variable(Part):
    """What was measured. Where the study has a parameter or a column of this name, it is that."""

    label: Label
    unit: str
    range: Range | None = None
    whole_numbers: Annotated[bool, Field(description="of each subject, whatever a mean is")] = False


class Time(Part):
    """A moment or a span of which the paper speaks; the study's analysis week where it has one."""

    label: Label
    week: Annotated[int | None, Field(ge=0, description="AVISITN; 0 is baseline")] = None


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
    remark: Label | None = None


class OneNumber(Claim):
    """A claim of one number. `result` names the result that answers it; of several the first is
    meant, the others are candidates."""

    value: float
    comparator: Comparator = "="
    digits: Annotated[
        int | None, Field(ge=0, description="decimal places, where `printed` does not show them")
    ] = None
    result: ResultPattern | tuple[ResultPattern, ...] = ()

    @property
    def printed_digits(self) -> int:
        """The decimal places to which the number was rounded for print."""
        return decimals(self.printed) if self.digits is None else self.digits


class Ends(Part):
    """The results behind the two ends of a claim."""

    low: ResultPattern
    high: ResultPattern


class TwoNumbers(Claim):
    """A claim of two ends."""

    low: float
    high: float
    digits: Annotated[
        int | None, Field(ge=0, description="decimal places, where `printed` does not show them")
    ] = None
    result: Ends | tuple[Ends, ...] = ()

    @property
    def printed_digits(self) -> int:
        """The decimal places to which the ends were rounded for print."""
        return decimals(self.printed) if self.digits is None else self.digits


class Measured(Part):
    """Whose values of what, and when. `unit` where the paper prints another than the variable's."""

    group: Code
    variable: Name
    at: Code | None = None
    unit: str | None = None


Whole = Annotated[Code | NotStated, Field(description="the group of which it is a share")]


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
    group: Code | None = None
    than: Annotated[Code | None, Field(description="the other group, if there is one")] = None
    variable: Name | None = None
    since: Annotated[Code | None, Field(description="the earlier time of a change")] = None
    at: Code | None = None


class ThresholdClaim(OneNumber):
    """A limit that the paper sets. `group`: those who meet it, for a definition."""

    kind: Literal["threshold"]
    role: Literal["inclusion", "exclusion", "definition", "stopping", "significance", "normal"]
    variable: Name
    at: Code | None = None
    unit: str | None = None
    group: Code | None = None


class DurationClaim(OneNumber):
    """A span of time of the plan or of the course of somebody."""

    kind: Literal["duration"]
    unit: Literal["days", "weeks", "months", "years"]
    what: Annotated[Label, Field(description="what lasted so long")]
    group: Code | None = None


class DoseClaim(OneNumber):
    kind: Literal["dose"]
    unit: str
    frequency: str | None = None
    what: Label
    group: Code | None = None


class DoseRangeClaim(TwoNumbers):
    kind: Literal["dose_range"]
    unit: str
    what: Label
    group: Code | None = None


class DateClaim(Claim):
    """A date as exact as it is printed: 2009, 2009-01 or 2009-01-31."""

    kind: Literal["date"]
    value: str
    what: Label


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
    group: Code
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
