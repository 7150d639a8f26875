"""`pilotage audit`: a paper held against itself, from the command line."""

import json
from pathlib import Path

import pytest
from commands import disk_that_refuses_files_over, run

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
        *("pilotage_audit", "paper", "counts", "findings", "resting", "claims", "not_checked"),
        *("together", "complete", "not_modelled", "cohort"),
    ]
    assert sum(found["counts"].values()) == len(found["findings"])
    keys = [each["key"] for each in found["findings"]]
    assert len(set(keys)) == len(keys)
    told = [*found["findings"], *found["resting"]]
    named = {name for each in told for name in each["claims"]}
    assert named == set(found["claims"])
    assert named.isdisjoint(found["not_checked"])
    first = found["findings"][0]
    assert list(first) == [
        *("key", "check", "verdict", "claims", "question", "arithmetic", "repairs"),
    ]
    assert found["claims"]["R-24"]["printed"] == "3.26"


def test_the_page_is_written_whole_and_the_same_each_time(tmp_path: Path) -> None:
    first, again = tmp_path / "new folder/audit.html", tmp_path / "again.html"
    again.write_text("what stood here before", encoding="utf-8")
    for file in (first, again):
        ended = run("audit", HERE / "papers/retrospective_series.yaml", "--html", file)
        assert (ended.status, ended.out, ended.err) == (0, [str(file)], [])
    text = first.read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert "</html>" in text
    assert again.read_text(encoding="utf-8") == text
    assert sorted(path.name for path in tmp_path.rglob("*")) == [
        *("again.html", "audit.html", "new folder"),
    ]


def test_a_page_of_what_cannot_stand_ends_with_1(tmp_path: Path) -> None:
    file = tmp_path / "audit.html"
    assert run("audit", "lenalidomide_cle", "--limit", 1, "--html", file).status == 1
    assert 'id="finding-grim-R-24-A-02"' in file.read_text(encoding="utf-8")


def test_page_and_document_are_both_to_be_had(tmp_path: Path) -> None:
    given = ("audit", HERE / "papers/retrospective_series.yaml", "--json")
    ended = run(*given, "--html", tmp_path / "audit.html")
    assert json.loads("\n".join(ended.out))["pilotage_audit"] == 1
    assert (tmp_path / "audit.html").is_file()


def test_the_paper_itself_is_never_overwritten(tmp_path: Path) -> None:
    given = paper(tmp_path)
    before = given.read_bytes()
    ended = run("audit", given, "--html", tmp_path / "." / given.name)
    assert (ended.status, ended.out) == (1, [])
    assert "is the file that is to be audited" in ended.err[0]
    assert given.read_bytes() == before


def test_no_verdict_is_written_into_the_folder_of_a_study(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    run("new", folder)
    given = paper(folder)
    for place in (folder, folder / "codelists"):
        ended = run("audit", given, "--html", place / "audit.html")
        assert (ended.status, ended.out) == (1, [])
        assert "the folder of the study" in ended.err[0]
    assert not list(folder.rglob("*.html"))


def test_a_page_that_cannot_be_written_is_told_before_the_search(tmp_path: Path) -> None:
    given = paper(tmp_path)
    ended = run("audit", given, "--html", tmp_path)
    assert ended.err == [f"{tmp_path}: is a folder; name a file to write to"]
    ended = run("audit", given, "--html", given / "audit.html")
    assert ended.err == [f"{given}: is a file; name a folder to write to"]


def test_a_page_is_not_left_half_done_where_the_disk_is_full(tmp_path: Path) -> None:
    given = HERE / "papers/retrospective_series.yaml"
    with disk_that_refuses_files_over(1000):
        ended = run("audit", given, "--html", tmp_path / "audit.html")
    assert ended.status == 1
    assert "cannot be written" in ended.err[0]
    assert list(tmp_path.iterdir()) == []


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


def test_a_paper_in_place_of_its_claims_is_told_what_makes_claims_of_it(tmp_path: Path) -> None:
    given = tmp_path / "paper.txt"
    given.write_text("Results: we treated 23 patients.\nOf whom 62% responded: yes.\n", "utf-8")
    ended = run("audit", given)
    assert (ended.status, ended.out) == (1, [])
    assert ended.err == [
        f"{given}: is no published.yaml; if it is a paper, draft one with: pilotage claims {given}"
    ]


def test_claims_of_another_name_are_refused_with_their_line(tmp_path: Path) -> None:
    given = paper(tmp_path, ("value: 9", "value: 8")).rename(tmp_path / "claims.txt")
    (first, *_) = run("audit", given).err
    assert first.startswith("claims.txt:")


@pytest.mark.parametrize("limit", ["inf", "nan", "-1", "0"])
@pytest.mark.parametrize("command", ["audit", "reconstruct"])
def test_a_search_without_an_end_is_refused_in_one_line(
    tmp_path: Path, command: str, limit: str
) -> None:
    out = ("--out", tmp_path / "cohort") if command == "reconstruct" else ()
    ended = run(command, "lenalidomide_cle", *out, "--limit", limit)
    words = f"'{limit}' is no time to search for; write the seconds, 1 or more, as 300"
    assert (ended.status, ended.out, ended.err) == (1, [], [f"--limit: {words}"])


def test_a_study_without_a_paper_is_told(tmp_path: Path) -> None:
    run("new", tmp_path / "study")
    ended = run("audit", tmp_path / "study")
    assert ended.status == 1
    assert "has no published.yaml" in ended.err[0]
