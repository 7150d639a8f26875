"""What the loader warns of in an analysis plan that it can use."""

import shutil
from pathlib import Path

import pytest

import pilotage.study
from pilotage.study import load_study

BUILT_IN = Path(pilotage.study.__file__).parents[1] / "studies/lenalidomide_cle"


def warnings_of_plan(folder: Path, old: str, new: str) -> list[str]:
    """The warnings about the analysis plan of the built-in study, with a text replaced once."""
    study = Path(shutil.copytree(BUILT_IN, folder / "s", ignore=shutil.ignore_patterns("cohort")))
    text = (study / "sap.yaml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    (study / "sap.yaml").write_text(text.replace(old, new), encoding="utf-8")
    found = load_study(study).findings
    return [
        each.message
        for each in found
        if each.severity == "warning" and each.where.startswith("sap.yaml")
    ]


SEVERAL = (
    "    where: \"PARAMCD in ('ALT', 'CREAT') and ADY > 1 and AVAL is not missing\"\n"
    '    event: "ATOXGR >= 2 and ATOXHI >= 2"\n'
    "    missing: "
)


@pytest.mark.parametrize("missing", ["no event", "left out"])
def test_a_proportion_over_several_tests_is_a_lower_bound(tmp_path, missing):
    (told,) = warnings_of_plan(tmp_path, f"{SEVERAL}lower bound", SEVERAL + missing)
    assert told.startswith(f"'missing' is '{missing}', but the analysis ")
    assert "reads several parameters (ALT, CREAT), of which a subject often has some only" in told
    assert "write 'lower bound'" in told


def test_a_proportion_over_one_test_may_count_the_missing_as_it_likes(tmp_path):
    one = SEVERAL.replace("in ('ALT', 'CREAT')", "== 'ALT'")
    assert warnings_of_plan(tmp_path, f"{SEVERAL}lower bound", f"{one}no event") == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("    arms: 1\n", "    arms: 2\n"), ("allocation: none", "allocation: randomised")],
)
def test_a_design_of_several_arms_is_taken_as_one_group_and_says_so(tmp_path, old, new):
    study = Path(shutil.copytree(BUILT_IN, tmp_path / "s", ignore=shutil.ignore_patterns("cohort")))
    text = (study / "protocol.yaml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    told = "Pilotage knows trials of one arm: nobody is randomised"
    assert not any(told in finding.message for finding in load_study(study).findings)
    (study / "protocol.yaml").write_text(text.replace(old, new), encoding="utf-8")
    (found,) = [each for each in load_study(study).findings if told in each.message]
    line = text[: text.index(old.strip())].count("\n") + 1
    assert (found.severity, found.where) == ("warning", f"protocol.yaml:{line}")
