"""Several values of one day, and records of which nobody knows whether they are there yet."""

import polars as pl
import pytest
from record_examples import Cells, built_in, count, dose, fact, kept, on, score

from pilotage.rules import Advice, Record, advise, decide_columns, states

DAY = "2020-02-19"  # day 29
MORNING, AFTERNOON = f"{DAY}T08:00", f"{DAY}T15:00"
NEUTROPHILS = "Grade 3 myelosuppression: neutrophils"


def asked(of: Record, day: int | str) -> Advice:
    """What is said of S1 on a day; the tables say the same of all subjects at once."""
    found = advise(of, "S1", on(day))
    frame = states(of, pl.DataFrame({"USUBJID": ["S1"], "DATE": [on(day)]}))
    protocol = built_in().protocol
    for table, said in ((protocol.stopping, found.stopping), (protocol.dosing, [found.dosing])):
        (row,) = frame.select(decide_columns(table, frame.schema)).to_dicts()
        if table is protocol.stopping:
            assert row["ROWS"] == [each.row for each in said if each.known]
            assert row["OPEN"] == [each.row for each in said if not each.known]
        else:
            assert (row["ACTION"], row["ROW"]) == (said[0].action, said[0].row)
    return found


def treated(*counts: Cells, **tables: object) -> Record:
    other = [count("6", DAY, "WBC"), count("250", DAY, "PLAT"), count("140", DAY, "HGB")]
    units = [{**row, "LBORNRLO": 1, "LBORRESU": u} for row, u in zip(other, UNITS, strict=True)]
    return kept(ex=[dose("5 mg QD", 1)], lb=[*units, *counts], **tables)  # type: ignore[arg-type]


UNITS = ("10*9/L", "10*9/L", "g/L")


def stops(of: Record, day: int | str = DAY) -> dict[str, bool]:
    """Whether each reason to stop that is not known to be absent is known; of counts only."""
    found = asked(of, day).stopping
    return {each.reason: each.known for each in found if "myelosuppression" in each.reason}


@pytest.mark.requirement("P-36")
@pytest.mark.parametrize(
    "counts, expected",
    [
        ([count("0.8", MORNING), count("1.4", AFTERNOON)], True),
        ([count("1.4", MORNING), count("0.8", AFTERNOON)], True),
        ([count("0.8", DAY), count("1.4", DAY)], True),
        ([count("1.4", DAY), count("0.8", DAY)], True),
        ([count("0.8", DAY), count("1.4", MORNING)], True),
        ([count("0.8", MORNING), count("3", AFTERNOON), count("3", DAY)], True),
        ([count("0.8", DAY), count("haemolysed", DAY)], True),
        ([count("1.0", DAY), count("3", DAY)], None),  # grades 2 and 0: neither stops
        ([count("1.0", DAY), count("1.6", DAY, LBORNRLO="")], False),  # a grade needs the limit
        ([count("haemolysed", MORNING), count("3", AFTERNOON)], None),  # taken anew
        ([count("haemolysed", DAY), count("3", AFTERNOON)], False),  # which is the last?
        ([count("3", MORNING), count("haemolysed", AFTERNOON)], False),
        ([count("0.8", "2020-02-18"), count("3", DAY)], None),  # not of the latest day
    ],
)
def test_any_value_of_the_latest_day_stops(counts: list[Cells], expected: bool | None) -> None:
    """True: it stops; None: it does not; False: that cannot be judged."""
    wanted = {} if expected is None else {NEUTROPHILS: expected}
    assert stops(treated(*counts)) == wanted


def test_a_stop_names_the_value_that_met_it() -> None:
    of = treated(count("1.4", DAY), count("0.8", MORNING), count("3", AFTERNOON))
    found = asked(of, DAY)
    (stop,) = [each for each in found.stopping if each.reason == NEUTROPHILS]
    (used,) = found.inputs_of(stop)
    assert (used.name, used.value, used.rows, stop.inputs) == (
        "NEUT.GRADE", 3, (("LB", 5),), {"NEUT.GRADE": 3}
    )  # fmt: skip
    assert found.inputs["NEUT.GRADE"].problem == "values differ"


@pytest.mark.parametrize("day, known", [(59, True), (60, False)])
def test_a_value_of_a_day_that_is_too_old_stops_no_more(day: int, known: bool) -> None:
    of = treated(count("0.8", MORNING), count("haemolysed", AFTERNOON))
    assert stops(of, day)[NEUTROPHILS] is known


def test_two_answers_of_one_day_to_a_reason_to_stop() -> None:
    of = treated(count("3", DAY), fa=[fact("PHYSSTOP", "Y", DAY), fact("PHYSSTOP", "N", DAY)])
    reasons = [each.reason for each in asked(of, DAY).stopping if each.known]
    assert reasons == ["Physician's decision"]


def test_other_decisions_never_choose_between_values_of_one_day() -> None:
    """Neutrophils of 0.9 and 1.2 at entry: below 1, or not?"""
    of = kept(lb=[count("0.9", "2020-01-20"), count("1.2", "2020-01-20")])
    (criterion,) = [
        each for each in advise(of, "S1", on(1)).eligibility if each.criterion.id == "EX03C"
    ]
    assert (criterion.passed, criterion.missing) == (None, ("NEUT",))


def ended(*rows: Cells) -> Record:
    scores = [score(12, 1), score(6, DAY), score(6, 57)]
    return kept(ex=[dose("5 mg QD", 1)], qs=scores, ds=rows)


def end(day: int | str, reason: str = "PHYSICIAN DECISION") -> Cells:
    return {"DSDECOD": reason, "DSSTDTC": day}


@pytest.mark.requirement("P-36")
@pytest.mark.parametrize(
    "written, day, action",
    [
        ("2020-02", "2020-01-31", "hold"),  # it lies later
        ("2020-02", "2020-02-19", "CANNOT ADVISE"),  # it may have been
        ("2020-02", "2020-02-29", "stop"),
        ("2020-03", "2020-02-19", "hold"),
        ("2020-02-19", "2020-02-19", "stop"),
        ("2020", "2020-02-19", "CANNOT ADVISE"),
        ("", "2020-02-19", "CANNOT ADVISE"),
    ],
)
def test_an_end_of_treatment_of_unknown_day_leaves_the_dose_open_within_its_days(
    written: str, day: str, action: str
) -> None:
    found = asked(ended(end(written)), day).dosing
    assert found.action == action
    assert found.missing == (("end_of_treatment.reason",) if action == "CANNOT ADVISE" else ())


def test_an_end_of_treatment_that_is_over_anyway_leaves_nothing_open() -> None:
    found = asked(ended(end("2020-02-10"), end("2020-02", "ADVERSE EVENT")), DAY).dosing
    assert (found.action, found.missing) == ("CANNOT ADVISE", ("end_of_treatment.reason",))
    same = asked(ended(end("2020-02-10"), end("2020-02")), DAY).dosing
    assert same.action == "stop"


def test_two_reasons_of_one_day_leave_the_dose_open() -> None:
    found = asked(ended(end(DAY, "COMPLETED"), end(DAY)), DAY).dosing
    assert (found.action, found.missing) == ("CANNOT ADVISE", ("end_of_treatment.reason",))


@pytest.mark.requirement("P-36")
@pytest.mark.parametrize(
    "reason, action",
    [
        ("CURED", "CANNOT ADVISE"),
        ("completed", "CANNOT ADVISE"),
        ("COMPLETED", "hold"),
        ("OTHER", "stop"),
    ],
)
def test_an_end_of_treatment_for_a_reason_that_is_none_of_the_codelist_is_an_end_all_the_same(
    reason: str, action: str
) -> None:
    found = asked(ended(end(DAY, reason)), DAY).dosing
    assert found.action == action
    assert found.missing == (("end_of_treatment.reason",) if action == "CANNOT ADVISE" else ())


def test_of_a_reason_that_is_none_of_the_codelist_it_is_said_what_is_written() -> None:
    found = asked(ended(end(DAY, "CURED")), DAY)
    (used,) = found.inputs_of(found.dosing)
    assert used.problem == "no unit or value"
    assert used.recorded is not None
    assert used.recorded.startswith(f"CURED of {DAY}; the answers are COMPLETED, MYELOSUPPRESSION")
