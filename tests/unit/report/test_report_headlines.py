"""The first answers: a line each, with the population, and the reason where there is no number."""

import pytest
from report_examples import context, result, template

from pilotage.report.headlines import as_lines, headlines


def lines(study, small, *rows):
    return as_lines(headlines(context(study, small, *rows)))


def asked(tmp_path, *, event: str, heads: str = "[RESPONSE]"):
    return template(
        tmp_path,
        ("sap.yaml", "    event: AVALC == 'CR'\n", f"    event: {event}\n"),
        ("sap.yaml", "\noutputs:\n", f"\nheadlines: {heads}\n\noutputs:\n"),
    )  # fmt: skip


@pytest.mark.requirement("P-86")
def test_how_many_belong_to_a_population_is_a_number_and_no_share_of_itself(tmp_path, small):
    study = asked(tmp_path, event="SAFFL == 'Y'")
    rows = [
        result("count", 3, 3, analysis="RESPONSE"),
        result("count", 2, 2, analysis="RESPONSE", population="EVALFL"),
    ]
    said, *_ = lines(study, small, *rows)
    assert said.startswith("Complete response by week 8: 3 subjects; 2/2 (100 %) of First cycle")


def test_what_was_not_collected_is_said_of_the_population_with_its_reason(tmp_path, small):
    study = asked(tmp_path, event="AVALC == 'CR'")
    row = result("count", None, 3, analysis="RESPONSE", reason="the snapshot has no table ae")
    row["STATUS"] = "not collected"
    said, *_ = lines(study, small, row, {**row, "POPULATION": "EVALFL"})
    assert said.startswith(
        "Complete response by week 8: Treated: not collected (the snapshot has no table ae); First"
    )
