"""The calendar of an amended study: each contact as the version of its day plans it."""

from dataclasses import replace

import polars as pl
import pytest
from calendar_examples import (
    Cells,
    amended,
    built_in,
    calendar,
    count,
    on,
    one,
    snapshot,
    status,
    visit,
    with_schedule,
    with_visit,
)

from pilotage.datasets import derive
from pilotage.rules.appointments import appointments
from pilotage.rules.departures import review
from pilotage.study import Study
from pilotage.study.protocol import text_of

SEEN = [visit(0, -21), visit(1, 1)]


# -- windows ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "since, made, expected",
    [
        (30, 32, "done"),  # planned for day 29, under version 1.0: a window of 3 days
        (30, 33, "done late 1"),
        (29, 30, "done"),  # planned for the first day of version 2.0: a window of 1 day
        (29, 32, "done late 2"),
        (28, 32, "done late 2"),
    ],
)
def test_a_visit_has_the_window_of_the_version_of_its_day(
    since: int, made: int, expected: str
) -> None:
    study = amended(built_in(), with_visit("WEEK_4", window=(1, 1)), since)
    rows = calendar(80, study, sv=[*SEEN, visit(3, made)])
    assert status(rows, "WEEK_4") == expected


def test_what_comes_later_is_not_known_before_its_day() -> None:
    study = amended(built_in(), with_visit("WEEK_24", window=(1, 1)), 100)
    for at, first in [(99, 166), (100, 168)]:
        assert one(calendar(at, study, sv=SEEN), "WEEK_24")["FIRST"] == on(first)


def test_before_the_first_version_the_first_one_holds() -> None:
    (only,) = built_in().protocol.versions
    versions = {"versions": (only.model_copy(update={"date": on(60)}),)}
    study = replace(built_in(), protocol=built_in().protocol.model_copy(update=versions))
    assert status(calendar(40, study, sv=[*SEEN, visit(3, 33)]), "WEEK_4") == "done late 1"


# -- other visits ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "since, found",
    [
        (30, [("WEEK_4", 29)]),  # day 29 was planned by version 1.0; it is not planned again
        (29, [("WEEK_4", 36)]),
        (1, [("WEEK_4", 36)]),
        (37, [("WEEK_4", 29)]),
    ],
)
def test_a_visit_that_an_amendment_puts_off_is_planned_once(
    since: int, found: list[tuple[str, int]]
) -> None:
    study = amended(built_in(), with_visit("WEEK_4", day=36), since)
    rows = calendar(80, study, sv=SEEN).filter(pl.col("ID") == "WEEK_4")
    assert rows.select("ID", "DAY").rows() == found


@pytest.mark.parametrize("since, day", [(21, 22), (22, 22), (23, 29), (29, 29), (30, 29)])
def test_a_visit_that_is_brought_forward_across_the_amendment_stays_where_it_was(
    since: int, day: int
) -> None:
    """Version 2.0 plans for day 22 what 1.0 planned for day 29."""
    study = amended(built_in(), with_visit("WEEK_4", day=22), since)
    assert one(calendar(80, study, sv=SEEN), "WEEK_4")["DAY"] == day


def test_a_new_visit_is_not_missed_on_days_of_the_old_version() -> None:
    visits = built_in().protocol.schedule.visits
    without = with_schedule(visits=tuple(v for v in visits if v.id != "WEEK_6"))
    for since, expected in [(43, "missed"), (44, "no row")]:
        rows = calendar(80, amended(without, built_in(), since), sv=SEEN)
        assert status(rows, "WEEK_6") == expected
    for since, expected in [(43, "no row"), (44, "missed")]:  # left out by the amendment
        rows = calendar(80, amended(built_in(), without, since), sv=SEEN)
        assert status(rows, "WEEK_6") == expected


def test_tests_are_as_often_as_the_version_of_their_day_asks() -> None:
    series = built_in().protocol.schedule.series
    rarer = (series[0].model_copy(update={"every_days": 14}), *series[1:])
    study = amended(built_in(), with_schedule(series=rarer), 23)
    rows = calendar(60, study, sv=SEEN, lb=[count(8), count(15), count(22)])
    found = rows.filter((pl.col("ID") == "haematology") & (pl.col("DAY") <= 57))
    assert sorted(found["DAY"]) == [8, 15, 22, 29, 43, 57]


def test_the_forms_of_a_visit_are_those_of_its_version() -> None:
    forms = ("visit", "vital_signs")
    study = amended(built_in(), with_visit("WEEK_4", forms=forms), 29)
    other = {"vs": [{"VSDTC": on(1)}], "fa": [{"FATESTCD": "AEANY", "FAORRES": "N"}]}
    for made, missing in [(built_in(), True), (study, False)]:
        rows = calendar(60, made, sv=[*SEEN, visit(3, 29)], **other)
        found = one(rows, "WEEK_4")["FORMSMISS"]
        assert "vital_signs" in found
        assert ("medication_review" in found) is missing


# -- activities ------------------------------------------------------------------------------------


def symptoms(*days: int) -> list[Cells]:
    return [{"FATESTCD": "NEURONEW", "FAORRES": "Y", "FADTC": on(day)} for day in days]


@pytest.mark.parametrize(
    "since, needs",
    [
        (61, [(29, "missed"), (57, "due")]),  # not in force yet
        (60, [(29, "missed"), (57, "missed")]),  # over with the version
        (58, [(29, "missed"), (57, "missed")]),
        (57, [(29, "missed")]),  # of version 1.0 alone
        (29, []),
    ],
)
def test_a_row_of_activities_asks_on_the_days_of_its_version(
    since: int, needs: list[tuple[int, str]]
) -> None:
    table = built_in().protocol.schedule.activities
    without = table.model_copy(update={"rows": table.rows[:1]})
    study = amended(built_in(), with_schedule(activities=without), since)
    made = [*SEEN, visit(3, 29), visit(5, 57)]
    nerves = [{"NVTESTCD": "CONCLUS", "NVORRES": "NORMAL", "NVCAT": "NERVE_CONDUCTION",
               "NVDTC": on(-100)}]  # fmt: skip
    rows = calendar(60, study, sv=made, fa=symptoms(29, 57), nv=nerves)
    found = rows.filter((pl.col("ID") == "nerve_conduction") & pl.col("TARGET").is_not_null())
    assert sorted(found.select("DAY", "STATUS").rows()) == needs


def test_a_row_that_stays_asks_once() -> None:
    study = amended(built_in(), with_visit("WEEK_4", window=(1, 1)), 40)
    nerves = [{"NVTESTCD": "CONCLUS", "NVORRES": "NORMAL", "NVCAT": "NERVE_CONDUCTION",
               "NVDTC": on(-100)}]  # fmt: skip
    made = [*SEEN, visit(3, 29)]
    plain = calendar(60, sv=made, fa=symptoms(29), nv=nerves)
    rows = calendar(60, study, sv=made, fa=symptoms(29), nv=nerves)
    own = pl.col("KIND") == "activity"
    assert rows.filter(own).equals(plain.filter(own))


# -- versions that are not kept, and deviations ----------------------------------------------------


def test_of_a_version_that_is_not_kept_nothing_is_judged() -> None:
    study = amended(built_in(), with_visit("WEEK_4", window=(1, 1)), 40, kept=False)
    rows = calendar(80, study, sv=[*SEEN, visit(3, 35)])
    row = one(rows, "WEEK_4")
    assert (row["STATUS"], row["DAYSOFF"], row["DONE"]) == ("unknown", None, on(35))
    assert row["REMARK"] == "version 1.0 of the protocol is not kept in the study folder"
    assert status(rows, "WEEK_6") == "missed"


def test_a_deviation_is_one_of_the_version_of_its_day() -> None:
    cut = snapshot(sv=[*SEEN, visit(3, 31)])
    terms = {}
    for since in (29, 30):
        study = amended(built_in(), with_visit("WEEK_4", window=(1, 1)), since)
        dv = review(study, cut, derive(study, cut), on(40)).dv
        terms[since] = dv.filter(pl.col("DVDECOD") == "VISIT OUT OF WINDOW")["DVTERM"].to_list()
    assert terms == {29: [f"Week 4, planned for {on(29)}: 1 day after its window"], 30: []}


def test_an_appointment_names_the_forms_of_the_version_that_planned_it() -> None:
    """A visit of version 1.0 that is overdue, with a form that version 2.0 does not have."""
    study = amended(built_in(), without_form("chemistry"), 30)
    rows = calendar(35, study, sv=SEEN)
    assert status(rows, "WEEK_4") == "overdue"
    label = text_of(built_in().protocol.forms["chemistry"].label)
    written = appointments(study, rows, cut=on(35)).decode().replace("\r\n ", "")
    assert label in written


def without_form(name: str) -> Study:
    protocol = built_in().protocol
    forms = {code: form for code, form in protocol.forms.items() if code != name}
    visits = tuple(
        each.model_copy(update={"forms": tuple(form for form in each.forms if form != name)})
        for each in protocol.schedule.visits
    )
    schedule = protocol.schedule.model_copy(update={"visits": visits, "afterwards": None})
    changes = {"forms": forms, "schedule": schedule}
    return replace(built_in(), protocol=protocol.model_copy(update=changes))


@pytest.mark.parametrize("since, asked", [(28, False), (29, False), (30, True), (60, True)])
def test_a_form_is_asked_for_up_to_the_version_that_does_without_it(
    since: int, asked: bool
) -> None:
    """Of the visit of day 29; on day 40 the version of day 60 is still to come."""
    study = amended(built_in(), without_form("vital_signs"), since)
    rows = calendar(40, study, sv=[*SEEN, visit(3, 29)], vs=[{"VSDTC": on(1)}])
    assert ("vital_signs" in one(rows, "WEEK_4")["FORMSMISS"]) is asked


def test_a_form_that_was_filled_after_it_was_dropped_has_data() -> None:
    """The visit of day 29 was made on day 32, under a version that does not ask for the form."""
    study = amended(built_in(), without_form("vital_signs"), 31)
    for day, missing in [(32, False), (60, True)]:
        rows = calendar(70, study, sv=[*SEEN, visit(3, 32)], vs=[{"VSDTC": on(day)}])
        assert ("vital_signs" in one(rows, "WEEK_4")["FORMSMISS"]) is missing
