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
    rule: Literal["enrolled", "treated", "first cycle lasts"]
    days: Annotated[int | None, Field(ge=1, description="for `first cycle lasts`")] = None
    headline: Annotated[bool, Field(description="the population of the first answer")] = False
    remark: Label | None = None


class Analysis(Sourced):
    """One analysis. `where` chooses rows of the dataset, over its columns and those of ADSL."""

    id: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]
    label: Label
    dataset: Dataset
    populations: Annotated[tuple[Name, ...], Field(min_length=1)]
    where: When | None = None
    by: Annotated[Name | None, Field(description="a column of ADSL")] = None
    endpoint: Literal["primary", "secondary", "exploratory", "description"] = "description"
    remark: Label | None = None


class ProportionAnalysis(Analysis):
    """Subjects with at least one chosen row for which `event` holds."""

    kind: Literal["proportion"]
    event: When
    missing: Annotated[
        Literal["no event", "left out"],
        Field(description="a subject of whom it cannot be known: is no event, or is left out"),
    ]
    intervals: tuple[Interval, ...] = ("clopper_pearson", "wilson")
    level: Annotated[float, Field(gt=0.5, lt=1)] = 0.95


class CategoriesAnalysis(Analysis):
    """Subjects in each category of a column; one row per subject must be chosen."""

    kind: Literal["categories"]
    variable: Name


class SummaryAnalysis(Analysis):
    """Mean, SD, SEM, median, quartiles and range of a column; by analysis visit when asked."""

    kind: Literal["summary"]
    variable: Name
    by_visit: bool = False


class ChangeAnalysis(Analysis):
    """Paired comparison of AVAL with BASE at a visit: mean change with interval, tests."""

    kind: Literal["change"]
    parameter: Name
    week: Annotated[int, Field(ge=1)]
    tests: tuple[PairedTest, ...] = ("paired_t", "signed_rank_exact")
    level: Annotated[float, Field(gt=0.5, lt=1)] = 0.95


class TimeToEventAnalysis(Analysis):
    """Kaplan-Meier of a parameter of ADTTE, in weeks, with the median and range of event times."""

    kind: Literal["time to event"]
    parameter: Name
    interval: Literal["log-log", "plain"] = "log-log"
    level: Annotated[float, Field(gt=0.5, lt=1)] = 0.95


class EventsAnalysis(Analysis):
    """Subjects with an event and number of events, in all and by term."""

    kind: Literal["events"]
    term: Name
    interval: Interval = "clopper_pearson"


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
    | EventsAnalysis
    | ComparisonAnalysis,
    Field(discriminator="kind"),
]

Layout = Literal[
    "disposition", "subjects", "baseline", "response", "response by subject", "course over time",
    "time to event", "adverse events",
]  # fmt: skip


class Output(Sourced):
    """A table, figure or listing of the report and the analyses that feed it."""

    id: Annotated[str, Field(pattern=r"^[TFL][0-9]+(\.[0-9]+)*$")]
    kind: Literal["table", "figure", "listing"]
    layout: Layout
    title: Label
    analyses: tuple[str, ...] = ()
    columns: Annotated[tuple[Name, ...], Field(description="of ADSL, for tables by subject")] = ()
    parameters: tuple[Name, ...] = ()
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
