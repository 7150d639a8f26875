"""What holds for every place of the models, so that a message never fails for one of them."""

import re
import typing

import pytest
from pydantic import BaseModel

from pilotage.study import protocol, sap
from pilotage.study.annotations import field_place, fields, place_at
from pilotage.study.expected import in_words, placeholder


def kinds_of(model: type[BaseModel]) -> list[type[BaseModel]]:
    return [kind for each in model.__subclasses__() for kind in (each, *kinds_of(each))]


MODELS = list(dict.fromkeys(kinds_of(protocol.Part)))
PLACES = [
    pytest.param(field_place(info), id=f"{model.__name__}.{key}")
    for model in MODELS
    for key, info in fields(model).items()
]


@pytest.mark.parametrize("place", PLACES)
def test_every_place_says_in_our_words_what_it_may_hold(place):
    words = in_words(place)
    assert words
    own_words = re.sub("'[^']*'", "", words)  # without the choices, which are the file's
    for foreign in ("^", "typing", "class", "pydantic", "<", "None", "something else"):
        assert foreign not in own_words


@pytest.mark.parametrize("model", MODELS)
def test_what_stands_in_for_a_mistaken_part_fits_its_place(model):
    required = {key: info for key, info in fields(model).items() if info.is_required()}
    values = {key: placeholder(field_place(info)) for key, info in required.items()}
    built = model.model_validate(values, strict=True)
    for key, info in fields(model).items():
        again = {**values, key: placeholder(field_place(info))}
        assert isinstance(model.model_validate(again, strict=True), type(built))


def test_a_place_is_found_by_its_path():
    value = {"schedule": {"visits": ({"day": 1},)}}
    place = place_at(protocol.Protocol, ("schedule", "visits", 0, "window"), value)
    assert place is not None
    assert in_words(place) == "a list of 2 whole numbers of at least 0, or 'not stated'"


def test_the_place_of_an_analysis_depends_on_its_kind():
    for kind, known in (("proportion", True), ("summary", False)):
        value = {"analyses": ({"kind": kind},)}
        place = place_at(sap.Sap, ("analyses", 0, "event"), value)
        assert (place is not None) is known


def test_a_path_that_leads_nowhere_has_no_place():
    assert place_at(protocol.Protocol, ("study", "colour", 3), {}) is None


def test_choices_are_listed_with_or():
    place = field_place(fields(protocol.DosingTable)["otherwise"])
    assert in_words(place) == "'not stated' or 'hold'"
    assert typing.get_args(protocol.NotStated) == ("not stated",)
