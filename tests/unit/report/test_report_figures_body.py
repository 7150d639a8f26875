"""Body maps: who may be shown, and which region is filled how."""

from dataclasses import replace

import polars as pl
import pytest
from figure_examples import sheets
from report_examples import context, output, texts

from pilotage.instruments import instruments
from pilotage.instruments.instrument import Item
from pilotage.report.figures import body_maps
from pilotage.report.figures.body import PARTS, SIDES, drawable_regions
from pilotage.report.figures.body_panels import FILLS, NOTHING, UNKNOWN, levels, look
from pilotage.study.sap import BodyMap

REGIONS = [region.code for region in instruments["clasi"].regions]


def assessment(subject: str, day: int, **values: int | None) -> list[dict]:
    """Every erythema item of an assessment: 0 but for the regions named, none for None."""
    return [
        {
            "USUBJID": subject, "ASEQ": place, "PARAMCD": f"ERY{region}", "ADY": day,
            "AVAL": None if value is None else float(value), "ABLFL": "Y" if day == 1 else None,
        }
        for place, region in enumerate(REGIONS, 1)
        if (value := values.get(region, 0)) is not None
    ]  # fmt: skip


def maps(study, small, rows, *shown, synthetic=True, **facts):
    """The figure of subjects named as (subject, week); `facts` are columns of ADSL."""
    subjects = sorted({row["USUBJID"] for row in rows})
    adsl = pl.DataFrame({"USUBJID": subjects, **facts})
    schema = {"AVAL": pl.Float64, "ABLFL": pl.String}
    adqs = pl.DataFrame(rows, schema_overrides=schema)
    plan = BodyMap(
        instrument="clasi",
        group="erythema",
        subjects=[{"subject": subject, "week": week} for subject, week in shown],
        consent="PUBCONS",
    )
    datasets = replace(small, adsl=adsl, adqs=adqs, synthetic=synthetic)
    with sheets() as drawn:
        figure = body_maps(output("body maps", body_map=plan), context(study, datasets))
    return figure, drawn[0]


BEFORE = assessment("SITE-012", 1, NOSE=3, CHEST=2, ARMS=1)
AFTER = assessment("SITE-012", 85, ARMS=1)


@pytest.mark.requirement("P-83")
def test_a_subject_is_shown_before_and_at_the_wanted_week(study, small):
    figure, drawn = maps(study, small, [*BEFORE, *AFTER], (12, 12))
    assert texts(figure.numbers)[0] == ["SITE-012: Week 12.0 (day 85)"]
    changed = [row for row in texts(figure.numbers) if row[1:] not in (["0", "0"], [])]
    assert changed == [["  nose and cheeks", "3", "0"], ["  chest", "2", "0"], ["  arms", "1", "1"]]
    assert figure.words == (
        "SITE-012, Baseline: nose and cheeks 3, chest 2, arms 1; Week 12.0 (day 85): arms 1"
    )
    assert {"front", "back", "SITE-012"} <= set(drawn.words)


@pytest.mark.requirement("P-83")
@pytest.mark.parametrize(
    ("synthetic", "consent", "shown"),
    [
        (False, "Y", True), (False, "N", False), (False, None, False),
        (True, "Y", True), (True, "N", False), (True, None, True),
    ],
)  # fmt: skip
def test_nobody_is_shown_without_consent_but_invented_subjects(
    study, small, synthetic, consent, shown
):
    facts = {"PUBCONS": pl.Series([consent], dtype=pl.String)}
    figure, _ = maps(study, small, [*BEFORE, *AFTER], (12, 12), synthetic=synthetic, **facts)
    assert bool(figure.numbers.rows) == shown
    assert ("No consent to publication: not shown" in figure.words) == (not shown)


def test_without_a_column_of_consent_no_patient_is_shown(study, small):
    figure, _ = maps(study, small, [*BEFORE, *AFTER], (12, 12), synthetic=False)
    assert figure.words == "SITE-012: No consent to publication: not shown"


def test_a_drawing_of_invented_subjects_says_so_in_itself(study, small):
    _, drawn = maps(study, small, [*BEFORE, *AFTER], (12, 12))
    assert "Synthetic data" in drawn.words
    facts = {"PUBCONS": ["Y"]}
    _, real = maps(study, small, [*BEFORE, *AFTER], (12, 12), synthetic=False, **facts)
    assert "Synthetic data" not in real.words


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("SITE-012", ""), (12, ""), ("012", ""), ("SITE-01", "Not among the subjects of the data"),
        (7, "Several subjects have this number: name one in full"),
        (99, "Not among the subjects of the data"),
    ],
)  # fmt: skip
def test_a_subject_is_found_by_its_name_or_the_number_at_its_end(study, small, named, told):
    others = [*assessment("A-007", 1), *assessment("B-07", 1)]
    figure, _ = maps(study, small, [*BEFORE, *AFTER, *others], (named, 12))
    assert bool(figure.numbers.rows) == (not told)
    assert told in figure.words


def test_the_assessment_nearest_to_the_week_is_taken_within_three_weeks(study, small):
    def day_of(*days: int) -> str:
        rows = [row for day in days for row in assessment("S1", day)]
        return maps(study, small, [*assessment("S1", 1), *rows], ("S1", 6))[0].words

    assert "(day 45)" in day_of(30, 45, 85)
    assert "(day 46)" in day_of(40, 46)
    assert "(day 64)" in day_of(64)
    assert day_of(65) == "S1: No assessment before treatment or near the wanted week: not shown"
    assert day_of() == "S1: No assessment before treatment or near the wanted week: not shown"


def test_a_region_without_a_value_is_not_drawn_as_healthy(study, small):
    rows = [*BEFORE, *assessment("SITE-012", 85, CHEST=None)]
    figure, drawn = maps(study, small, rows, (12, 12))
    assert ["  chest", "2", "–"] in texts(figure.numbers)
    assert "Not known" in drawn.words
    assert look(Item("X", "", (0, 1), None, ""), None)["hatch"] == UNKNOWN["hatch"]


# -- fills and regions -----------------------------------------------------------------------------


@pytest.mark.parametrize("allowed", [(0, 1), (0, 1, 2), (0, 1, 2, 3), (0, 3, 4, 5, 6)])
def test_each_value_has_its_own_fill_the_darker_the_worse(allowed):
    fills = [look(Item("X", "", allowed, None, ""), value) for value in allowed]
    assert fills[0]["facecolor"] == NOTHING["facecolor"]
    brightness = [sum(bytes.fromhex(fill["facecolor"][1:])) for fill in fills[1:]]
    assert brightness == sorted(brightness, reverse=True)
    assert len({fill["hatch"] for fill in fills[1:]}) == len(allowed) - 1


def test_many_values_are_drawn_in_quarters_of_the_scale():
    item = Item("X", "", tuple(range(101)), None, "")
    assert levels(item) == [(1, 25), (26, 50), (51, 75), (76, 100)]
    assert [look(item, value)["facecolor"] for value in (25, 26, 100)] == [
        FILLS[0]["facecolor"], FILLS[1]["facecolor"], FILLS[3]["facecolor"],
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["clasi", "rule_of_nines"])
def test_every_region_of_an_instrument_can_be_drawn_on_each_of_its_sides(name):
    for region in instruments[name].regions:
        for side in SIDES:
            assert (side in region.sides) == ((region.code, side) in PARTS), region.code


def test_every_region_that_can_be_drawn_belongs_to_an_instrument():
    declared = {r.code for each in instruments.values() for r in each.regions}
    assert {code for side in SIDES for code in drawable_regions(side)} <= declared


@pytest.mark.parametrize("subjects", [1, 3, 6])
def test_no_text_touches_another_or_the_edge(study, small, subjects):
    names = [f"A-CENTRE-WITH-A-LONG-NAME-{place}" for place in range(subjects)]
    rows = [row for n in names for day in (1, 85) for row in assessment(n, day, NOSE=day % 4)]
    shown = [*((name, 12) for name in names), (404, 12)]
    _, drawn = maps(study, small, rows, *shown)
    assert drawn.overlaps() == []
    assert drawn.clipped() == []
    assert drawn.sheet.height < 8.8
