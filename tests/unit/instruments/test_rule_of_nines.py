"""Rule of nines: regions add to 100 per cent; the threshold of a trial is met exactly."""

import pytest

from pilotage.instruments import instruments

pytestmark = pytest.mark.requirement("P-52")

NINES = instruments["rule_of_nines"]
NOTHING = dict.fromkeys((item.code for item in NINES.items), 0)


def surface(**values):
    return NINES.score("BSA", NOTHING | values).total


def test_regions_add_to_one_hundred_per_cent():
    assert sum(region.percent for region in NINES.regions) == 100


@pytest.mark.parametrize(
    "part, percent",
    [("HEAD", 9), ("ARMR", 9), ("ARML", 9), ("TRNK", 36), ("LEGR", 18), ("LEGL", 18), ("PERI", 1)],
)
def test_a_part_of_the_body_has_its_nines(part, percent):
    regions = [region for region in NINES.regions if region.code.startswith(part)]
    assert sum(region.percent for region in regions) == percent
    assert surface(**{f"BSA{region.code}": 100 for region in regions}) == percent


def test_front_and_back_of_head_and_limbs_are_halves():
    percent = {region.code: region.percent for region in NINES.regions}
    assert percent["HEADF"] == percent["HEADB"] == percent["ARMRF"] == percent["ARMLB"] == 4.5
    assert percent["LEGRF"] == percent["LEGRB"] == 9
    assert percent["TRNKF"] == percent["TRNKB"] == 18


def test_every_region_is_drawn_on_one_side():
    for region in NINES.regions:
        assert region.sides == (("back",) if region.code.endswith("B") else ("front",))


def test_part_of_a_region_counts_in_proportion():
    assert surface(BSAHEADF=50) == 2.25
    assert surface(BSATRNKB=37, BSAPERIN=100) == 7.66


@pytest.mark.parametrize(
    "values, more_than_18",
    [
        ({"BSATRNKF": 100}, False),
        ({"BSAHEADF": 100, "BSAHEADB": 100, "BSALEGRF": 100}, False),
        ({"BSATRNKF": 50, "BSATRNKB": 50}, False),
        ({"BSATRNKF": 100, "BSAPERIN": 1}, True),
    ],
)
def test_eighteen_per_cent_comes_out_as_eighteen(values, more_than_18):
    assert (surface(**values) > 18) is more_than_18


def test_an_open_region_leaves_the_surface_open():
    scored = NINES.score("BSA", NOTHING | {"BSAARMLB": None})
    assert scored.total is None
    assert scored.open_items == ("BSAARMLB",)


def test_a_share_above_one_hundred_is_refused():
    assert NINES.check({"BSAHEADF": 101}) == [
        "RULE OF NINES BSAHEADF is 101; allowed are whole numbers 0 to 100"
    ]
