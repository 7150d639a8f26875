"""What decisions do to a synthetic subject."""

import pytest
from cohort_examples import study

from pilotage.courses.progress import carry_out
from pilotage.rules import Decision, Standing


def started() -> Standing:
    made = Standing(study().protocol, {}, 44, "F")
    carry_out(Decision("start", to="5 mg QD"), made, 1)
    return made


@pytest.mark.requirement("P-30", "P-31", "P-33")
def test_decisions_move_along_the_ladder() -> None:
    made = started()
    seen = []
    for action in ("raise", "raise", "lower", "hold", "lower", "lower", "lower", "lower"):
        carry_out(Decision(action), made, 30)
        seen.append((made.state(30)["DOSE_STEP"], made.phase))
    assert seen == [
        ("10 mg QD", "treatment"),
        ("10 mg QD", "treatment"),
        ("5 mg QD", "taper"),
        ("5 mg QD", "taper"),
        ("5 mg QOD", "taper"),
        ("5 mg TIW", "taper"),
        ("stop", "off treatment"),
        ("stop", "off treatment"),
    ]


@pytest.mark.requirement("P-35")
def test_maintenance_without_a_named_step_is_the_last_step_that_held_the_score_at_0() -> None:
    made = started()
    made.observe({"CLASIACT": 0}, 29)
    carry_out(Decision("lower"), made, 29)
    carry_out(Decision("maintain"), made, 57)
    assert (made.state(57)["DOSE_STEP"], made.phase) == ("5 mg QD", "maintenance")


def test_an_unknown_decision_leaves_the_dose() -> None:
    made = started()
    carry_out(Decision("CANNOT ADVISE"), made, 29)
    assert (made.state(29)["DOSE_STEP"], made.phase) == ("5 mg QD", "treatment")
