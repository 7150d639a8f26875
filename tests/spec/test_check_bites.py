"""Small mistakes are made in a copy of the built-in study, one at a time: a worked example notices
each of them."""

from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from pilotage.check.worked_examples import worked_example_findings
from pilotage.study import load_study
from pilotage.study.load import builtin_studies

BUILT_IN = builtin_studies()["lenalidomide_cle"]
COUNTS = """\
      every_days: 7
      until_day: 57
      then_every_days: 28
      window: [2, 0]
"""
PREGNANCY_TESTS = """\
      every_days: 7
      until_day: 29
      then_every_days: 28
      window: [2, 0]
"""
WEEK_12 = """\
      day: 85
      window: [3, 3]
"""
REPORTED = "pregnancy_report.learnt is not missing\n        or "
POTENTIAL = "(childbearing.potential != 'no' or pregnancy_test.result is not missing)"
FERTILE = "childbearing.potential == 'yes'"
POSITIVE = "pregnancy_test.result == 'POSITIVE'"

MISTAKES = {
    "counts every 35 days": (COUNTS, COUNTS.replace("28", "35")),
    "counts weekly to day 29": (COUNTS, COUNTS.replace("57", "29")),
    "counts 3 days late are in time": (COUNTS, COUNTS.replace("0]", "3]")),
    "counts 3 days earlier are in time": (COUNTS, COUNTS.replace("[2", "[5")),
    "pregnancy tests every 35 days": (PREGNANCY_TESTS, PREGNANCY_TESTS.replace("28", "35")),
    "pregnancy tests weekly to day 57": (PREGNANCY_TESTS, PREGNANCY_TESTS.replace("29", "57")),
    "pregnancy tests 3 days late": (PREGNANCY_TESTS, PREGNANCY_TESTS.replace("0]", "3]")),
    "week 12 a day earlier or later": (WEEK_12, WEEK_12.replace("[3, 3]", "[4, 4]")),
    "nerve conduction after 200 days": ("NERVE_STUDY_DAYS >= 168", "NERVE_STUDY_DAYS >= 200"),
    "nerve conduction after 167 days": ("NERVE_STUDY_DAYS >= 168", "NERVE_STUDY_DAYS >= 167"),
    "no nerve conduction for new symptoms": (
        "when: \"neurology.new_symptoms == 'yes'\"",
        "when: \"neurology.new_symptoms == 'no'\"",
    ),
    "maintenance has 12 weeks": (
        "RELAPSE == 'yes' and WEEKS_AT_STEP < 8",
        "RELAPSE == 'yes' and WEEKS_AT_STEP < 12",
    ),
    "maintenance has 7 weeks": (
        "RELAPSE == 'yes' and WEEKS_AT_STEP < 8",
        "RELAPSE == 'yes' and WEEKS_AT_STEP < 7",
    ),
    "a pregnancy that is reported does not stop": (REPORTED, ""),
    "a pregnancy that is reported does not block": (
        "SEX != 'M' and pregnancy_report.learnt is not missing\"",
        f"SEX != 'M' and pregnancy_report.learnt is not missing and {FERTILE}\"",
    ),
    "a positive test stops only who can bear children": (
        f"({POSITIVE} and {POTENTIAL}))\n      do: stop",
        f"({POSITIVE} and {FERTILE}))\n      do: stop",
    ),
    "a positive test blocks only for who can bear children": (
        f"{POSITIVE}\n        and {POTENTIAL}",
        f"{POSITIVE}\n        and {FERTILE}",
    ),
    "a positive test keeps out only who can bear children": (
        f"or ({POSITIVE} and {POTENTIAL}))\n      why: Pregnant",
        f"or ({POSITIVE} and {FERTILE}))\n      why: Pregnant",
    ),
    "a test of the day before the last is new enough": (
        "PREG_TEST_DAYS > 1\"", "PREG_TEST_DAYS > 2\"",
    ),
    "serious events are reported within 25 hours": ("reporting_hours: 24", "reporting_hours: 25"),
    "serious events are reported within 23 hours": ("reporting_hours: 24", "reporting_hours: 23"),
    "values are asked about from grade 1": (
        "query_laboratory_grade_from: 2", "query_laboratory_grade_from: 1",
    ),
    "values are asked about from grade 3": (
        "query_laboratory_grade_from: 2", "query_laboratory_grade_from: 3",
    ),
    "an event in hospital is not serious": (
        "    AESHOSP: Required or prolonged hospitalisation\n", "",
    ),
}  # fmt: skip


def damaged(folder: Path, old: str, new: str) -> Path:
    """A copy of the study in which one place of the protocol is another one."""
    copy = copytree(BUILT_IN, folder / "copy", ignore=ignore_patterns("cohort", "as_published"))
    protocol = copy / "protocol.yaml"
    text = protocol.read_text(encoding="utf-8")
    assert text.count(old) == 1
    assert old != new
    protocol.write_text(text.replace(old, new), encoding="utf-8")
    return copy


@pytest.mark.slow
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_worked_example_notices_a_mistake(mistake: str, tmp_path: Path) -> None:
    study = load_study(damaged(tmp_path, *MISTAKES[mistake]))
    assert worked_example_findings(study)


@pytest.mark.slow
def test_a_worked_example_notices_a_visit_that_is_gone(tmp_path: Path) -> None:
    text = (BUILT_IN / "protocol.yaml").read_text(encoding="utf-8")
    week_20 = text[text.index("    - id: WEEK_20") : text.index("    - id: WEEK_24")]
    study = load_study(damaged(tmp_path, week_20, ""))
    assert worked_example_findings(study)
