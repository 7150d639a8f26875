"""The statistical analysis plan: everything that `sap.yaml` may hold, as frozen models."""

from typing import Annotated, Literal

from pydantic import Field

from pilotage.study.protocol import Label, Name, Part, Sourced, When

Dataset = Literal["ADSL", "ADQS", "ADRS", "ADTTE", "ADLB", "ADAE", "ADEX"]

Interval = Literal["clopper_pearson", "wilson"]
PairedTest = Literal[
    "paired_t", "signed_rank_exact", "signed_rank_asymptotic",
    "pooled_t", "welch_t", "mann_whitney_exact", "mann_whitney_asymptotic",
]  # fmt: skip
GroupTest = Literal["pooled_t", "welch_t", "mann_whitney_exact", "mann_whitney_asymptotic"]


class Population(Sourced):
    """Who counts. The flag is a column of ADSL; missing where it cannot be known."""

    label: Label
    rule: Literal["screened", "enrolled", "treated", "first cycle lasts"]
    days: Annotated[int | None, Field(ge=1, description="for `first cycle lasts`")] = None
    headline: Annotated[bool, Field(description="the population of the first answer")] = False
    remark: Label | None = None


class Analysis(Sourced):
    """One analysis. `where` chooses rows of the dataset, over its columns and those of ADSL;
    `among` chooses subjects, over columns of ADSL: the others are not at risk."""

    id: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]
    label: Label
    dataset: Dataset
    populations: Annotated[tuple[Name, ...], Field(min_length=1)]
    where: When | None = None
    among: Annotated[When | None, Field(description="who is at risk: columns of ADSL")] = None
    by: Annotated[Name | None, Field(description="a column of ADSL")] = None
    endpoint: Literal["primary", "secondary", "exploratory", "description"] = "description"
    remark: Label | None = None


class ProportionAnalysis(Analysis):
    """Subjects with at least one chosen row for which `event` holds."""

    kind: Literal["proportion"]
    event: When
    missing: Annotated[
        Literal["no event", "left out", "lower bound"],
        Field(
            description="a subject of whom it cannot be known: is no event, is left out, or is no"
            " event in the count and an event in the upper end of the intervals"
        ),
    ]
    without_row: Annotated[
        Literal["not known", "no event", "not at risk"] | None,
        Field(
            description="what a subject is who has no chosen row; if not given: of ADAE no event,"
            " of ADTTE not at risk, of others not known"
        ),
    ] = None
    intervals: tuple[Interval, ...] = ("clopper_pearson", "wilson")
    level: Annotated[float, Field(gt=0.5, lt=1)] = 0.95


class CategoriesAnalysis(Analysis):
    """Subjects in each category of a column; one row per subject must be chosen."""

    kind: Literal["categories"]
    variable: Name
    without_row: Annotated[
        Literal["not known", "not at risk"],
        Field(description="what a subject is who has no chosen row"),
    ] = "not known"


class SummaryAnalysis(Analysis):
    """Mean, SD, SEM, median, quartiles and range of a column; by analysis visit when asked."""

    kind: Literal["summary"]
    variable: Name
    by_visit: bool = False


class ChangeAnalysis(Analysis):
    """Paired comparison of AVAL with BASE: mean change with interval, tests. At one visit (`week`),
    at each visit (`by_visit`), or at the one record that has a flag (`record`)."""

    kind: Literal["change"]
    parameter: Name
    week: Annotated[int | None, Field(ge=1)] = None
    by_visit: bool = False
    record: Annotated[Name | None, Field(description="a flag of the one record compared")] = None
    tests: tuple[PairedTest, ...] = ("paired_t", "signed_rank_exact")
    level: Annotated[float, Field(gt=0.5, lt=1)] = 0.95


class TimeToEventAnalysis(Analysis):
    """Kaplan-Meier of a parameter of ADTTE, in weeks, with the median and range of event times."""

    kind: Literal["time to event"]
    parameter: Name
    interval: Literal["log-log", "plain"] = "log-log"
    level: Annotated[float, Field(gt=0.5, lt=1)] = 0.95


class CumulativeIncidenceAnalysis(Analysis):
    """Cumulative incidence of a parameter of ADTTE, in weeks, where another event can come first
    and prevent it."""

    kind: Literal["cumulative incidence"]
    parameter: Name
    competing: Annotated[When, Field(description="who had the competing event: columns of ADSL")]
    competing_on: Annotated[Name, Field(description="the column of ADSL with its date")] = "DCSDT"
    interval: Literal["log-log", "plain"] = "log-log"
    level: Annotated[float, Field(gt=0.5, lt=1)] = 0.95


class TwoStageDesignAnalysis(Analysis):
    """Simon's two-stage design for the rate of response `p0` that is not worth more trials and the
    one `p1` that is. It reads no data: it says what a trial planned for this question would be."""

    kind: Literal["two-stage design"]
    p0: Annotated[float, Field(gt=0, lt=1)]
    p1: Annotated[float, Field(gt=0, lt=1)]
    alpha: Annotated[float, Field(gt=0, lt=1)] = 0.05
    beta: Annotated[float, Field(gt=0, lt=1)] = 0.2
    criterion: Literal["optimal", "minimax"] = "optimal"


class EventsAnalysis(Analysis):
    """Subjects with an event and number of events, in all and by term."""

    kind: Literal["events"]
    term: Name
    interval: Interval = "clopper_pearson"
    level: Annotated[float, Field(gt=0.5, lt=1)] = 0.95


class ComparisonAnalysis(Analysis):
    """Two groups of subjects (`by`) compared on a column."""

    kind: Literal["comparison"]
    variable: Name
    tests: tuple[GroupTest, ...] = ("pooled_t", "welch_t", "mann_whitney_exact")


AnyAnalysis = Annotated[
    ProportionAnalysis
    | CategoriesAnalysis
    | SummaryAnalysis
    | ChangeAnalysis
    | TimeToEventAnalysis
    | CumulativeIncidenceAnalysis
    | TwoStageDesignAnalysis
    | EventsAnalysis
    | ComparisonAnalysis,
    Field(discriminator="kind"),
]

Layout = Literal[
    "disposition", "subjects", "baseline", "response", "response by subject", "course over time",
    "time to event", "adverse events", "body maps", "before and after", "flow", "swimmer",
    "waterfall", "individual courses", "laboratory courses", "deviations",
    "adverse event listing", "laboratory listing", "exposure", "compliance", "results text",
    "narratives", "changes",
]  # fmt: skip


class ShownSubject(Part):
    """A subject that a figure shows before treatment and after it."""

    subject: Annotated[
        str | int,
        Field(description="USUBJID, or the number at its end: 12 is SITE-012"),
    ]
    week: Annotated[int, Field(ge=1, description="week of the assessment after treatment")]


class BodyMap(Part):
    """What is drawn on the body: items of an instrument that have a region, named by their
    group."""

    instrument: str
    group: Annotated[str, Field(description="the group of items whose values are drawn")]
    subjects: Annotated[tuple[ShownSubject, ...], Field(min_length=1)]
    consent: Annotated[
        Name | None, Field(description="a column of ADSL: Y is consent to publication")
    ] = None


class Output(Sourced):
    """A table, figure, listing or text of the report and the analyses that feed it."""

    id: Annotated[str, Field(pattern=r"^[TFLS][0-9]+(\.[0-9]+)*$")]
    kind: Literal["table", "figure", "listing", "text"]
    layout: Layout
    title: Label
    analyses: tuple[str, ...] = ()
    columns: Annotated[
        tuple[Name, ...],
        Field(
            description="of ADSL; `response by subject` also shows parameters, facts of the "
            "course and analyses of the kind `proportion`"
        ),
    ] = ()
    heads: dict[Name, Label] = Field(
        default_factory=dict, description="what columns are called here, by their name"
    )
    parameters: tuple[Name, ...] = ()
    until_week: Annotated[int | None, Field(ge=1, description="the last week drawn")] = None
    best: Annotated[
        Literal["lowest", "highest"], Field(description="which change is best, for a waterfall")
    ] = "lowest"
    groups: Annotated[
        tuple[Label, ...],
        Field(description="names of the groups, in the order of each parameter's analyses"),
    ] = ()
    body_map: BodyMap | None = None
    footnotes: tuple[Label, ...] = ()


class Sap(Part):
    """The whole of `sap.yaml`."""

    pilotage: Annotated[Literal[1], Field(description="version of this schema")]
    significance: Annotated[float, Field(gt=0, lt=1)] = 0.05
    populations: Annotated[dict[Name, Population], Field(min_length=1)]
    analyses: Annotated[tuple[AnyAnalysis, ...], Field(min_length=1)]
    outputs: Annotated[tuple[Output, ...], Field(min_length=1)]
    headlines: Annotated[
        tuple[str, ...], Field(description="analyses that answer first, in a line each")
    ] = ()
