"""Items that add up to a wanted total."""

import numpy as np
import pytest

from pilotage.courses.items import items_for_total, preference
from pilotage.instruments import instruments

SCORES = [
    pytest.param(name, code, id=code)
    for name, code in (("clasi", "CLASIACT"), ("clasi", "CLASIDAM"), ("sledai_2k", "SLEDAI"))
]


def placed(name: str, code: str, wanted: float, *, seed: int = 1) -> dict[str, int]:
    instrument = instruments[name]
    score = next(score for score in instrument.scores if score.code == code)
    return items_for_total(
        instrument, score, wanted, preference(instrument, np.random.default_rng(seed))
    )


@pytest.mark.requirement("P-50", "P-51")
@pytest.mark.parametrize("name, code", SCORES)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_items_are_legal_and_never_add_up_to_more(name: str, code: str, seed: int) -> None:
    instrument = instruments[name]
    for wanted in (0, 1, 2, 3, 5, 8, 13, 21, 34, 55):
        items = placed(name, code, wanted, seed=seed)
        assert instrument.check(items) == []
        total = instrument.score(code, items).total
        assert total is not None
        assert total <= wanted
        assert wanted - total <= 1 or wanted > 21


@pytest.mark.requirement("P-50")
@pytest.mark.parametrize("wanted", range(71))
def test_every_activity_score_is_reached(wanted: int) -> None:
    assert sum(placed("clasi", "CLASIACT", wanted).values()) == wanted


@pytest.mark.requirement("P-50")
def test_lesions_heal_in_the_reverse_order_in_which_they_rose() -> None:
    before = placed("clasi", "CLASIACT", 0)
    for wanted in range(1, 71):
        after = placed("clasi", "CLASIACT", wanted)
        assert all(after[code] >= before[code] for code in after)
        before = after


@pytest.mark.requirement("P-12")
@pytest.mark.parametrize("seed", range(5))
def test_a_score_of_4_has_erythema_of_grade_2_in_some_area(seed: int) -> None:
    items = placed("clasi", "CLASIACT", 4, seed=seed)
    assert max(value for code, value in items.items() if code.startswith("ERY")) >= 2


@pytest.mark.requirement("P-52")
def test_the_body_surface_comes_near_the_wanted_share() -> None:
    items = placed("rule_of_nines", "BSA", 14)
    total = instruments["rule_of_nines"].score("BSA", items).total
    assert total is not None
    assert 13.9 < total <= 14


def test_another_subject_has_its_lesions_elsewhere() -> None:
    assert placed("clasi", "CLASIACT", 8, seed=1) != placed("clasi", "CLASIACT", 8, seed=2)


def test_every_item_has_a_place_in_the_order() -> None:
    for instrument in instruments.values():
        order = preference(instrument, np.random.default_rng(1))
        assert sorted(order) == sorted(item.code for item in instrument.items)
