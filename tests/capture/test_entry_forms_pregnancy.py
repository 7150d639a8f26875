"""What the form of a pregnancy test asks beside the answer to childbearing potential."""

import pytest

from pilotage.capture.entry_forms.checks import findings
from pilotage.forms.answer import Answer
from pilotage.study import load_study


@pytest.mark.requirement("P-20", "P-36")
@pytest.mark.parametrize("form", ["pregnancy_screening", "pregnancy_test"])
@pytest.mark.parametrize(
    "potential, result, asked",
    [
        ("no", "POSITIVE", True),
        ("yes", "POSITIVE", False),
        ("no", "NEGATIVE", False),
        (None, "POSITIVE", False),
    ],
)
def test_a_positive_test_without_childbearing_potential_is_asked_about(
    form: str, potential: str | None, result: str, asked: bool
) -> None:
    answers = {"result": Answer(value=result)}
    known = {"childbearing.potential": potential, "SEX": "F"}
    found = findings(load_study("lenalidomide_cle"), form, answers, known)
    assert (f"{form}.check.1" in [each.id for each in found]) is asked
