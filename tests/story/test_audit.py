"""`pilotage audit`: a paper held against itself, from the command line."""

import json
from pathlib import Path

import pytest
from commands import run

HERE = Path(__file__).parents[1]
PAPER = HERE / "unit/publication/a_paper.yaml"


def paper(folder: Path, *changed: tuple[str, str]) -> Path:
    """The small paper, with some of its text replaced."""
    text = PAPER.read_text(encoding="utf-8")
    for old, new in changed:
        assert old in text
        text = text.replace(old, new)
    (folder / "published.yaml").write_text(text, encoding="utf-8")
    return folder / "published.yaml"


def test_a_paper_whose_numbers_stand_beside_each_other_ends_with_0() -> None:
    ended = run("audit", HERE / "papers/retrospective_series.yaml")
    assert (ended.status, ended.err) == (0, [])
    assert not [line for line in ended.out if line.isupper()]
    assert "unexplained     0  it could be, but does not follow from what the paper states" in (
        ended.out
    )


def test_what_cannot_stand_is_asked_about_and_ends_with_1() -> None:
    ended = run("audit", "lenalidomide_cle", "--limit", 1)
    assert ended.status == 1
    headings = [line.partition(":")[0] for line in ended.out if line[:4].isupper()]
    assert headings == ["IMPOSSIBLE", "INCONSISTENT", "UNEXPLAINED"]
    assert "      49 / 15 = 3.2667" in ended.out
    assert max(len(line) for line in ended.out) <= 100


def test_what_holds_and_what_was_not_checked_is_told_on_request() -> None:
    told = run("audit", "lenalidomide_cle", "--limit", 1, "--all").out
    assert any(line.startswith("FINE") for line in told)
    assert any(line.startswith("NOT CHECKED") for line in told)


def test_the_json_document_is_complete_and_its_keys_are_unique() -> None:
    ended = run("audit", "lenalidomide_cle", "--limit", 1, "--json")
    found = json.loads("\n".join(ended.out))
    assert list(found) == [
        *("pilotage_audit", "paper", "counts", "findings", "claims", "not_checked"),
        *("together", "cohort"),
    ]
    assert sum(found["counts"].values()) == len(found["findings"])
    keys = [each["key"] for each in found["findings"]]
    assert len(set(keys)) == len(keys)
    named = {name for each in found["findings"] for name in each["claims"]}
    assert named == set(found["claims"])
    assert named.isdisjoint(found["not_checked"])
    first = found["findings"][0]
    assert list(first) == [
        *("key", "check", "verdict", "claims", "question", "arithmetic", "repairs"),
    ]
    assert found["claims"]["R-24"]["printed"] == "3.26"


def test_a_broken_file_is_refused_with_its_line(tmp_path: Path) -> None:
    ended = run("audit", paper(tmp_path, ("value: 9", "value: 8")))
    assert (ended.status, ended.out) == (1, [])
    assert ended.err[0].startswith("published.yaml:")


@pytest.mark.parametrize(
    ("given", "words"),
    [("nowhere.yaml", "there is no such file"), ("nowhere", "no such study folder")],
)
def test_a_paper_that_is_not_there_is_told(given: str, words: str) -> None:
    ended = run("audit", given)
    assert (ended.status, ended.out) == (1, [])
    assert words in ended.err[0]


def test_a_study_without_a_paper_is_told(tmp_path: Path) -> None:
    run("new", tmp_path / "study")
    ended = run("audit", tmp_path / "study")
    assert ended.status == 1
    assert "has no published.yaml" in ended.err[0]
