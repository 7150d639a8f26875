"""Tables of adverse events and of times to an event, over hand-made results."""

import pytest
from report_examples import context, output, result, template, texts, told

from pilotage.report.layouts.counts import adverse_events, baseline


def event(term, subjects, events, n=3):
    own = {"analysis": "EVENTS", "level": term, "text": term}
    return [
        result("subjects", subjects, n, **own),
        result("events", events, n, **own),
        result("clopper_pearson_low", 0.1, n, **own, method="clopper_pearson 95%"),
        result("clopper_pearson_high", 0.9, n, **own, method="clopper_pearson 95%"),
    ]


@pytest.mark.requirement("P-82")
def test_adverse_events_count_subjects_and_events_the_most_frequent_first(study, small):
    rows = [*event("any", 3, 5), *event("ACNE", 1, 1), *event("RASH", 2, 3), *event("ZOSTER", 1, 2)]
    table = adverse_events(output("adverse events", "EVENTS"), context(study, small, *rows))
    assert [column.label for column in table.columns] == [
        "Event", "Subjects", "95 % interval", "Events",
    ]  # fmt: skip
    assert texts(table) == [
        ["Adverse events under treatment"],
        ["  Any event", "3/3 (100 %)", "10.0 to 90.0 %", "5"],
        ["  RASH", "2/3 (67 %)", "10.0 to 90.0 %", "3"],
        ["  ZOSTER", "1/3 (33 %)", "10.0 to 90.0 %", "2"],
        ["  ACNE", "1/3 (33 %)", "10.0 to 90.0 %", "1"],
    ]


def test_codes_of_adverse_events_keep_the_order_of_the_study(tmp_path, small):
    study = template(tmp_path, ("sap.yaml", "    term: AETERM\n", "    term: AESEV\n"))
    rows = [*event("any", 3, 5), *event("MILD", 1, 1), *event("SEVERE", 3, 3)]
    table = adverse_events(output("adverse events", "EVENTS"), context(study, small, *rows))
    assert [row[0] for row in texts(table)][2:] == ["  Mild", "  Severe"]


@pytest.mark.requirement("P-82")
def test_what_nobody_collected_is_not_collected_and_never_zero(study, small):
    row = result("subjects", None, 3, analysis="EVENTS", reason="no table behind ADAE")
    row["STATUS"] = "not collected"
    table = adverse_events(output("adverse events", "EVENTS"), context(study, small, row))
    assert texts(table) == [["Adverse events under treatment", "not collected", "", ""]]
    assert told(table)[table.rows[0].cells[1].marks[0]] == "no table behind ADAE."


def test_times_to_an_event_can_stand_in_a_table(study, small):
    own = {"analysis": "TIME_TO_RELAPSE", "missing": "censored at the last assessment"}
    rows = [
        result("events", 1, 2, **own),
        result("median", 8.43, 2, **own),
        result("median_low", 4.0, 2, **own),
        result("median_high", None, 2, **own, reason="not reached"),
        *(
            result(f"{name}_among_events", 9.0, 2, **own)
            for name in ("median", "minimum", "maximum")
        ),
    ]
    table = baseline(output("baseline", "TIME_TO_RELAPSE"), context(study, small, *rows))
    assert texts(table) == [
        ["Time to relapse"],
        ["  Events", "1/2 (50 %)"],
        ["  Median (95 % interval), weeks", "8.4 (4.0 to –)"],
        ["  Median of the subjects with the event (range), weeks", "9.0 (9.0 to 9.0)"],
    ]
    assert told(table)[table.rows[2].cells[1].marks[0]] == "not reached."
