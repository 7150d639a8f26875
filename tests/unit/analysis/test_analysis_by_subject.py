"""What a proportion counts of each subject: the counts are the sums of these answers."""

from pathlib import Path

import polars as pl
import pytest

from pilotage.analysis import analyse
from pilotage.analysis.proportion import answers_by_subject
from pilotage.analysis.select import Selector, groups
from pilotage.courses import write_cohort
from pilotage.datasets import derive
from pilotage.study import load_study
from pilotage.study.sap import ProportionAnalysis


@pytest.mark.slow
def test_the_answers_of_the_subjects_add_up_to_every_count_of_the_built_in_plan(tmp_path: Path):
    study = load_study("lenalidomide_cle")
    datasets = derive(study, write_cohort(study, tmp_path / "s", seed=4, subjects=12))
    results = analyse(study, datasets)
    counts = {
        (analysis, population, level or None): (value, n)
        for analysis, population, level, value, n in results.filter(
            (pl.col("STATISTIC") == "count") & pl.col("VALUE").is_not_null()
        )
        .select("ANALYSIS", "POPULATION", "LEVEL", "VALUE", "N")
        .rows()
    }
    checked = 0
    for analysis in study.sap.analyses:
        if not isinstance(analysis, ProportionAnalysis):
            continue
        for population in analysis.populations:
            chosen = Selector(datasets, study).select(analysis, population)
            split = list(groups(analysis.by, chosen)) if analysis.by else [chosen]
            for group in split:
                key = (analysis.id, population, group.level)
                if key not in counts:
                    continue
                answers = answers_by_subject(analysis, group)
                value, n = counts[key]
                known = answers["ANSWER"].drop_nulls()
                unknown = answers.filter(pl.col("ANSWER").is_null() & ~pl.col("APART")).height
                counted = unknown if analysis.missing != "left out" else 0
                assert (int(known.sum()), known.len() + counted) == (value, n), key
                checked += 1
    assert checked > 100
