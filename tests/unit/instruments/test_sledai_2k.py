"""SLEDAI-2K: 24 descriptors, present or absent, weighted by the score."""

import pytest

from pilotage.instruments import instruments
from pilotage.instruments.sledai_2k import SKIN_ITEMS, WEIGHTS

pytestmark = pytest.mark.requirement("P-51")

SLEDAI = instruments["sledai_2k"]
NOTHING = dict.fromkeys(WEIGHTS, 0)


def test_twenty_four_descriptors_weigh_105_together():
    weights = sorted(WEIGHTS.values(), reverse=True)
    assert weights == [8] * 8 + [4] * 6 + [2] * 7 + [1] * 3
    assert 8 * 8 + 6 * 4 + 7 * 2 + 3 * 1 == 105


@pytest.mark.parametrize(
    "code, weight",
    [
        ("SLSEIZ", 8), ("SLPSYCH", 8), ("SLBRAIN", 8), ("SLVISUAL", 8),
        ("SLCRAN", 8), ("SLHEAD", 8), ("SLSTROKE", 8), ("SLVASC", 8),
        ("SLARTHR", 4), ("SLMYOS", 4), ("SLCASTS", 4), ("SLHAEM", 4),
        ("SLPROT", 4), ("SLPYUR", 4),
        ("SLRASH", 2), ("SLALOP", 2), ("SLULCER", 2), ("SLPLEUR", 2),
        ("SLPERIC", 2), ("SLCOMPL", 2), ("SLDNA", 2),
        ("SLFEVER", 1), ("SLPLT", 1), ("SLWBC", 1),
    ],
)  # fmt: skip
def test_a_descriptor_alone_gives_its_weight(code, weight):
    assert SLEDAI.score("SLEDAI", NOTHING | {code: 1}).total == weight


def test_skin_items_are_rash_alopecia_and_mucosal_ulcers():
    assert SKIN_ITEMS == ("SLRASH", "SLALOP", "SLULCER")
    values = NOTHING | dict.fromkeys(SKIN_ITEMS, 1) | {"SLARTHR": 1}
    assert SLEDAI.score("SLEDAI", values).total == 10
    assert SLEDAI.score("SLEDAINS", values).total == 4


def test_without_skin_items_an_open_rash_does_not_matter():
    values = NOTHING | {"SLRASH": None, "SLFEVER": 1}
    assert SLEDAI.score("SLEDAI", values).open_items == ("SLRASH",)
    assert SLEDAI.score("SLEDAINS", values).total == 1


def test_a_weight_recorded_as_the_value_is_refused_with_the_reason():
    assert SLEDAI.check({"SLSEIZ": 8}) == [
        "SLEDAI-2K SLSEIZ is 8; allowed are 0, 1 "
        "(absent or present; the score applies the weight 8)"
    ]
    assert SLEDAI.score("SLEDAI", NOTHING | {"SLSEIZ": 8}).total is None
