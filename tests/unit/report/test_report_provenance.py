"""Under every output: population with its n, method, rounding, data cut, digest of the study."""

from pathlib import Path

import pytest
from report_examples import context, data, output, result

from pilotage.report.context import Context
from pilotage.report.lookup import Lookup
from pilotage.report.model import Figure, Note, Table
from pilotage.report.provenance import stamped
from pilotage.report.words import Words
from pilotage.study import Study, load_study
from pilotage.study.plan_statistics import OF_A_CATEGORY, made_of_several, statistics

EMPTY = Table("T9", "Table 9", "A title", (), ())


def last(part: Table | Figure, layout: str, study: Study, small, *analyses: str) -> str:
    made = stamped(part, output(layout, *analyses), context(study, small, result("count", 1.0, 3)))
    return made.notes[-1].text


def test_a_table_of_analyses_names_its_populations_methods_cut_and_study(study, small):
    told = last(EMPTY, "response", study, small, "RESPONSE", "EVENTS")
    assert told == (
        "Population: Treated (n = 3), First cycle of at least 28 days (n = 3). Method: counts of "
        "subjects; counts of subjects with an event and of events. Rounding: half away from zero, "
        f"at printing only. Data cut {small.data_cut}; study files {study.digest[:16]}."
    )


@pytest.mark.parametrize(
    ("layout", "population"),
    [
        ("response by subject", "Treated (n = 3)"),
        ("exposure", "Treated (n = 3)"),
        ("subjects", "Enrolled (n = 3)"),
        ("adverse event listing", "Screened (n = 3)"),
    ],
)
def test_rows_of_datasets_name_whom_they_show(study, small, layout, population):
    told = last(EMPTY, layout, study, small)
    assert told.startswith(f"Population: {population}. Method: rows of the datasets as they are.")


def test_a_figure_that_names_its_population_is_not_told_twice(study, small):
    own = Note("Population: Treated (n = 3).")
    figure = Figure("F9", "Figure 9", "A title", "", "", EMPTY, notes=(own,))
    made = stamped(figure, output("waterfall"), context(study, small))
    assert made.notes[0] == own
    assert made.notes[-1].text.startswith("Method:")


@pytest.mark.slow
def test_every_output_of_the_built_in_study_bears_it(tmp_path: Path):
    from pilotage.courses import write_cohort
    from pilotage.report.document import document

    study = load_study("lenalidomide_cle")
    write_cohort(study, tmp_path / "snapshot", seed=15, subjects=6)
    datasets, results = data(study, tmp_path / "snapshot")
    made = document(Context(study, datasets, Lookup(results), Words()))
    for part in made.parts:
        assert study.digest[:16] in part.notes[-1].text
        assert any("Population: " in note.text for note in part.notes), part.id
    frame = results.select("ANALYSIS", "STATISTIC").unique()
    known = {a.id: {*statistics(a), *made_of_several(a)} for a in study.sap.analyses}
    curves = {"survival", "incidence", "low", "high"}
    unknown = [
        (analysis, statistic)
        for analysis, statistic in frame.rows()
        if statistic not in known[analysis] | curves and not statistic.startswith(OF_A_CATEGORY)
    ]
    assert [u for u in unknown if u[1] not in ("count",)] == []
