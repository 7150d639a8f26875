"""How intervals are made, and how two kinds of curve differ, is said under tables and figures."""

from dataclasses import replace

import pytest
from report_examples import context, output, told

from pilotage.conditions import parse
from pilotage.report.figures import time_to_event
from pilotage.report.layouts.counts import baseline, response
from pilotage.report.layouts.intervals import intervals_of
from pilotage.report.provenance import methods_of
from pilotage.study import Study
from pilotage.study.sap import CumulativeIncidenceAnalysis

BOTH_WAYS = (
    "Who ended treatment before its time stays at risk in the Kaplan-Meier curve up to the last "
    "assessment; in the cumulative incidence that end is the competing event, on its day."
)


@pytest.fixture(scope="module")
def curved(study: Study) -> Study:
    """The small study with a cumulative incidence beside its time to an event."""
    second = CumulativeIncidenceAnalysis(
        id="INCIDENCE", label="Incidence", kind="cumulative incidence", dataset="ADTTE",
        populations=("SAFFL",), parameter="TTREL", competing=parse("AGE > 200"), source="P-53",
    )  # fmt: skip
    sap = study.sap.model_copy(update={"analyses": (*study.sap.analyses, second)})
    return replace(study, sap=sap)


def test_of_several_kinds_of_interval_each_is_named(curved, small):
    made = context(curved, small)
    names = ("RESPONSE", "SCORE_CHANGE", "TIME_TO_RELAPSE", "INCIDENCE")
    assert intervals_of(made, map(made.analysis, names)) == (
        "Intervals: proportions exact (Clopper-Pearson); mean changes by paired t; medians where "
        "the pointwise log-log interval of the Kaplan-Meier curve crosses one half; cumulative "
        "incidence pointwise log-log (Aalen-Johansen)."
    )
    assert intervals_of(made, [made.analysis("AGE")]) == ""
    assert intervals_of(made, [made.analysis("EVENTS")]) == "Intervals: exact (Clopper-Pearson)."


@pytest.mark.requirement("P-87")
def test_a_table_without_intervals_of_counts_names_those_of_times(curved, small):
    plan = output("baseline", "RESPONSE", "TIME_TO_RELAPSE")
    notes = told(baseline(plan, context(curved, small)))
    (named,) = [note for note in notes if note.startswith("Intervals")]
    assert "log-log interval of the Kaplan-Meier curve" in named
    assert "Clopper" not in named
    shown = told(response(output("response", "RESPONSE"), context(curved, small)))
    assert "Intervals: exact (Clopper-Pearson)." in shown


@pytest.mark.requirement("P-36", "P-60")
@pytest.mark.parametrize(
    ("names", "both"),
    [(("TIME_TO_RELAPSE", "INCIDENCE"), True), (("TIME_TO_RELAPSE",), False),
     (("INCIDENCE",), False)],
)  # fmt: skip
def test_how_the_curves_treat_an_early_end_is_told_where_both_stand(curved, small, names, both):
    made = context(curved, small)
    table = told(baseline(output("baseline", *names), made))
    figure = [note.text for note in time_to_event(output("time to event", *names), made).notes]
    assert (BOTH_WAYS in table, BOTH_WAYS in figure) == (both, both)


def test_a_figure_names_as_its_method_what_its_footnotes_do_not(curved, small):
    made = context(curved, small)
    assert methods_of(output("time to event", "TIME_TO_RELAPSE", "INCIDENCE"), made) == []
    assert methods_of(output("course over time", "SCORE_VISIT", "SCORE_CHANGE"), made) == [
        "mean ± SEM of the known values"
    ]
    assert methods_of(output("baseline", "SCORE_CHANGE"), made) == [
        "paired change of the subjects with both values, each test named"
    ]
    assert methods_of(output("swimmer"), made) == ["rows of the datasets as they are"]
