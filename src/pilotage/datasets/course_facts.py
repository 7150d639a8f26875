"""What the datasets say of one subject's course: doses at response and relapse, relapses counted,
the response to what was given afterwards. Facts for tables with a row per subject."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from pilotage.datasets.derive import Datasets
from pilotage.datasets.dose_in_force import step
from pilotage.study.protocol import Protocol, Relapse

Kind = str
"""`step` of the ladder, `category` of the response, or `count`."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A value of one subject with the row of the dataset that it is taken from."""

    value: str | int
    dataset: str
    aseq: int


@dataclass(frozen=True, slots=True)
class CourseFact:
    """A fact of the course: what kind of value it is, and how each subject's is found. Subjects to
    whom the question does not apply, or of whom it cannot be known, have none."""

    kind: Kind
    find: Callable[[Datasets, Relapse | None], Mapping[str, Fact]]


def course_facts(name: str, datasets: Datasets, protocol: Protocol) -> Mapping[str, Fact]:
    """The fact of each subject who has one, by USUBJID."""
    return COURSE_FACTS[name].find(datasets, protocol.relapse)


# -- doses -----------------------------------------------------------------------------------------


def highest_doses(datasets: Datasets, relapse: Relapse | None) -> dict[str, Fact]:
    """The step with the highest mean daily dose, the first time it was taken. Missing where the
    mean daily dose of a row with drug is: it may be the highest."""
    dosed = datasets.adex.filter(pl.col("EXDOSE") > 0)
    known = dosed.filter(pl.col("AVAL").is_not_null().all().over("USUBJID"))
    first = known.sort("USUBJID", "AVAL", "ASEQ", descending=[False, True, False])
    return _steps(first.unique("USUBJID", keep="first", maintain_order=True))


def doses_at_cut(datasets: Datasets, relapse: Relapse | None) -> dict[str, Fact]:
    """The step that goes on at the data cut, of the subjects still on treatment."""
    ongoing = datasets.adex.filter((pl.col("ONGOFL") == "Y") & (pl.col("EXDOSE") > 0))
    return _steps(ongoing.unique("USUBJID", keep="last", maintain_order=True))


def doses_at_response(datasets: Datasets, relapse: Relapse | None) -> dict[str, Fact]:
    """The step under which the first response was seen (DOSEBEF)."""
    return {} if relapse is None else _doses_before(first_responses(datasets.adrs, relapse))


def doses_at_relapse(datasets: Datasets, relapse: Relapse | None) -> dict[str, Fact]:
    """The step under which the first relapse was seen (DOSEBEF)."""
    return _doses_before(_first_relapses(datasets.adrs))


def _doses_before(seen: pl.DataFrame) -> dict[str, Fact]:
    rows = seen.select("USUBJID", "ASEQ", "DOSEBEF").drop_nulls().rows()
    return {subject: Fact(name, "ADRS", aseq) for subject, aseq, name in rows}


def _steps(rows: pl.DataFrame) -> dict[str, Fact]:
    named = rows.select("USUBJID", "ASEQ", STEP=step())
    return {subject: Fact(name, "ADEX", aseq) for subject, aseq, name in named.rows()}


# -- response and relapse --------------------------------------------------------------------------


def relapse_counts(datasets: Datasets, relapse: Relapse | None) -> dict[str, Fact]:
    """How many relapses were seen; 0 for a subject with a response and none. Missing without a
    response: there is nothing to lose."""
    if relapse is None:
        return {}
    rows = datasets.adrs.filter(pl.col("PARAMCD") == "RELAPSE")
    counted = rows.group_by("USUBJID").agg(COUNT=pl.len(), ASEQ=pl.col("ASEQ").max())
    found = {
        subject: Fact(0, "ADRS", aseq)
        for subject, aseq in first_responses(datasets.adrs, relapse)
        .select("USUBJID", "ASEQ")
        .rows()
    }
    return found | {s: Fact(count, "ADRS", aseq) for s, count, aseq in counted.rows()}


def responses_after_relapse(datasets: Datasets, relapse: Relapse | None) -> dict[str, Fact]:
    """The best category at any assessment after the day of the first relapse. Missing where none
    is known."""
    starts = _first_relapses(datasets.adrs).select("USUBJID", FROM="ADT")
    return _best_after(datasets, relapse, starts)


def responses_in_second_cycle(datasets: Datasets, relapse: Relapse | None) -> dict[str, Fact]:
    """The best category at any assessment after the first day of the second cycle: that day's own
    assessment is what the cycle was begun for."""
    second = datasets.adex.filter((pl.col("CYCLE") == 2) & (pl.col("EXDOSE") > 0))
    starts = second.group_by("USUBJID").agg(FROM=pl.col("ASTDT").min())
    return _best_after(datasets, relapse, starts)


def _best_after(
    datasets: Datasets, relapse: Relapse | None, starts: pl.DataFrame
) -> dict[str, Fact]:
    if relapse is None:
        return {}
    later = (
        datasets.adrs.filter(
            (pl.col("PARAMCD") == relapse.classification) & pl.col("AVALC").is_not_null()
        )
        .join(starts, on="USUBJID", maintain_order="left")
        .filter(pl.col("ADT") > pl.col("FROM"))
        .sort("USUBJID", "AVAL", "ADT", "ASEQ")
        .unique("USUBJID", keep="first", maintain_order=True)
    )
    return {s: Fact(c, "ADRS", a) for s, c, a in later.select("USUBJID", "AVALC", "ASEQ").rows()}


def first_responses(adrs: pl.DataFrame, relapse: Relapse) -> pl.DataFrame:
    """The first assessment of each subject with the response that a relapse ends."""
    wanted = (pl.col("PARAMCD") == relapse.classification) & (pl.col("AVALC") == relapse.after)
    return _first(adrs.filter(wanted))


def _first_relapses(adrs: pl.DataFrame) -> pl.DataFrame:
    return _first(adrs.filter((pl.col("PARAMCD") == "RELAPSE") & (pl.col("AVAL") == 1)))


def _first(rows: pl.DataFrame) -> pl.DataFrame:
    ordered = rows.filter(pl.col("ADT").is_not_null()).sort("USUBJID", "ADT", "ASEQ")
    return ordered.unique("USUBJID", keep="first", maintain_order=True)


COURSE_FACTS: Mapping[str, CourseFact] = {
    "DOSEMAX": CourseFact("step", highest_doses),
    "DOSECUT": CourseFact("step", doses_at_cut),
    "DOSERESP": CourseFact("step", doses_at_response),
    "DOSEREL": CourseFact("step", doses_at_relapse),
    "NRELAPSE": CourseFact("count", relapse_counts),
    "RESPREL": CourseFact("category", responses_after_relapse),
    "RESPCYC2": CourseFact("category", responses_in_second_cycle),
}
"""By the name that `columns` of an output uses."""
