"""Screening, serious events, queries and deviations of a review."""

from datetime import date, timedelta

import polars as pl
import pytest
from calendar_examples import Cells, count, on, visit
from review_examples import reviewed

from pilotage.cli.review import hours_words

SEEN = [visit(0, -21), visit(1, 1)]


def event(**cells: object) -> Cells:
    none = {"AESDTH": "N", "AESLIFE": "N", "AESHOSP": "N", "AESDISAB": "N", "AEDTC": ""}
    return {"AESTDTC": on(20), **none, **cells}


# -- serious events --------------------------------------------------------------------------------


@pytest.mark.requirement("P-64")
@pytest.mark.parametrize("criterion", ["AESDTH", "AESLIFE", "AESHOSP", "AESDISAB"])
def test_a_ticked_criterion_makes_an_event_serious(criterion: str) -> None:
    found = reviewed(60, sv=SEEN, ae=[event(**{criterion: "Y"}), event(AESEV="SEVERE")])
    (row,) = found.serious_events.to_dicts()
    assert "not called serious" in row["REMARK"]
    asked = [query for query in found.queries["QUERY"].to_list() if "serious" in query]
    assert asked == ["Nausea: a criterion is ticked, but the event is not called serious"]


@pytest.mark.requirement("P-64")
@pytest.mark.parametrize(
    "learnt, reported, status, hours",
    [
        ("T08:00", "2020-02-11T08:00", "reported in time", 24),
        ("T08:00", "2020-02-11T08:01", "reported late", 24 + 1 / 60),
        ("T08:00", None, "overdue", None),
        ("", "2020-02-10", "reported in time", 0),
        (None, None, "unknown", None),
    ],
)
def test_the_clock_of_a_serious_event_runs_from_when_it_was_learnt(
    learnt: str | None, reported: str | None, status: str, hours: float | None
) -> None:
    serious = event(AESER="Y", AESHOSP="Y", AEDTC="" if learnt is None else f"2020-02-10{learnt}")
    told = [{"RDOMAIN": "AE", "IDVAR": "AESEQ", "IDVARVAL": 1, "QNAM": "REPORTED",
             "QVAL": reported}]  # fmt: skip
    more = {"suppae": told} if reported else {}
    found = reviewed(60, sv=SEEN, ae=[serious], **more)
    (row,) = found.serious_events.to_dicts()
    assert row["STATUS"] == status
    if hours is not None:
        assert row["HOURS"] == pytest.approx(hours, abs=1e-9)


@pytest.mark.parametrize("days, status, left", [(0, "due", 8.0), (1, "overdue", -16.0)])
def test_hours_are_counted_to_the_end_of_the_day_of_the_question(
    days: int, status: str, left: float
) -> None:
    learnt = f"{on(20)}T08:00"
    serious = event(AESER="Y", AESHOSP="Y", AEDTC=learnt)
    found = reviewed(on(20) + timedelta(days=days), sv=SEEN, ae=[serious])
    (row,) = found.serious_events.to_dicts()
    assert (row["STATUS"], row["HOURS"]) == (status, left)


def _serious(learnt: str, reported: str | None, at: date | None = None) -> dict[str, object]:
    told = [{"RDOMAIN": "AE", "IDVAR": "AESEQ", "IDVARVAL": 1, "QNAM": "REPORTED",
             "QVAL": reported}]  # fmt: skip
    serious = event(AESER="Y", AESHOSP="Y", AEDTC=learnt)
    found = reviewed(at or 60, sv=SEEN, ae=[serious], suppae=told if reported else [])
    (row,) = found.serious_events.to_dicts()
    return {**row, "ASKED": found.queries["QUERY"].to_list()}


@pytest.mark.requirement("P-64")
@pytest.mark.parametrize(
    "learnt, reported, status, least, most",
    [
        ("2020-02-10", "2020-02-11", "unknown", 0, 48),
        ("2020-02-10", "2020-02-12", "reported late", 24, 72),
        ("2020-02-10T08:00", "2020-02-11", "unknown", 16, 40),
        ("2020-02", "2020-02-20", "unknown", 0, 480),
        ("2020-02-10T08:00+02:00", "2020-02-11T07:00Z", "reported late", 25, 25),
        ("2020-02-10T08:00Z", "2020-02-11T09:00+02:00", "reported in time", 23, 23),
        ("2020-02-10T08:00Z", "2020-02-11T08:00", "unknown", 10, 36),
    ],
)
def test_what_is_not_written_to_the_minute_leaves_the_clock_open(
    learnt: str, reported: str, status: str, least: float, most: float
) -> None:
    row = _serious(learnt, reported)
    assert row["STATUS"] == status
    assert (row["HOURS"], row["HOURSTO"]) == pytest.approx((least, most), abs=0.02)


@pytest.mark.parametrize("days, status", [(0, "due"), (1, "overdue")])
def test_of_a_day_without_a_time_both_ends_count(days: int, status: str) -> None:
    row = _serious(str(on(20)), None, on(20) + timedelta(days=days))
    assert row["STATUS"] == status


def test_an_event_reported_before_it_was_learnt_is_asked_about() -> None:
    row = _serious("2020-02-11T10:00", "2020-02-10T11:00")
    assert (row["STATUS"], row["HOURS"]) == ("unknown", None)
    assert row["ASKED"] == ["Nausea: it was reported before the site learnt of it"]


@pytest.mark.requirement("P-64")
def test_a_criterion_that_was_not_answered_is_not_known() -> None:
    found = reviewed(60, sv=SEEN, ae=[event(AESER="Y", AESHOSP="")])
    (query,) = found.queries.to_dicts()
    assert query["CERTAIN"] == "N"
    assert query["QUERY"].endswith("not all criteria are answered (AESHOSP)")


def test_an_event_after_the_day_of_the_question_is_not_seen() -> None:
    assert reviewed(19, sv=SEEN, ae=[event(AESER="Y")]).serious_events.is_empty()


# -- laboratory values without an event ------------------------------------------------------------


def low(**cells: object) -> Cells:
    return event(AETERM="Neutropenia", **cells)


@pytest.mark.requirement("P-63")
@pytest.mark.parametrize(
    "value, events, certain",
    [
        ("1.4", [], "Y"),  # grade 2
        ("1.5", [], None),  # grade 1
        ("1.4", [low(AESTDTC=on(28), AEENDTC=on(29))], None),  # until that day
        ("1.4", [low(AESTDTC=on(29))], None),  # goes on
        ("1.4", [low(AESTDTC=on(30))], "Y"),
        ("1.4", [low(AESTDTC=on(20), AEENDTC=on(28))], "Y"),
        ("1.4", [low(AESTDTC="2020-02", AEENDTC="2020-03-20")], "N"),  # may have begun by then
        ("1.4", [low(AESTDTC="")], "N"),
    ],
)
def test_a_grade_2_value_without_an_event_is_asked_about(
    value: str, events: list[Cells], certain: str | None
) -> None:
    known = [count(-1), count(29, LBORRES=value, LBORNRLO="1.8", LBORNRHI="7.5")]
    found = reviewed(60, sv=SEEN, lb=known, ae=[event(AESTDTC=on(-5), AEENDTC=on(-4)), *events])
    asked = found.queries.filter(pl.col("DOMAIN") == "LB")
    assert asked["CERTAIN"].to_list() == ([certain] if certain else [])


@pytest.mark.requirement("P-63")
@pytest.mark.parametrize(
    "term, asked",
    [
        ("Neutrophil count decreased", False),
        ("febrile NEUTROPENIA", False),
        ("Pancytopenia", False),
        ("Headache", True),
        ("Anaemia", True),
    ],
)
def test_only_an_event_that_names_what_was_measured_explains_it(term: str, asked: bool) -> None:
    known = [count(-1), count(29, LBORRES="0.9", LBORNRLO="1.8", LBORNRHI="7.5")]
    open_event = event(AETERM=term, AESTDTC=on(20))
    found = reviewed(60, sv=SEEN, lb=known, ae=[open_event]).queries
    assert found["CERTAIN"].to_list() == (["Y"] if asked else [])
    if asked:
        assert f"names it ({term})" in found["QUERY"][0]


def test_without_adverse_events_on_file_it_is_asked_but_not_certain() -> None:
    found = reviewed(60, sv=SEEN, lb=[count(-1), count(29, LBORRES="1.4")])
    assert found.queries["CERTAIN"].to_list() == ["N"]


def test_a_value_no_worse_than_at_baseline_is_not_asked_about() -> None:
    low = [count(-1, LBORRES="1.4"), count(29, LBORRES="1.4"), count(36, LBORRES="0.9")]
    found = reviewed(60, sv=SEEN, lb=low, ae=[event(AESTDTC=on(-5), AEENDTC=on(-4))])
    assert found.queries["DATE"].to_list() == [on(36)]


# -- deviations ------------------------------------------------------------------------------------


@pytest.mark.requirement("P-41", "P-44")
def test_missed_and_late_contacts_are_deviations_in_the_shape_of_dv() -> None:
    taken = [count(day) for day in (8, 16)]
    found = reviewed(48, sv=[*SEEN, visit(2, 20), visit(4, 43)], lb=taken)
    dv = found.dv
    assert dv.columns == [
        "STUDYID", "DOMAIN", "USUBJID", "DVSEQ", "DVTERM", "DVDECOD", "DVCAT", "DVSTDTC",
    ]  # fmt: skip
    assert dv["DVSEQ"].to_list() == list(range(1, dv.height + 1))
    assert dv["DVSTDTC"].to_list() == sorted(dv["DVSTDTC"])
    of_visits = dv.filter(pl.col("DVDECOD").str.starts_with("VISIT"))
    assert of_visits.select("DVTERM", "DVDECOD", "DVSTDTC").rows() == [
        ("Week 2, planned for 2020-02-05: 2 days after its window", "VISIT OUT OF WINDOW",
         str(on(20))),
        ("Week 4, planned for 2020-02-19: missed", "VISIT MISSED", str(on(29))),
    ]  # fmt: skip
    counted = dv.filter(pl.col("DVTERM").str.starts_with("Blood"))
    assert counted["DVDECOD"].to_list() == [
        "ASSESSMENT OUT OF WINDOW", *["ASSESSMENT MISSED"] * 4
    ]  # fmt: skip


@pytest.mark.requirement("P-34")
def test_a_change_of_baseline_medication_is_a_deviation_each_time_it_is_told() -> None:
    told = [
        {"FATESTCD": "BGCHANGE", "FAORRES": answer, "FADTC": on(day)}
        for day, answer in ((15, "N"), (29, "Y"), (57, "N"), (85, "Y"))
    ]
    seen = [*SEEN, *(visit(n, day) for n, day in ((2, 15), (3, 29), (4, 43), (5, 57), (6, 85)))]
    dv = reviewed(90, sv=seen, fa=told).dv.filter(pl.col("DVDECOD") == "BREACH")
    assert dv["DVSTDTC"].to_list() == [str(on(29)), str(on(85))]
    assert dv["DVTERM"][0].endswith("No change of concomitant baseline medication is allowed")


def test_what_was_recorded_after_the_day_of_the_question_changes_nothing() -> None:
    made = [*SEEN, visit(2, 15)]
    before = reviewed(20, sv=made, lb=[count(8)])
    later = reviewed(
        20, sv=[*made, visit(3, 40)], lb=[count(8), count(29, LBORRES="0.5")],
        ae=[event(AESTDTC=on(30), AESER="Y")],
    )  # fmt: skip
    assert later.dv.equals(before.dv)
    assert later.stops.is_empty()
    assert later.queries.is_empty()


@pytest.mark.parametrize(
    "learnt, reported, words",
    [
        ("2020-02-10T08:00", "2020-02-11T08:00", "after 24 hours"),
        ("2020-02-10T08:00", "2020-02-11T08:01", "after 24 h 1 min"),
        ("2020-02-10T08:00", "2020-02-10T09:00", "after 1 hour"),
        ("2020-02-10T08:00", "2020-02-10T08:05", "after 5 min"),
        ("2020-02-10", "2020-02-11", "after 0 to 48 hours"),
        ("2020-02-10T08:30", "2020-02-11", "after 15 to 40 hours"),
        ("2020-03-21T08:00", None, "8 hours left"),
        ("2020-03-20T16:45", None, "7 h 15 min over"),
        ("2020-03-21", None, "0 to 24 hours left"),
        ("2020-03-20", None, "0 to 24 hours over"),
    ],
)
def test_hours_are_told_in_whole_minutes(learnt: str, reported: str | None, words: str) -> None:
    """At the end of day 60, 21 March."""
    told = [{"IDVAR": "AESEQ", "IDVARVAL": 1, "QNAM": "REPORTED", "QVAL": reported}]
    more = {"suppae": told} if reported else {}
    found = reviewed(60, sv=SEEN, ae=[event(AESER="Y", AESDTH="Y", AEDTC=learnt)], **more)
    (row,) = found.serious_events.to_dicts()
    assert hours_words(row) == words


# -- the screening log -----------------------------------------------------------------------------


@pytest.mark.requirement("P-10", "P-27")
def test_the_log_says_what_every_criterion_says_and_what_is_missing_cheapest_first() -> None:
    found = reviewed(date(2020, 1, 5), sv=[visit(0, -21)], ex=[], dm=[{"AGE": 17}]).screening_log
    (row,) = found.to_dicts()
    assert (row["STATUS"], row["ELIGIBLE"]) == ("screening", "no")
    assert row["FAILED"].startswith("IN01 Aged over 18 years")
    assert (row["IN01"], row["IN02"], row["EX08A"]) == ("failed", "unknown", "unknown")
    adult = reviewed(date(2020, 1, 5), sv=[visit(0, -21)], ex=[]).screening_log
    (row,) = adult.to_dicts()
    assert row["ELIGIBLE"] == "unknown"
    labels = ("Previous arterial or venous thrombosis", "HIV-1 and HIV-2 antibodies",
              "Proven by histology")  # fmt: skip
    places = [row["MISSING"].find(f"{label} (not recorded; ") for label in labels]
    assert -1 < places[0] < places[1] < places[2]


@pytest.mark.requirement("P-01")
def test_the_log_tells_screen_failures_with_their_reason_and_who_entered() -> None:
    failed = [{"USUBJID": "S02", "DSDECOD": "SCREEN FAILURE", "DSCAT": "ENROLMENT",
               "DSSTDTC": "2020-01-10", "DSTERM": "Thrombosis"}]  # fmt: skip
    keys = [{"USUBJID": "S01"}, {"USUBJID": "S02"}, {"USUBJID": "S03", "RFICDTC": "2020-03-01"}]
    found = reviewed(on(10), dm=keys, ds=failed, sv=SEEN).screening_log
    rows = {row["USUBJID"]: row for row in found.to_dicts()}
    assert (rows["S01"]["STATUS"], rows["S01"]["JUDGED"]) == ("treated", on(1))
    assert (rows["S02"]["STATUS"], rows["S02"]["REASON"]) == ("screen failure", "Thrombosis")
    assert rows["S02"]["JUDGED"] == date(2020, 1, 10)
    assert "S03" not in rows  # consented later


LOW, FULL = {"LBORRES": "0.9"}, {"LBORRES": "3"}


@pytest.mark.requirement("P-22")
@pytest.mark.parametrize(
    "written, bloods, judged, said",
    [
        ("2020-01", [("2020-01-01", LOW)], date(2020, 1, 31), "failed"),
        ("2020-01", [("2020-01-01", FULL)], date(2020, 1, 31), "passed"),
        # of the month after, which says nothing of entry
        ("2020-01", [("2020-01-01", FULL), ("2020-02-05", LOW)], date(2020, 1, 31), "passed"),
        ("2020-01", [("2020-01-01", FULL), ("2020-01-20", LOW)], date(2020, 1, 31), "unknown"),
        ("", [("2020-01-01", LOW)], date(2020, 3, 1), "unknown"),
    ],
)
def test_at_a_first_dose_of_unknown_day_a_criterion_is_known_where_every_day_says_the_same(
    written: str, bloods: list[tuple[str, Cells]], judged: date, said: str
) -> None:
    found = reviewed(
        date(2020, 3, 1), ex=[{"EXSTDTC": written}], sv=[visit(0, -21)],
        lb=[count(day, **cells) for day, cells in bloods],
    )  # fmt: skip
    (row,) = found.screening_log.to_dicts()
    assert (row["STATUS"], row["JUDGED"], row["EX03C"]) == ("treated", judged, said)
    waits = "not the same on every day on which the first dose may have been taken" in (
        row["MISSING"] or ""
    )
    assert waits is (said == "unknown" and bool(written))
    entered = found.dv.filter(pl.col("DVDECOD") == "ENTERED NOT ELIGIBLE")["DVSTDTC"].to_list()
    assert entered == ([str(judged)] if said == "failed" else [])


def test_who_entered_against_a_criterion_is_a_deviation() -> None:
    found = reviewed(on(10), dm=[{"AGE": 17}], sv=SEEN)
    terms = found.dv.filter(pl.col("DVDECOD") == "ENTERED NOT ELIGIBLE")["DVTERM"].to_list()
    assert len(terms) == 1
    assert terms[0].startswith("Entered although: IN01")


@pytest.mark.requirement("P-01", "P-17")
@pytest.mark.parametrize("consent, early", [(on(2), True), (on(1), False)])
def test_treatment_before_consent_is_a_deviation_and_fails_on_entry(
    consent: date, early: bool
) -> None:
    found = reviewed(on(10), dm=[{"RFICDTC": consent}], qs=[], rp=[], sv=SEEN)
    terms = found.dv.filter(pl.col("DVDECOD") == "BEFORE CONSENT").select("DVTERM", "DVSTDTC")
    said = (f"Before informed consent of {consent}: the first dose", str(on(1)))
    assert terms.rows() == ([said] if early else [])
    (row,) = found.screening_log.to_dicts()
    assert (row["IN08"] == "failed") is early
    assert ("IN08" in (row["FAILED"] or "")) is early


def test_a_date_of_consent_is_quoted_as_it_was_recorded() -> None:
    found = reviewed(on(40), dm=[{"RFICDTC": "2020-02"}], qs=[], rp=[], sv=SEEN)
    terms = found.dv.filter(pl.col("DVDECOD") == "BEFORE CONSENT")["DVTERM"].to_list()
    assert terms == ["Before informed consent of 2020-02: the first dose"]


@pytest.mark.requirement("P-17")
def test_an_answer_about_eligibility_before_consent_is_a_deviation() -> None:
    asked = [{"RPTESTCD": "CHILDPOT", "RPORRES": "N", "RPDTC": "2019-12-31"}]
    dv = reviewed(on(10), rp=asked, sv=SEEN).dv.filter(pl.col("DVDECOD") == "BEFORE CONSENT")
    assert dv["DVSTDTC"].to_list() == ["2019-12-31"]
    assert "Of childbearing potential" in dv["DVTERM"][0]
