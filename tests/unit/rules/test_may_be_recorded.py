"""Records of which nobody knows whether they are there yet: what stops, what may be handed out and
what departs from the protocol, on the days on which that begins and ends."""

from dataclasses import replace

import polars as pl
import pytest
from record_examples import Cells, built_in, count, dose, fact, kept, on

from pilotage.rules import Advice, Record, advise, decide_columns, states
from pilotage.rules.reasons import breaches, stops, supplies
from pilotage.study import Study
from pilotage.study.protocol import DeviationTable

EVE, FIRST, SOME, LAST = "2020-01-31", "2020-02-01", "2020-02-19", "2020-02-29"
UNKNOWN = "CANNOT ADVISE"


def hcg(result: str, day: int | str) -> Cells:
    return count(result, day, "HCG", LBTPT="REGULAR", LBORRESU="")


def asked_of_women(potential: str) -> list[Cells]:
    said = {"CHILDPOT": potential, "LACTAT": "N", "CONTRADQ": "Y"}
    return [{"RPTESTCD": code, "RPORRES": answer, "RPDTC": 1} for code, answer in said.items()]


def reported(day: int | str) -> Cells:
    return {"RPTESTCD": "PREGST", "RPORRES": "Y", "RPDTC": day}


def treated(*tests: Cells, potential: str = "Y", reports: tuple[Cells, ...] = ()) -> Record:
    women = [*asked_of_women(potential), *reports]
    return kept(ex=[dose("5 mg QD", 1)], lb=tests, rp=women)


def asked(of: Record, day: int | str) -> Advice:
    """What is said of S1 on a day; the tables say the same of all subjects at once."""
    found = advise(of, "S1", on(day))
    frame = states(of, pl.DataFrame({"USUBJID": ["S1"], "DATE": [on(day)]}))
    for name in ("stopping", "dispensing"):
        (row,) = frame.select(
            decide_columns(getattr(built_in().protocol, name), frame.schema)
        ).to_dicts()
        said = getattr(found, name)
        assert row["ROWS"] == [each.row for each in said if each.known]
        assert row["OPEN"] == [each.row for each in said if not each.known]
    return found


def pregnancy(of: Record, day: int | str) -> str | None:
    """What is said of the reason to stop."""
    found = [each.action for each in asked(of, day).stopping if each.reason == "Pregnancy"]
    return found[0] if found else None


def supply(of: Record, day: int | str) -> str:
    found = {each.action for each in asked(of, day).dispensing}
    return "block" if "block" in found else UNKNOWN if found else "allowed"


# -- a report of a pregnancy: its date alone is asked for ------------------------------------------


@pytest.mark.requirement("P-20", "P-36")
@pytest.mark.parametrize(
    "written, day, stop, supplied",
    [
        ("2020-02-19", "2020-02-18", None, "allowed"),
        ("2020-02-19", "2020-02-19", "stop", "block"),
        ("2020-02", EVE, None, "allowed"),
        ("2020-02", FIRST, UNKNOWN, UNKNOWN),
        ("2020-02", "2020-02-28", UNKNOWN, UNKNOWN),
        ("2020-02", LAST, "stop", "block"),  # on whatever day it was
        ("2020", LAST, UNKNOWN, UNKNOWN),
        ("", LAST, UNKNOWN, UNKNOWN),
    ],
)
def test_a_report_stops_from_the_last_day_on_which_it_can_have_been(
    written: str, day: str, stop: str | None, supplied: str
) -> None:
    negative = hcg("NEGATIVE", "2020-01-28"), hcg("NEGATIVE", "2020-02-17")
    of = treated(*negative, reports=(reported(written),))
    assert (pregnancy(of, day), supply(of, day)) == (stop, supplied)


def test_a_report_that_is_surely_there_stops_whatever_others_may_be() -> None:
    of = treated(hcg("NEGATIVE", SOME), reports=(reported("2020-02-10"), reported("")))
    assert (pregnancy(of, SOME), supply(of, SOME)) == ("stop", "block")
    assert pregnancy(of, "2020-02-09") == UNKNOWN


def test_a_row_with_neither_result_nor_date_reports_nothing() -> None:
    nothing = {**reported(""), "RPORRES": ""}
    of = treated(hcg("NEGATIVE", SOME), reports=(nothing,))
    assert (pregnancy(of, SOME), supply(of, SOME)) == (None, "allowed")


# -- a pregnancy test ------------------------------------------------------------------------------


@pytest.mark.requirement("P-20", "P-36")
@pytest.mark.parametrize(
    "result, written, day, stop, supplied",
    [
        ("POSITIVE", "2020-02", FIRST, UNKNOWN, UNKNOWN),
        ("POSITIVE", "2020-02", "2020-02-28", UNKNOWN, UNKNOWN),
        ("POSITIVE", "2020-02", LAST, "stop", "block"),
        ("POSITIVE", "", LAST, UNKNOWN, UNKNOWN),
        ("NEGATIVE", "2020-02", "2020-02-28", UNKNOWN, UNKNOWN),
        ("NEGATIVE", "2020-02", LAST, None, UNKNOWN),  # it may be more than 4 weeks old
        ("NEGATIVE", "", LAST, UNKNOWN, UNKNOWN),
    ],
)
def test_a_test_of_unknown_day_is_neither_there_nor_missing(
    result: str, written: str, day: str, stop: str | None, supplied: str
) -> None:
    of = treated(hcg(result, written))
    assert (pregnancy(of, day), supply(of, day)) == (stop, supplied)


@pytest.mark.requirement("P-20", "P-36")
@pytest.mark.parametrize(
    "results, potential, stop, supplied",
    [
        (["NEGATIVE"], "Y", None, "allowed"),
        (["POSITIVE"], "Y", "stop", "block"),
        ([], "Y", UNKNOWN, "block"),  # none is there
        (["INDETERMINATE"], "Y", UNKNOWN, "block"),  # none that can be used
        (["INDETERMINATE"], "N", None, "allowed"),
        (["NEGATIVE", "POSITIVE"], "Y", "stop", UNKNOWN),  # any of the day stops
        (["NEGATIVE", "INDETERMINATE"], "Y", UNKNOWN, UNKNOWN),
        (["POSITIVE", "INDETERMINATE"], "N", "stop", UNKNOWN),
        ([], "N", None, "allowed"),
        (["NEGATIVE"], "N", None, "allowed"),
        (["POSITIVE"], "N", "stop", "block"),  # one that was made is read of everybody
        (["NEGATIVE", "INDETERMINATE"], "N", UNKNOWN, UNKNOWN),
    ],
)
def test_results_of_one_day_that_differ_are_neither_read_nor_missing(
    results: list[str], potential: str, stop: str | None, supplied: str
) -> None:
    of = treated(*(hcg(result, SOME) for result in results), potential=potential)
    assert (pregnancy(of, SOME), supply(of, SOME)) == (stop, supplied)


@pytest.mark.parametrize("day, stop", [(EVE, None), (FIRST, UNKNOWN), (LAST, "stop")])
def test_who_cannot_bear_children_has_no_test_until_one_may_have_been_made(
    day: str, stop: str | None
) -> None:
    of = treated(hcg("POSITIVE", "2020-02"), potential="N")
    assert pregnancy(of, day) == stop
    assert supply(of, day) == {None: "allowed", UNKNOWN: UNKNOWN, "stop": "block"}[stop]


# -- in the review ---------------------------------------------------------------------------------


@pytest.mark.requirement("P-20", "P-36")
@pytest.mark.parametrize(
    "written, verdict, held, open_",
    [
        ("2020-01", "deviates", True, False),
        ("2020-02", UNKNOWN, False, True),
        ("", UNKNOWN, False, True),
        ("2020-03", "conforms", False, False),
    ],
)
def test_supplies_and_stops_of_the_review_say_what_may_have_been_reported(
    written: str, verdict: str, held: bool, open_: bool
) -> None:
    of = kept(
        ex=[dose("5 mg QD", 1)], lb=[hcg("NEGATIVE", "2020-02-17")],
        rp=[*asked_of_women("Y"), reported(written)], da=[{"DADTC": SOME}],
    )  # fmt: skip
    (row,) = supplies(of, at=on(SOME)).to_dicts()
    assert row["VERDICT"] == verdict
    days = pl.DataFrame({"USUBJID": ["S1"], "DATE": [on(SOME)]})
    known, unjudged = (
        "Pregnancy" in each["REASON"].to_list() for each in stops(of, days, at=on(SOME))
    )
    assert (known, unjudged) == (held, open_)
    if verdict == UNKNOWN:
        said = "Date on which it became known: its date is not complete"
        assert row["MISSING"] == said + (f" ({written} of {written})" if written else "")


def asking_for_changes() -> Study:
    """The built-in study where also an unanswered question about other drugs is a breach."""
    row = {"when": "medication_review.changed is missing", "why": "Not asked", "source": "P-34"}
    table = DeviationTable.model_validate({"rows": [row]})
    return replace(
        built_in(), protocol=built_in().protocol.model_copy(update={"deviations": table})
    )


@pytest.mark.requirement("P-34")
@pytest.mark.parametrize(
    "answers, action, breach",
    [
        ([], "record", False),  # a breach stands on the day of an answer
        ([("N", SOME)], None, False),
        ([("N", "2020-02")], UNKNOWN, False),
        ([("N", "")], UNKNOWN, False),
        ([("N", "2020-03")], "record", False),  # it comes later
        ([("N", SOME), ("Y", SOME)], UNKNOWN, False),  # one of the two is the last
        ([("PERHAPS", SOME)], "record", True),  # nothing that can be used
    ],
)
def test_a_deviation_for_want_of_an_answer_waits_until_it_is_known_to_be_wanting(
    answers: list[tuple[str, str]], action: str | None, breach: bool
) -> None:
    facts = [fact("BGCHANGE", answer, day) for answer, day in answers]
    of = kept(asking_for_changes(), ex=[dose("5 mg QD", 1)], fa=facts)
    found = [each.action for each in advise(of, "S1", on(SOME)).deviations]
    assert found == ([action] if action else [])
    days = pl.DataFrame({"USUBJID": ["S1"], "DATE": [on(SOME)]})
    assert breaches(of, days).height == breach
