"""CLASI: activity 0-70, damage 0-56, and activity on the skin alone 0-65."""

import polars as pl
import pytest
from all_at_once import open_items, totals

from pilotage.instruments import instruments
from pilotage.instruments.clasi import AREAS

pytestmark = pytest.mark.requirement("P-50")

CLASI = instruments["clasi"]
CLEAR = dict.fromkeys((item.code for item in CLASI.items), 0)


def activity(**values):
    return CLASI.score("CLASIACT", CLEAR | values)


def damage(**values):
    return CLASI.score("CLASIDAM", CLEAR | values)


def test_there_are_thirteen_areas():
    assert len(AREAS) == 13


def test_items_of_each_part_sum_to_the_published_maxima():
    highest = {}
    for item in CLASI.items:
        part = item.code if item.region is None else item.code[:3]
        highest[part] = highest.get(part, 0) + max(item.allowed)
    assert highest == {
        "ERY": 39, "SCL": 26, "MUCOSA": 1, "HAIRLOSS": 1, "ALOPECIA": 3,
        "DYS": 13, "DYSDUR": 1, "SCR": 24 + 6,
    }  # fmt: skip
    assert 39 + 26 + 1 + 1 + 3 == 70
    assert 2 * 13 + 24 + 6 == 56


def test_activity_is_the_plain_sum():
    assert activity(ERYNOSE=3, SCLNOSE=2, ERYARMS=1, MUCOSA=1, HAIRLOSS=1, ALOPECIA=3).total == 11


def test_skin_activity_leaves_out_mucous_membrane_hair_loss_and_alopecia():
    values = CLEAR | {"ERYNOSE": 3, "SCLLEGS": 2, "MUCOSA": 1, "HAIRLOSS": 1, "ALOPECIA": 3}
    assert CLASI.score("CLASISKN", values).total == 5
    assert CLASI.score("CLASISKN", values | {"MUCOSA": None, "ALOPECIA": None}).total == 5


def test_skin_can_be_clear_while_activity_is_not():
    values = CLEAR | {"ALOPECIA": 1}
    assert CLASI.score("CLASISKN", values).total == 0
    assert CLASI.score("CLASIACT", values).total == 1


def test_damage_does_not_enter_activity_and_activity_not_damage():
    assert activity(DYSFACE=1, SCRFACE=2, SCRSCALP=6).total == 0
    assert damage(ERYFACE=3, SCLFACE=2, ALOPECIA=3).total == 0


@pytest.mark.parametrize(
    "lasting, expected", [(0, 2 + 3), (1, 2 * 2 + 3)], ids=["under 12 months", "12 months or more"]
)
def test_lasting_dyspigmentation_counts_double_and_scars_do_not(lasting, expected):
    assert damage(DYSFACE=1, DYSEARS=1, DYSDUR=lasting, SCRFACE=1, SCRARMS=2).total == expected


def test_duration_is_not_needed_without_dyspigmentation():
    assert damage(DYSDUR=None, SCRSCALP=4).total == 4


def test_duration_is_needed_with_dyspigmentation():
    scored = damage(DYSFACE=1, DYSDUR=None, SCRFACE=1)
    assert scored.total is None
    assert scored.open_items == ("DYSDUR",)


def test_an_open_area_leaves_damage_open_without_asking_for_the_duration():
    scored = damage(DYSFACE=None, DYSDUR=None)
    assert scored.total is None
    assert scored.open_items == ("DYSFACE",)


def test_duration_over_twelve_months_of_nothing_is_nothing():
    assert damage(DYSDUR=1).total == 0


def test_every_open_item_is_named():
    scored = activity(ERYSCALP=None, SCLFEET=None, ALOPECIA=None)
    assert scored.total is None
    assert scored.open_items == ("ERYSCALP", "SCLFEET", "ALOPECIA")


@pytest.mark.parametrize(
    "code, value, allowed",
    [
        ("SCLFACE", 3, "0, 1, 2"),
        ("ERYFACE", 4, "0, 1, 2, 3"),
        ("ERYFACE", 0.5, "0, 1, 2, 3"),
        ("ERYFACE", -1, "0, 1, 2, 3"),
        ("SCRFACE", 3, "0, 1, 2"),
        ("DYSFACE", 2, "0, 1"),
        ("ALOPECIA", 4, "0, 1, 2, 3"),
        ("HAIRLOSS", 2, "0, 1"),
    ],
)
def test_a_value_off_the_scale_is_named_and_gives_no_total(code, value, allowed):
    assert CLASI.check({code: value}) == [f"CLASI {code} is {value}; allowed are {allowed}"]
    score = "CLASIACT" if code[:3] in ("SCL", "ERY", "ALO", "HAI") else "CLASIDAM"
    scored = CLASI.score(score, CLEAR | {code: value})
    assert scored.total is None
    assert scored.open_items == (code,)


@pytest.mark.parametrize("value", [1, 2, 7])
def test_scars_of_the_scalp_are_scored_by_quadrants_alone(value):
    (message,) = CLASI.check({"SCRSCALP": value})
    assert message.startswith(f"CLASI SCRSCALP is {value}; allowed are 0, 3, 4, 5, 6")
    assert damage(SCRSCALP=value).total is None
    assert [item.code for item in CLASI.items if item.code.startswith("SCR")].count("SCRSCALP") == 1


def test_all_assessments_at_once():
    rows = [
        CLEAR | {"ERYFACE": 3},
        CLEAR | {"ERYFACE": None},
        CLEAR | {"DYSFACE": 1, "DYSDUR": 1, "SCRSCALP": 6},
        CLEAR | {"DYSFACE": 1, "DYSDUR": None},
    ]
    frame = pl.DataFrame(rows)
    assert totals(CLASI, "CLASIACT", frame).to_list() == [3, None, 0, 0]
    assert totals(CLASI, "CLASIDAM", frame).to_list() == [0, 0, 8, None]
    assert open_items(CLASI, "CLASIDAM", frame) == [[], [], [], ["DYSDUR"]]
