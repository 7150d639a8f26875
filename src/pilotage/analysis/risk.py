"""Who can have the event, and the words for those who cannot or of whom it is not known."""

from collections.abc import Iterable
from typing import Literal

from pilotage.analysis.select import Selection
from pilotage.conditions import describe
from pilotage.study import Study
from pilotage.study.columns import adsl_columns
from pilotage.study.protocol import Label
from pilotage.study.sap import (
    Analysis,
    CumulativeIncidenceAnalysis,
    EventsAnalysis,
    ProportionAnalysis,
    TimeToEventAnalysis,
)

RELAPSE = "RELAPSE"
"""The parameter of ADRS that numbers the relapses of a subject."""

WithoutRow = Literal["not known", "no event", "not at risk"]

RISKS = (
    ProportionAnalysis,
    TimeToEventAnalysis,
    CumulativeIncidenceAnalysis,
    EventsAnalysis,
)
"""Analyses of an event that can happen; the others ask for a value."""

WITHOUT_ROW: dict[str, WithoutRow] = {"ADAE": "no event", "ADTTE": "not at risk"}
"""A subject without a row of ADAE had no event; ADTTE has a row for everyone who can have the
event. Elsewhere no row is unknown."""


def without_row(analysis: ProportionAnalysis) -> WithoutRow:
    """What a subject without a chosen row is."""
    return analysis.without_row or WITHOUT_ROW.get(analysis.dataset, "not known")


def left_out(analysis: Analysis, chosen: Selection, study: Study) -> str:
    """How many are left out because they are not asked, or because it is not known whether they
    are, or whether they belong to the population; empty where there is nobody to speak of."""
    parts = []
    if analysis.among is not None:
        why = describe(analysis.among, adsl_columns(study.protocol, study.sap))
        asked = isinstance(analysis, RISKS)
        parts.append(f"{chosen.apart} not {'at risk' if asked else 'asked'} (not: {why}): left out")
        if chosen.perhaps:
            risk = "are at risk" if asked else "are asked"
            parts.append(f"{chosen.perhaps} of whom it is not known whether they {risk}: left out")
    if chosen.uncertain:
        parts.append(
            f"{chosen.uncertain} of whom it is not known whether they belong to the population: "
            "left out"
        )
    return "; ".join(parts)


def inapplicable(number: int, names: Iterable[str], study: Study) -> str:
    """How many are left out because an item was not asked of them, in the words of the study."""
    facts = study.protocol.subject_facts
    items = [study.text(facts[name].label) for name in names if name in facts]
    return f"{number} not asked ({', '.join(items)} not applicable): left out"


def without(codes: Iterable[str], study: Study) -> str:
    """What subjects without a row do not have, in the words of the study."""
    protocol = study.protocol
    labels: dict[str, Label] = {RELAPSE: "Relapse"}
    labels |= {code: time.label for code, time in protocol.time_to_event.items()}
    labels |= {
        name: summary.label
        for classification in protocol.classifications.values()
        for name, summary in classification.summaries.items()
    }
    said = [f"'{study.text(labels[code])}'" if code in labels else code for code in codes]
    return f"no {' or '.join(said)}" if said else "no row"
