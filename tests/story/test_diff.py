"""From the command line: what an amendment changes, in words, and what of the past it would."""

import json
import shutil
from pathlib import Path

import pytest
from commands import run

from pilotage.study import builtin_studies

STUDY = "lenalidomide_cle"
FOLDER = builtin_studies()[STUDY]
LIMIT = '{id: EX03C, when: "NEUT < 1", why: "Neutrophils below 1,000/µl"'
STRICTER = '{id: EX03C, when: "NEUT < 3.5", why: "Neutrophils below 3,500/µl"'


@pytest.fixture
def amended(tmp_path: Path) -> Path:
    """The built-in study with another limit of the neutrophils from June 2010 on."""
    study = tmp_path / "my-study"
    shutil.copytree(FOLDER, study, ignore=shutil.ignore_patterns("cohort", "as_published"))
    old = study / "versions" / "1.0"
    old.mkdir(parents=True)
    for name in ("protocol.yaml", "protocol.md"):
        shutil.copy(study / name, old / name)
    shutil.copytree(study / "codelists", old / "codelists")
    path = study / "protocol.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(LIMIT) == text.count("\nepochs:\n") == 1
    version = '  - {id: "2.0", date: 2010-06-01, summary: Stricter limit of the neutrophils}\n'
    text = text.replace(LIMIT, STRICTER).replace("\nepochs:\n", f"{version}\nepochs:\n")
    path.write_text(text, encoding="utf-8")
    return study


def test_a_study_compared_with_itself_has_no_change() -> None:
    for arguments in ((STUDY, STUDY), (STUDY, STUDY, FOLDER / "cohort")):
        ended = run("diff", *arguments)
        assert (ended.status, ended.out, ended.err) == (0, ["no change"], [])


def test_an_amendment_is_told_in_words_that_fit_a_terminal(amended: Path) -> None:
    ended = run("diff", amended / "versions" / "1.0", amended)
    assert (ended.status, ended.err) == (0, [])
    assert ended.out[1] == "2 parts differ: 1 in decisions, 1 in words"
    assert "    exclusion criterion EX03C [P-22]" in ended.out
    said = " ".join(line.strip() for line in ended.out)
    assert "condition: Neutrophils is below 1 × 10⁹/L → Neutrophils is below 3.5 × 10⁹/L" in said
    assert "versions/1.0/protocol.yaml:" in said
    assert max(map(len, ended.out)) <= 80


def test_given_data_the_past_is_told_in_counts_with_the_first_few(amended: Path) -> None:
    arguments = ("diff", amended / "versions" / "1.0", amended, FOLDER / "cohort")
    ended = run(*arguments)
    assert ended.status == 0
    said = " ".join(line.strip() for line in ended.out)
    assert "synthetic data, 15 subjects" in said
    assert "entry" not in said
    assert "eligible → not eligible (EX03C passed → failed)" in said
    assert max(map(len, ended.out)) <= 80
    document = json.loads("\n".join(run(*arguments, "--json").out))
    assert document["changes"][0]["matter"] == "decisions"
    counts = document["past"]["counts"]
    assert sum(counts.values()) == len(document["past"]["differences"])
    heading = next(line for line in ended.out if "Eligibility of subjects" in line)
    assert f"{counts['eligibility']} differ" in heading
    every = run(*arguments, "--all").out
    assert not any("(--all)" in line for line in every)
    assert len(every) >= len(ended.out)


def test_the_page_holds_everything_and_asks_nothing_of_the_network(
    amended: Path, tmp_path: Path
) -> None:
    page = tmp_path / "out" / "diff.html"
    ended = run("diff", amended / "versions" / "1.0", amended, "--html", page)
    assert (ended.status, ended.out) == (0, [str(page)])
    text = page.read_text(encoding="utf-8")
    assert "exclusion criterion EX03C" in text
    assert "<script" not in text
    assert "http://" not in text.replace("http://www.w3.org", "")


@pytest.mark.parametrize(
    "arguments, said",
    [
        (("diff", STUDY, "nowhere"), "no such study folder"),
        (("diff", f"{STUDY}/versions/0.9", STUDY), "the study keeps no version '0.9'"),
        (("diff", STUDY, STUDY, "nowhere"), "nowhere"),
    ],
)
def test_what_cannot_be_compared_is_an_error_in_one_line(
    arguments: tuple[str, ...], said: str
) -> None:
    ended = run(*arguments)
    assert ended.status == 1
    assert len(ended.err) == 1
    assert said in ended.err[0]


def test_the_page_is_not_written_among_the_files_of_a_study(amended: Path) -> None:
    ended = run("diff", STUDY, amended, "--html", amended / "diff.html")
    assert ended.status == 1
    assert "is the folder of the new study" in ended.err[0]
    assert not (amended / "diff.html").exists()
