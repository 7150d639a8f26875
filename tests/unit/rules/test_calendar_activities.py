"""What a table of activities asks for, in the calendar."""

import polars as pl
import pytest
from calendar_examples import Cells, calendar, on, visit

SEEN = [visit(0, -21), visit(1, 1)]


def answer(code: str, value: str, day: int) -> Cells:
    return {"FATESTCD": code, "FAORRES": value, "FADTC": on(day)}


def studied(*days: int) -> list[Cells]:
    """Nerve conduction studies."""
    usual = {"NVTESTCD": "CONCLUS", "NVORRES": "NORMAL", "NVCAT": "NERVE_CONDUCTION"}
    return [{**usual, "NVDTC": on(day)} for day in (-400, *days)]


def needs(at: int, form: str = "nerve_conduction", **tables: object) -> list[tuple[int, str]]:
    """Study day and status of each need of a form that is known to be there."""
    rows = calendar(at, **tables)  # type: ignore[arg-type]
    found = rows.filter((pl.col("KIND") == "activity") & (pl.col("ID") == form))
    return sorted(found.drop_nulls("DAY").select("DAY", "STATUS").rows())


@pytest.mark.requirement("P-43")
@pytest.mark.parametrize(
    "done, at, expected",
    [
        ([], 60, [(29, "due")]),
        ([29], 60, [(29, "done")]),
        ([35], 60, [(29, "done")]),
        ([35], 34, [(29, "due")]),
        ([1], 60, [(29, "due")]),  # at the visit before: not because of these symptoms
    ],
)
def test_new_symptoms_ask_for_nerve_conduction_until_it_is_done(
    done: list[int], at: int, expected: list[tuple[int, str]]
) -> None:
    told = [answer("NEURONEW", "N", 1), answer("NEURONEW", "Y", 29)]
    seen = [*SEEN, visit(3, 29)]
    assert needs(at, sv=seen, fa=told, nv=studied(*done)) == expected


@pytest.mark.requirement("P-43")
def test_a_need_that_is_over_without_the_form_was_missed() -> None:
    told = [answer("NEURONEW", "Y", 29), answer("NEURONEW", "N", 57)]
    seen = [*SEEN, visit(3, 29), visit(5, 57)]
    assert needs(60, sv=seen, fa=told, nv=studied()) == [(29, "missed")]


@pytest.mark.requirement("P-43")
def test_symptoms_told_again_ask_again() -> None:
    told = [answer("NEURONEW", "Y", day) for day in (29, 57)]
    seen = [*SEEN, visit(3, 29), visit(5, 57)]
    assert needs(60, sv=seen, fa=told, nv=studied()) == [(29, "missed"), (57, "due")]
    assert needs(60, sv=seen, fa=told, nv=studied(30)) == [(29, "done"), (57, "due")]


@pytest.mark.requirement("P-43")
@pytest.mark.parametrize("at, expected", [(167, []), (168, [(168, "due")]), (180, [(168, "due")])])
def test_what_time_alone_makes_due_is_due_from_its_very_day(
    at: int, expected: list[tuple[int, str]]
) -> None:
    """Earlier neuropathy under the related drug: again 168 days after the last study, on day -1."""
    earlier = [
        {"CMTRT": "THAL", "CMCAT": "PRIOR", "CMOCCUR": "Y", "CMDTC": on(-21)},
    ]
    told = [answer("THALSEV", "Y", -21), answer("THALEFF", "POLYNEUROPATHY", -21)]
    told += [answer("NEURONEW", "N", 1)]
    seen = [*SEEN, visit(6, 85)]
    nerves = [*studied(-1)]
    entry = (-21, "done")
    assert needs(at, sv=seen, fa=told, cm=earlier, nv=nerves) == [entry, *expected]


@pytest.mark.requirement("P-45")
def test_an_exacerbation_asks_for_the_score_of_systemic_disease() -> None:
    told = [answer("SYSEXAC", "Y", 43)]
    seen = [*SEEN, visit(4, 43)]
    score = [{"QSCAT": "SLEDAI-2K", "QSTESTCD": "SLEDAI", "QSORRES": 4, "QSDTC": on(43)}]
    assert needs(50, "sledai", sv=seen, fa=told) == [(43, "due")]
    assert needs(50, "sledai", sv=seen, fa=told, qs=score) == [(43, "done")]


def test_a_need_ends_with_participation() -> None:
    told = [answer("NEURONEW", "Y", 29)]
    seen = [*SEEN, visit(3, 29)]
    left = [{"DSDECOD": "DEATH", "DSSTDTC": on(40)}]
    assert needs(60, sv=seen, fa=told, nv=studied(), ds=left) == [(29, "missed")]


def test_a_need_of_which_nothing_is_known_says_so_once() -> None:
    rows = calendar(30, sv=SEEN)  # nobody was asked about anything
    unknown = rows.filter((pl.col("KIND") == "activity") & (pl.col("STATUS") == "unknown"))
    assert "not known whether this holds: New neurological symptoms" in unknown["REMARK"].to_list()
    assert unknown["TARGET"].null_count() == unknown.height
