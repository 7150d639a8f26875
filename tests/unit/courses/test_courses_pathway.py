"""Where a planned score stands, and which items make it up."""

import numpy as np
import pytest

from pilotage.courses.filling import evenly
from pilotage.courses.pathway import Pathway
from pilotage.courses.plan import ScorePlan, Stage
from pilotage.instruments import instruments


def pathway(baseline: int, *stages: tuple[int, int, str]) -> Pathway:
    return Pathway(ScorePlan(baseline, tuple(Stage(*stage) for stage in stages)))  # type: ignore[arg-type]


def test_a_score_falls_evenly_to_its_stage_and_is_not_clear_before_it() -> None:
    path = pathway(10, (0, 28, "first dose"))
    assert [path.on(day) for day in (1, 15, 28, 29, 60)] == [10, 5, 1, 0, 0]


def test_a_score_that_is_clear_rises_at_once_and_only_on_the_day() -> None:
    path = pathway(0, (6, 10, "first dose"))
    assert [path.on(day) for day in (5, 10, 11, 12)] == [0, 0, 6, 6]


def test_a_stage_waits_for_the_change_of_dose_it_is_counted_from() -> None:
    path = pathway(8, (0, 28, "first dose"), (5, 14, "reduction"))
    assert path.on(29) == 0
    assert (path.due, path.on(100)) == (None, 0)
    path.note("reduction", 101)
    path.note("reduction", 129)
    assert path.due == 115
    assert [path.on(day) for day in (114, 115)] == [0, 5]


def test_a_change_of_dose_before_the_stage_before_does_not_count() -> None:
    path = pathway(8, (0, 28, "first dose"), (5, 14, "reduction"))
    path.note("reduction", 15)
    path.on(29)
    assert path.due is None


def test_a_stage_may_be_counted_from_the_one_before() -> None:
    path = pathway(8, (4, 14, "first dose"), (0, 7, "stage"))
    assert [path.on(day) for day in (15, 22)] == [4, 0]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [(1, [1, 0, 0, 0]), (5, [3, 2, 0, 0]), (8, [3, 3, 1, 1])],
)
def test_the_items_of_the_named_regions_rise_in_turn_and_kind_after_kind(
    wanted: int, found: list[int]
) -> None:
    clasi = instruments["clasi"]
    score = next(score for score in clasi.scores if score.code == "CLASIACT")
    items = [item for item in clasi.items if item.region in ("NOSE", "FACE")]
    own = [item for item in items if item.code in score.items]
    values = evenly(score, wanted, own, clasi)
    assert [values[code] for code in ("ERYNOSE", "ERYFACE", "SCLNOSE", "SCLFACE")] == found
    assert score.total(values).total == wanted


def test_regions_that_cannot_bear_the_score_say_so() -> None:
    clasi = instruments["clasi"]
    score = next(score for score in clasi.scores if score.code == "CLASIACT")
    items = [item for item in clasi.items if item.region == "NOSE" and item.code in score.items]
    assert evenly(score, 5, items, clasi)
    assert not evenly(score, 6, items, clasi)
    assert np.array([max(item.allowed) for item in items]).sum() == 5


def test_a_stage_may_be_counted_from_the_second_reduction() -> None:
    path = pathway(8, (0, 28, "first dose"), (5, 10, "further reduction"))
    path.on(29)
    path.note("reduction", 30)
    assert path.due is None
    path.note("reduction", 58)
    assert path.due == 68


def test_a_gradual_score_rises_evenly_also_from_0_and_may_reach_0_before_its_stage() -> None:
    up = Pathway(ScorePlan(0, (Stage(4, 336, "first dose"),), gradual=True))
    assert [up.on(day) for day in (1, 42, 43, 85, 169, 253, 337, 400)] == [0, 0, 1, 1, 2, 3, 4, 4]
    down = Pathway(ScorePlan(2, (Stage(0, 336, "first dose"),), gradual=True))
    assert [down.on(day) for day in (1, 169, 300, 337)] == [2, 1, 0, 0]


def test_a_gradual_score_may_begin_late() -> None:
    stages = (Stage(1, 168, "first dose"), Stage(4, 336, "first dose"))
    path = Pathway(ScorePlan(1, stages, gradual=True))
    assert [path.on(day) for day in (100, 169, 253, 337)] == [1, 1, 3, 4]
