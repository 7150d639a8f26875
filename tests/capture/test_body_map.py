"""Every region that an instrument declares is drawn, once on each of its sides."""

import re

import pytest

from pilotage.capture.body_map import body_map, drawing
from pilotage.capture.entry_forms import fields_of
from pilotage.capture.views.sheet import sheet
from pilotage.instruments import Instrument, Region, instruments
from pilotage.study import load_study

WITH_REGIONS = [each for each in instruments.values() if each.regions]
NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
PATH = re.compile(rf"(M{NUMBER} {NUMBER}(L{NUMBER} {NUMBER})+Z)+")


def points(path: str) -> list[list[tuple[float, float]]]:
    """The corners of each part of a path."""
    parts = [part for part in path.split("Z") if part]
    return [
        [(float(x), float(y)) for x, y in re.findall(rf"({NUMBER}) ({NUMBER})", part)]
        for part in parts
    ]


def inside(x: float, y: float, corners: list[tuple[float, float]]) -> bool:
    """Whether a point lies within a polygon (ray casting)."""
    found = False
    for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            found = not found
    return found


@pytest.mark.parametrize("instrument", WITH_REGIONS, ids=lambda each: each.name)
def test_every_region_of_every_instrument_is_drawn_on_its_sides(instrument: Instrument):
    made = body_map(instrument.regions)
    assert made is not None
    assert made.not_drawn == ()
    drawn = {(each.code, figure.side) for figure in made.figures for each in figure.regions}
    assert drawn == {(region.code, side) for region in instrument.regions for side in region.sides}


@pytest.mark.parametrize("instrument", WITH_REGIONS, ids=lambda each: each.name)
def test_no_two_regions_share_an_id_and_each_is_reached_once_by_keyboard(instrument: Instrument):
    made = body_map(instrument.regions)
    assert made is not None
    regions = [each for figure in made.figures for each in figure.regions]
    assert len({each.id for each in regions}) == len(regions)
    assert sorted(each.code for each in regions if each.first) == sorted(
        region.code for region in instrument.regions
    )


def test_every_drawn_region_belongs_to_an_instrument():
    declared = {region.code for each in instruments.values() for region in each.regions}
    assert set(drawing().regions) == declared


@pytest.mark.parametrize("code", sorted(drawing().regions))
def test_a_region_is_a_closed_path_within_the_drawing_with_its_number_inside(code: str):
    known = drawing()
    for shape in known.regions[code].values():
        assert PATH.fullmatch(shape.path)
        parts = points(shape.path)
        assert all(
            0 <= x <= known.width and 0 <= y <= known.height for part in parts for x, y in part
        )
        assert shape.at
        for x, y in shape.at:
            assert any(inside(x, y, part) for part in parts)


@pytest.mark.parametrize("instrument", WITH_REGIONS, ids=lambda each: each.name)
def test_regions_of_one_instrument_do_not_lie_over_each_other(instrument: Instrument):
    made = body_map(instrument.regions)
    assert made is not None
    for figure in made.figures:
        for region in figure.regions:
            for other in figure.regions:
                hit = [
                    (x, y)
                    for x, y in region.shape.at
                    if sum(inside(x, y, part) for part in points(other.shape.path)) % 2
                ]
                assert not hit or other.code == region.code


def test_what_has_no_drawing_is_left_to_the_list():
    regions = (Region("SCALP", "scalp", ("front",)), Region("TAIL", "tail", ("back",)))
    made = body_map(regions)
    assert made is not None
    assert made.not_drawn == ("tail",)
    assert body_map(regions[1:]) is None
    assert body_map(()) is None


@pytest.mark.parametrize("form", ["clasi", "body_surface"])
def test_the_list_beside_the_map_has_every_item_of_the_instrument(form: str):
    page = fields_of(load_study("lenalidomide_cle"), form)
    made = sheet(page, {}, frozenset(field.item for field in page.fields))
    assert made.map is not None
    [listed, *others] = made.sections
    cells = [question.field.item for row in listed.rows for question in row.questions]
    rest = [question.field.item for section in others for question in section.questions]
    assert sorted([*cells, *rest]) == sorted(field.item for field in page.fields)
    assert [row.region.code for row in listed.rows] == [region.code for region in page.regions]
