"""Events that end, or threaten, a life and what the other forms say of that time."""

import pytest
from calendar_examples import Cells, on, visit
from review_examples import reviewed

SEEN = [visit(0, -21), visit(1, 1)]
THREAT = (
    "Nausea: The event is life-threatening, but under the reasons to stop no life-threatening "
    "complication is recorded"
)
DEATH = "Nausea: The event resulted in death, but no end of participation by death is recorded"


def event(**cells: object) -> Cells:
    none = {"AESDTH": "N", "AESLIFE": "N", "AESHOSP": "N", "AESDISAB": "N", "AESER": "Y"}
    return {"AESTDTC": on(20), **none, **cells}


def said(answer: str, day: int) -> Cells:
    return {"FATESTCD": "LIFETHR", "FAORRES": answer, "FADTC": on(day)}


def ended(reason: str, day: int) -> Cells:
    return {"DSCAT": "DISPOSITION EVENT", "DSSCAT": "STUDY", "DSDECOD": reason, "DSSTDTC": on(day)}


@pytest.mark.requirement("P-36", "P-64")
@pytest.mark.parametrize(
    "answers, asked",
    [
        ([], [THREAT]),
        ([said("N", 19)], [THREAT]),
        ([said("N", 25)], [THREAT]),
        ([said("Y", 20)], []),
        ([said("Y", 51)], []),
        ([said("Y", 52)], [THREAT]),  # more than 31 days after the onset: of another time
        ([said("Y", 25), said("N", 40)], []),
    ],
)
def test_a_life_threatening_event_is_asked_about_unless_the_reason_to_stop_is_recorded(
    answers: list[Cells], asked: list[str]
) -> None:
    found = reviewed(60, sv=SEEN, ae=[event(AESLIFE="Y")], fa=answers).queries
    assert found["QUERY"].to_list() == asked
    assert set(found["CERTAIN"]) == ({"Y"} if asked else set())


@pytest.mark.requirement("P-36", "P-64")
@pytest.mark.parametrize(
    "ends, asked",
    [
        ([], [DEATH]),
        ([ended("DEATH", 58)], []),
        ([ended("DEATH", 61)], [DEATH]),  # after the day of the question
        ([ended("LOST TO FOLLOW-UP", 58)], [DEATH]),
    ],
)
def test_a_fatal_event_is_asked_about_unless_the_death_is_recorded(
    ends: list[Cells], asked: list[str]
) -> None:
    found = reviewed(60, sv=SEEN, ae=[event(AESDTH="Y")], ds=ends).queries
    assert [query for query in found["QUERY"].to_list() if query.startswith("Nausea")] == asked


def test_an_event_that_begins_after_the_day_of_the_question_is_not_asked_about() -> None:
    assert reviewed(19, sv=SEEN, ae=[event(AESLIFE="Y")]).queries.is_empty()


@pytest.mark.parametrize("criterion", ["AESLIFE", "AESDTH"])
def test_a_criterion_that_was_not_answered_is_not_asked_about_here(criterion: str) -> None:
    found = reviewed(60, sv=SEEN, ae=[event(**{criterion: "", "AESHOSP": "Y"})]).queries
    assert found.is_empty()


def test_of_an_onset_that_is_not_complete_the_query_is_not_certain() -> None:
    found = reviewed(60, sv=SEEN, ae=[event(AESLIFE="Y", AESTDTC=str(on(20))[:7])])
    assert found.queries["CERTAIN"].to_list() == ["N"]
