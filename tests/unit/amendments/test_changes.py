"""What a change is called, what it touches, and where it stands."""

import shutil
from pathlib import Path

import pytest

from pilotage.amendments import Change, changes
from pilotage.study import load_study

START = (
    "    - {when: PHASE == 'before start', do: start, to: 10 mg QD, why: first dose, "
    "source: P-20}\n"
)
SMALL = Path(__file__).parents[2] / "small_study"


def between(folder: Path, *edits: tuple[str, str], file: str = "protocol.yaml") -> list[Change]:
    """The changes of the small study where texts of a file are replaced by others."""
    study = Path(shutil.copytree(SMALL, folder / "study"))
    text = (study / file).read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (study / file).write_text(text, encoding="utf-8")
    return list(changes(load_study(SMALL), load_study(study)))


def one(folder: Path, old: str, new: str, file: str = "protocol.yaml") -> Change:
    (found,) = between(folder, (old, new), file=file)
    return found


def test_a_criterion_is_told_with_both_conditions_in_words(tmp_path: Path) -> None:
    found = one(tmp_path, "when: NEUT < 1.5", "when: NEUT < 1.0")
    assert (found.kind, found.part, found.matter) == ("changed", "Eligibility", "decisions")
    assert found.name == "exclusion criterion EX02"
    (detail,) = found.details
    assert (detail.field, detail.old, detail.new) == (
        "condition", "Neutrophils is below 1.5 × 10⁹/L", "Neutrophils is below 1 × 10⁹/L",
    )  # fmt: skip
    assert found.old is not None
    assert found.new is not None
    assert found.old.where == found.new.where == "protocol.yaml:136"
    assert found.new.sources == ("P-13",)


def test_what_is_only_written_otherwise_is_no_change(tmp_path: Path) -> None:
    edits = [
        ("when: NEUT < 1.5", 'when: "(NEUT  < 1.50)"'),
        ("label: Symptom score\n    domain: QS", "domain: QS\n    label: {en: Symptom score}"),
        ("why: Aged 18 years or more, source: P-10", "source: [P-10], why: Aged 18 years or more"),
    ]
    assert between(tmp_path, *edits) == []


def test_a_row_is_added_in_words(tmp_path: Path) -> None:
    row = "    - {when: SCORE >= 9, do: stop, why: unbearable, source: P-23}\n"
    found = one(tmp_path, "stopping: # every row that holds, whatever else is unknown\n  rows:\n",
                "stopping:\n  rows:\n" + row)  # fmt: skip
    assert (found.kind, found.matter, found.old) == ("added", "decisions", None)
    assert found.new is not None
    assert found.new.name == "row 1 of stopping"
    assert found.new.words == "Symptom score is at least 9 points: stop (“unbearable”)"


def test_a_row_that_is_left_out_is_removed_and_the_others_did_not_move(tmp_path: Path) -> None:
    found = one(
        tmp_path,
        "    - {when: RESPONSE == 'CR', do: hold, why: complete response, source: P-22}\n",
        "",
    )
    assert (found.kind, found.name, found.new) == ("removed", "row 2 of dosing", None)


def test_a_row_of_the_dosing_table_that_moves_changes_decisions(tmp_path: Path) -> None:
    second = "    - {when: RESPONSE == 'CR', do: hold, why: complete response, source: P-22}\n"
    found = one(tmp_path, START + second, second + START)
    assert (found.kind, found.matter) == ("moved", "decisions")
    assert found.old is not None
    assert found.new is not None
    assert {found.old.name, found.new.name} == {"row 1 of dosing", "row 2 of dosing"}


def test_a_row_that_moves_and_says_something_else_is_one_change(tmp_path: Path) -> None:
    rest = (
        "    - {when: RESPONSE == 'CR', do: hold, why: complete response, source: P-22}\n"
        "    - when: WEEK >= 4 and RESPONSE == 'NR' and DOSE_STEP == '10 mg QD'\n"
        "      do: raise\n      to: 20 mg QD\n      why: no response after four weeks\n"
        "      source: P-21\n"
    )
    later = rest + START.replace("to: 10 mg QD", "to: 20 mg QD")
    found = one(tmp_path, START + rest, later)
    assert [(each.field, each.old, each.new) for each in found.details] == [
        ("dose step", "10 mg QD", "20 mg QD"), ("place", "1", "3"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "old, new, name, matter",
    [
        ("why: neutropenia of grade 3 or 4", "why: neutropenia", "row 1 of stopping", "words"),
        ("10 mg QD, dose: 10, frequency: QD}", "10 mg QD, dose: 10, frequency: QOD}",
         "dose step 10 mg QD", "decisions"),
        ("day: 29\n      window: [3, 3]", "day: 29\n      window: [3, 5]",
         "visit WEEK_4", "data"),
        ("until_day: 28", "until_day: 56", "series blood_count", "data"),
        ("type: integer, target: DM.AGE, unit: years, range: [0, 120], required: true",
         "type: integer, target: DM.AGE, unit: years, range: [0, 120]",
         "item age of form demography", "data"),
        ("units: [10*9/L, /uL]", "units: [10*9/L]", "item neut of form blood_count", "data"),
        ("F: female, M: male", "F: female, M: male, U: unknown", "codelist sex", "data"),
        ("F: female, M: male", "F: woman, M: male", "codelist sex", "words"),
        ("holds: blood_count.neut <= 50", "holds: blood_count.neut <= 40",
         "edit check 1 of form blood_count", "data"),
        ("max_age_days: 14", "max_age_days: 21", "parameter NEUT", "decisions"),
        ("SCORE.PCHG <= -50", "SCORE.PCHG <= -30", "category PR of classification OVRLRESP",
         "decisions"),
        ("after: CR\n  when: SCORE >= 4", "after: CR\n  when: SCORE >= 5", "relapse", "decisions"),
        ("by week 8, until_day: 71", "by week 8, until_day: 57",
         "summary RESPW8 of classification OVRLRESP", "analysis"),
        ("{week: 4, first_day: 2, last_day: 43}", "{week: 4, first_day: 3, last_day: 43}",
         "window of week 4", "analysis"),
        ("Time to relapse, start: first response", "Time to relapse, start: first dose",
         "time to event TTREL", "analysis"),
        ("days_after_last_dose: 30", "days_after_last_dose: 28", "adverse events", "analysis"),
        ("reporting_hours: 24", "reporting_hours: 48", "adverse events", "decisions"),
        ("  otherwise: hold", "  otherwise: not stated", "the dosing table", "decisions"),
        ("label: Symptom score\n", "label: Score of symptoms\n", "parameter SCORE", "words"),
        ("  title: A pilot study", "  title: A small study", "the study", "words"),
    ],
)  # fmt: skip
def test_each_change_says_what_it_touches(
    tmp_path: Path, old: str, new: str, name: str, matter: str
) -> None:
    found = one(tmp_path, old, new)
    assert (found.name, found.matter) == (name, matter)


def test_a_part_that_is_renamed_is_one_change(tmp_path: Path) -> None:
    found = one(tmp_path, "{id: IN01, when", "{id: IN1, when")
    assert [(each.field, each.old, each.new) for each in found.details] == [("id", "IN01", "IN1")]
    found = one(tmp_path / "again", "      end: {label: Last day", "      ended: {label: Last day")
    assert [(d.field, d.old, d.new) for d in found.details] == [("name", "end", "ended")]


def test_the_plan_the_prose_and_the_open_questions_are_compared_too(tmp_path: Path) -> None:
    found = one(tmp_path, "significance: 0.05", "significance: 0.01", "sap.yaml")
    assert (found.name, found.matter) == ("the plan as a whole", "analysis")
    prose = (SMALL / "protocol.md").read_text(encoding="utf-8")
    heading = next(line for line in prose.splitlines() if "P-23" in line)
    found = one(
        tmp_path / "prose", f"{heading}\n", f"{heading}\n\nA new sentence.\n", "protocol.md"
    )
    assert (found.name, found.matter) == ("P-23 of protocol.md", "words")
    assert found.details[0].field == "text"


def test_the_weightiest_changes_stand_first(tmp_path: Path) -> None:
    found = between(
        tmp_path,
        ("  title: A pilot study", "  title: A small study"),
        ("when: NEUT < 1.5", "when: NEUT < 1.0"),
        ("until_day: 28", "until_day: 56"),
        ("days_after_last_dose: 30", "days_after_last_dose: 28"),
    )
    assert [change.matter for change in found] == ["decisions", "data", "analysis", "words"]
