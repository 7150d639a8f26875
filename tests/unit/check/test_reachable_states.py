"""The space of the proofs holds every state in which a subject is ever found."""

from pathlib import Path

import polars as pl
import pytest

from pilotage.check.space import Space
from pilotage.conditions import Value
from pilotage.conditions.prove import Formula
from pilotage.courses import write_cohort
from pilotage.datasets import derive
from pilotage.instruments.ctcae import grade
from pilotage.rules import record, states
from pilotage.study import Study, load_study


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study("lenalidomide_cle")


@pytest.fixture(scope="module")
def space(study: Study) -> Space:
    return Space(study)


def is_value(space: Space, name: str, value: Value) -> Formula:
    z3, symbol = space.z3, space.symbol(name)
    if value is None:
        return z3.Not(symbol.known)
    if symbol.type == "date" or symbol.over is not None:
        return symbol.known
    if isinstance(value, str):
        return z3.And(symbol.known, symbol.value == space.text(value))
    assert isinstance(value, int | float)
    return z3.And(symbol.known, symbol.value == space.number(float(value)))


def test_every_state_of_a_synthetic_cohort_can_be_reached(
    study: Study, space: Space, tmp_path: Path
) -> None:
    snapshot = write_cohort(study, tmp_path / "snapshot", seed=3, subjects=10)
    datasets = derive(study, snapshot)
    starts = datasets.adsl.select("USUBJID", "TRTSDT").drop_nulls()
    days = pl.DataFrame({"AFTER": [-20, -1, 0, 1, 14, 28, 31, 57, 100, 170, 260, 400, 600]})
    moments = starts.join(days, how="cross").select(
        "USUBJID", DATE=pl.col("TRTSDT") + pl.duration(days="AFTER")
    )
    table = states(record(study, snapshot, datasets), moments).drop("USUBJID", "DATE").unique()
    phases = set(table["PHASE"])
    assert {"before start", "treatment", "taper"} <= phases
    for state in table.iter_rows(named=True):
        values = [is_value(space, name, value) for name, value in state.items()]
        assert space.possible(*values), state


@pytest.mark.parametrize("parameter", ["NEUT", "WBC", "PLAT", "HGB", "ALT", "CREAT"])
@pytest.mark.parametrize("limit", [None, 40.0])
def test_the_grade_is_that_of_the_toxicity_criteria(
    study: Study, space: Space, parameter: str, limit: float | None
) -> None:
    assert study.protocol.toxicity is not None
    version = study.protocol.toxicity.version
    high = study.protocol.parameters[parameter].range[1]
    for value in (0.0, 0.49, 0.5, 0.99, 1.0, 1.5, 2.9, 25.0, 50.0, 75.0, 79.9, 80.0, 100.0, 205.0):
        if value > high:
            continue
        graded = grade(parameter, value, lln=limit, uln=limit, baseline=None, version=version)
        given = [
            is_value(space, parameter, value),
            is_value(space, f"{parameter}.BASE", None),
            *(
                is_value(space, f"{parameter}.{side}", limit if limit and limit <= high else None)
                for side in ("LLN", "ULN")
            ),
        ]
        if limit is not None and limit > high:
            continue
        assert space.possible(*given, is_value(space, f"{parameter}.GRADE", graded))
        for other in {None, 0, 1, 2, 3, 4} - {graded}:
            assert not space.possible(*given, is_value(space, f"{parameter}.GRADE", other))


@pytest.mark.parametrize(
    "impossible",
    [
        {"PHASE": "before start", "DOSE_STEP": "5 mg QD"},
        {"PHASE": "before start", "RESPONSE": "CR"},
        {"PHASE": "treatment", "DOSE_STEP": "stop"},
        {"PHASE": "off treatment", "DOSE_STEP": "5 mg QD"},
        {"PHASE": "taper", "BEST_RESPONSE": "PR"},
        {"RESPONSE": "CR", "BEST_RESPONSE": "PR"},
        {"RESPONSE": "PR", "BEST_RESPONSE": None},
        {"RESPONSE": "CR", "CLASIACT": 3},
        {"RESPONSE": "CR", "RELAPSE": "yes"},
        {"BEST_RESPONSE": "CR", "CLASIACT": 4, "RELAPSE": "no"},
        {"TAPER_RELAPSES": 1, "BEST_RESPONSE": "PR"},
        {"CLASIACT": 3, "CLASIACT.BASE": 10, "CLASIACT.CHG": -6},
        {"CLASIACT": 3, "CLASIACT.AGE_DAYS": 8},
        {"NEUT": 0.9, "NEUT.GRADE": 2},
        {"CYCLE_DAY": 22, "WEEK": 4},
        {"CYCLE_DAY": 29, "WEEKS_AT_STEP": 5, "PHASE": "treatment"},
        {"prior_treatment.thalidomide": "no", "prior_treatment.thalidomide_severe": "yes"},
        {"AGE": 40, "demography.age": 41},
    ],
    ids=str,
)
def test_states_that_cannot_be(space: Space, impossible: dict[str, Value]) -> None:
    given = [is_value(space, name, value) for name, value in impossible.items()]
    assert not space.possible(*given)
    for name in impossible:  # each part is needed for that
        others = {other: value for other, value in impossible.items() if other != name}
        assert space.possible(*(is_value(space, other, value) for other, value in others.items()))
