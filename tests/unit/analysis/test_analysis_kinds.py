"""Each kind of analysis that a plan may name is computed, said and shown: none is forgotten."""

from typing import get_args

from pilotage.analysis.kinds import KINDS
from pilotage.report.kinds import SHOWN
from pilotage.study.sap import AnyAnalysis


def test_the_plan_the_analysis_and_the_report_know_the_same_kinds() -> None:
    union, *_ = get_args(AnyAnalysis)
    assert set(KINDS) == set(get_args(union))
    assert set(SHOWN) == set(KINDS)


def test_each_kind_is_computed_in_one_way() -> None:
    for kind in KINDS.values():
        assert (kind.of_group is None) != (kind.of_groups is None)
