"""What is counted of each trial: the columns of the trial-level tables, in their order."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pilotage.conditions import Condition, names_in
from pilotage.simulation.scheme import Scheme
from pilotage.study.protocol import Protocol, Row, text_of

Of = Literal["subjects", "number", "days", "amount", "trials"]
SUCCESS_MASK, TOX_MASK = "SUCCESS_MASK", "TOX_MASK"
MASK_BITS = 60
"""Subjects for whom one whole number has room, a bit each in the order of inclusion."""


@dataclass(frozen=True, slots=True)
class Column:
    """`of`: whether subjects are counted (so that a share of them is a proportion), other things,
    days, an amount of drug, or something that a trial is (1) or is not (0)."""

    name: str
    label: str
    of: Of = "number"
    unit: str = ""


def counted(scheme: Scheme) -> tuple[Column, ...]:
    """The columns of whole numbers after TRIAL."""
    return tuple(_counted(scheme))


def amounts(scheme: Scheme) -> tuple[Column, ...]:
    """The columns of decimal numbers."""
    unit = scheme.protocol.treatment.unit
    return (
        Column("DRUG_AMOUNT", "Drug taken by all subjects", "amount", unit),
        Column("DURATION_DAYS", "From the first consent to the last visit", "days", "days"),
    )


def _counted(scheme: Scheme) -> Iterator[Column]:
    protocol = scheme.protocol
    yield Column("N", "Subjects included")
    yield Column("SUCCESSES", "Subjects with the response that counts as a success", "subjects")
    for category in scheme.response.categories:
        label = f"Best response at the end: {text_of(category.label)}"
        yield Column(f"BEST_{category.code.replace(' ', '_')}", label, "subjects")
    yield Column("RELAPSED", "Subjects with a relapse", "subjects")
    yield Column("RELAPSES_TAPER", "Relapses while reducing the dose or after withdrawal")
    yield Column("STOPPED", "Subjects whose treatment was stopped", "subjects")
    for at in scheme.stopping:
        label = f"Stopped: {text_of(protocol.stopping.rows[at].why)}"
        yield Column(f"STOPPED_RULE_{at + 1}", label, "subjects")
    yield Column("STOPPED_DOSING", "Stopped by the dosing table", "subjects")
    yield Column("STOPPED_EVENT", "Stopped for an adverse event", "subjects")
    yield Column("DROPPED_OUT", "Subjects who came no more", "subjects")
    yield Column("TOX", "Subjects stopped for a laboratory value", "subjects")
    yield Column(
        "TOX_IN_TIME", "Stopped for a laboratory value by the day of the endpoint", "subjects"
    )
    yield Column("EVENTS", "Adverse events")
    for at, event in enumerate(scheme.nature.events, 1):
        yield Column(f"EVENT_{at}", f"Adverse events: {event.term}")
    yield Column("VISITS", "Visits that took place")
    yield Column("MISSED", "Contacts that were missed")
    yield Column("SAMPLES", "Laboratory sheets filled")
    yield Column("DOSE_DAYS", "Days under drug, of all subjects", "days", "days")
    yield Column("CAPSULES", "Capsules taken, each subject's rounded up")
    yield Column("UNKNOWN_DECISIONS", "Visits at which the dosing table could not advise")
    yield Column("ACCEPTED", "The decision accepts the treatment", "trials")
    yield Column("GIVEN_UP", "The decision gives the treatment up", "trials")
    yield Column("TOO_TOXIC", "The decision ends the trial for toxicity", "trials")
    yield Column("EARLY", "Ended at a look before the last one", "trials")


def is_of_laboratory(protocol: Protocol, row: Row) -> bool:
    """Does a row of a table ask for a laboratory value?"""
    if not isinstance(row.when, Condition):
        return False
    codes = {name.partition(".")[0] for name in names_in(row.when)}
    found = (protocol.parameters.get(code) for code in codes)
    return any(parameter is not None and parameter.domain == "LB" for parameter in found)
