"""`pilotage claims`: from a paper to a draft, from the draft to an audit."""

from pathlib import Path

import pytest
from commands import contents, run

import drafted_claims_page
from pilotage.publication import read_published
from pilotage.publication.drafting import draft_claims, yaml_text
from pilotage.study.yaml_reader import LARGEST_FILE

PAPERS = Path(__file__).parents[1] / "papers/drafting"
PAPER = """\
A small trial of balm

Results

Fifteen patients were treated. It healed in 12 of 14 patients (68%).
The mean score was 3.26 points.
"""


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "paper.txt"
    path.write_text(PAPER, encoding="utf-8")
    return path


def test_the_command_says_what_it_found_and_what_is_next(paper: Path) -> None:
    out = paper.parent / "published.yaml"
    ended = run("claims", paper, "--out", out)
    assert (ended.status, ended.err) == (0, [])
    assert ended.out == [
        "A small trial of balm",
        "3 sentences in results",
        "5 claims with 5 numbers: 3 count, 1 percentage, 1 mean",
        "0 numbers that no pattern knows: at the end of the file",
        "To complete, marked TO COMPLETE: 4 groups, 1 variable and 1 other place",
        f"Then: pilotage audit {out}",
        str(out),
    ]


def test_a_draft_is_audited_as_it_is_and_further_when_it_is_complete(paper: Path) -> None:
    out = paper.parent / "published.yaml"
    run("claims", paper, "--out", out)
    drafted = run("audit", out, "--json")
    assert drafted.status == 1
    assert any("12 of 14 is 85.71 %" in line or "12 / 14" in line for line in drafted.out)
    assert not any("GRIM" in line or '"grim"' in line for line in drafted.out)

    text = out.read_text(encoding="utf-8")
    groups, _, claims = text.partition("claims:\n")
    named = claims.replace("open_r05 ", "open_r01 ")  # the mean is of all who were treated
    whole = groups.replace("unit: not stated", "unit: points, whole_numbers: true")
    out.write_text(f"{whole}claims:\n{named}", encoding="utf-8")
    completed = run("audit", out, "--json")
    assert any('"grim"' in line for line in completed.out)


def test_a_file_that_is_there_is_never_overwritten(paper: Path) -> None:
    out = paper.parent / "published.yaml"
    out.write_text("the work of a person", encoding="utf-8")
    before = contents(paper.parent)
    ended = run("claims", paper, "--out", out)
    words = "is there already, and may hold the work of a person; name another file with --out"
    assert (ended.status, ended.out, ended.err) == (1, [], [f"{out}: {words}"])
    assert contents(paper.parent) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("no.txt",), "no.txt: there is no such file"),
        (("paper.txt", "--section", "result"), "--section: 'result' is no section; one of title, "),
        (("paper.pdf",), "paper.pdf: is a PDF; save its text first"),
        ((".",), ".: the file cannot be read: "),
    ],
)
def test_what_cannot_be_drafted_is_one_line_and_writes_nothing(
    arguments: tuple[str, ...], message: str, paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(paper.parent)
    Path("paper.pdf").write_bytes(b"%PDF-1.7")
    before = contents(Path())
    ended = run("claims", *arguments)
    assert (ended.status, ended.out, len(ended.err)) == (1, [], 1)
    assert ended.err[0].startswith(message)
    assert contents(Path()) == before


def test_a_draft_that_could_not_be_read_again_is_refused(tmp_path: Path) -> None:
    long = tmp_path / "long.txt"
    long.write_text("It healed in 12 of 14 patients (86%). " * 800, encoding="utf-8")
    ended = run("claims", long, "--out", tmp_path / "published.yaml")
    assert ended.status == 1
    assert (
        f"more than can be read again ({LARGEST_FILE:,}); draft the paper in parts" in ended.err[0]
    )
    assert not (tmp_path / "published.yaml").exists()


def test_a_text_without_headings_says_that_the_sections_are_not_known(tmp_path: Path) -> None:
    paper = tmp_path / "a.txt"
    paper.write_text("Three patients stopped.", encoding="utf-8")
    without = run("claims", paper, "--out", tmp_path / "a.yaml")
    named = run("claims", paper, "--out", tmp_path / "b.yaml", "--section", "results")
    assert any(line.startswith("No headings were found") for line in without.out)
    assert not any(line.startswith("No headings were found") for line in named.out)
    assert read_published(tmp_path / "b.yaml").claims[0].id == "R-01"


@pytest.mark.parametrize("name", ["wrapped.txt", "article.xml", "page.html"])
def test_the_draft_of_each_kind_of_file_loads(name: str, tmp_path: Path) -> None:
    draft = draft_claims(PAPERS / name)
    path = tmp_path / "published.yaml"
    path.write_text(yaml_text(draft), encoding="utf-8")
    assert [claim.id for claim in read_published(path).claims] == [each.id for each in draft.claims]


def test_numbers_that_no_pattern_knows_stand_at_the_end_with_their_sentence(tmp_path: Path) -> None:
    paper = tmp_path / "a.txt"
    paper.write_text("Results\n\nThe key was 4711. Three patients had C3 [12].", encoding="utf-8")
    run("claims", paper, "--out", tmp_path / "a.yaml")
    lines = (tmp_path / "a.yaml").read_text(encoding="utf-8").splitlines()
    rest = lines[next(at for at, line in enumerate(lines) if "no pattern knows: a claim" in line) :]
    assert rest[1] == "# results 1.1 | 4711 | The key was 4711."
    assert rest[-2:] == ["# citations: 1", "# digits in names: 1: C3"]


# -- how much is found -----------------------------------------------------------------------------


def test_the_page_says_how_much_of_the_hand_made_claims_is_drafted() -> None:
    written = drafted_claims_page.PAGE.read_text(encoding="utf-8")
    assert written == drafted_claims_page.page(written), "run `make docs`"


def test_nine_of_ten_claims_of_the_built_in_paper_are_drafted_and_few_others() -> None:
    built_in = read_published(drafted_claims_page.BUILT_IN)
    score = drafted_claims_page.scored(*drafted_claims_page.compared(built_in))["all kinds"]
    assert score.both >= 0.9 * score.by_hand
    assert score.both >= 0.9 * score.drafted
