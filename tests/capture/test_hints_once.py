"""What many questions of a form say alike stands on its page once."""

import pytest

from pilotage.capture.entry_forms import fields_of
from pilotage.capture.planned import planned
from pilotage.capture.views.sheet import _hint, sheet


@pytest.mark.parametrize(
    "hint, head, left",
    [
        ("the score applies the weight 8", "the score applies the weight", "weight 8"),
        ("weight 12", "weight", "weight 12"),
        ("in the last ten days", "in the last ten days", ""),
        ("", "", ""),
    ],
)
def test_a_hint_is_what_it_says_and_the_number_at_its_end(hint, head, left):
    assert _hint(hint) == (head, left)


@pytest.mark.parametrize("language, weight", [("en", "weight"), ("es", "peso")])
def test_the_weights_of_a_scale_stay_with_its_items_and_their_words_are_said_once(language, weight):
    page = fields_of(planned(), "sledai", language)
    shown = sheet(page, {}, frozenset(field.item for field in page.fields))
    assert len(shown.hints) == 1
    weights = [q.field.hint for q in shown.questions if q.field.kind == "points"]
    assert len(weights) == 24
    assert {each.rpartition(" ")[0] for each in weights} == {weight}
    assert {q.field.hint for s in shown.sections for q in s.questions} == set(weights)


def test_a_hint_of_two_questions_stays_with_them():
    page = fields_of(planned(), "clasi", "en")
    shown = sheet(page, {}, frozenset(field.item for field in page.fields))
    assert shown.hints == ()
    assert [q.field.hint for q in shown.questions if q.field.hint] == [
        field.hint for field in page.fields if field.hint
    ]
