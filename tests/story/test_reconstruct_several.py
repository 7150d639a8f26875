"""`pilotage reconstruct` with several cohorts and with ranges, of the built-in study."""

import csv
import json
from pathlib import Path

import pytest
from commands import run

from pilotage.analysis import analyse
from pilotage.datasets import derive
from pilotage.publication import load_published
from pilotage.publication.reconstruct import load_reconstruction
from pilotage.publication.reconstruct.assemble import problem_of
from pilotage.publication.reconstruct.budget import Budget
from pilotage.publication.reconstruct.ranges import find_ranges
from pilotage.publication.reconstruct.solve import solve
from pilotage.publication.reconstruct.space import Space
from pilotage.publication.reproduce import read_followed, reproduce
from pilotage.snapshot import read_snapshot
from pilotage.study import load_study

NAME = "lenalidomide_cle"


# -- what is refused, before anything is searched --------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["--out", "{new}", "--cohorts", "0"],
            "'--cohorts': Input should be greater than or equal to 1",
        ),
        (["--out", "{new}", "--limit", "0"], "--limit: '0' is no time to search for"),
        (["--out", "{new}", "--limit", "-5"], "--limit: '-5' is no time to search for"),
        ([], "--out: name a folder to write to; or a file with --ranges"),
        (["--cohorts", "2", "--ranges", "{new}.csv"], "--cohorts: needs --out"),
        (["--ranges", "{new}.txt"], "name a file that ends in .csv or .json"),
        (["--ranges", "{file}"], "is there already; name a new file, or ask to replace it"),
        (["--out", "{new}", "--ranges", "{new}/r.csv"], "name a file beside it"),
        (["--out", "{file}", "--cohorts", "2"], "is a file; name a folder to write to"),
        (["--out", "{full}", "--cohorts", "2"], "holds notes.txt; several cohorts need a new"),
        (["--out", "{old}", "--cohorts", "2"], "holds cohorts already; name a new folder"),
        (["--out", "{old}", "--cohorts", "2", "--replace"], "holds cohort-3; several cohorts"),
    ],
)
def test_what_cannot_be_done_is_said_at_once_and_nothing_is_written(
    arguments: list[str], words: str, tmp_path: Path
) -> None:
    (tmp_path / "there.csv").write_text("A\n")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    numbers = (1, 2, 3) if "--replace" in arguments else (1, 2)
    for number in numbers:
        (tmp_path / "old" / f"cohort-{number}").mkdir(parents=True)
        (tmp_path / "old" / f"cohort-{number}" / "manifest.json").write_text("{}")
    places = {"new": "new", "file": "there.csv", "full": "full", "old": "old"}
    filled = {key: str(tmp_path / place) for key, place in places.items()}
    before = sorted(tmp_path.rglob("*"))
    ended = run("reconstruct", NAME, *(argument.format(**filled) for argument in arguments))
    assert ended.status != 0
    assert words in " ".join(" ".join(ended.err).split())
    assert sorted(tmp_path.rglob("*")) == before


# -- what is found ---------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.requirement("P-86")
def test_the_first_of_two_cohorts_is_the_one_of_the_study_and_the_second_meets_the_paper_too(
    tmp_path: Path,
) -> None:
    out = tmp_path / "two"
    ended = run("reconstruct", NAME, "--out", out, "--cohorts", 2, "--limit", 1000)
    assert (ended.status, ended.err) == (0, [])
    study = load_study(NAME)
    first = {path.name: path.read_bytes() for path in (out / "cohort-1").iterdir()}
    assert first == {path.name: path.read_bytes() for path in (study.folder / "cohort").iterdir()}
    (line,) = [line for line in ended.out if line.startswith("cohort-2 differs in ")]
    far, _, values = line.removeprefix("cohort-2 differs in ").partition(" from cohort-1, of ")
    assert values == "765 values of subjects"
    assert int(far) > 150

    folder, published = out / "cohort-2", load_published(study)
    assert json.loads((folder / "reconstruction.json").read_text())["cohort"] == 2
    snapshot = read_snapshot(folder)
    assert snapshot.synthetic
    datasets = derive(study, snapshot)
    followed = read_followed(folder, claims=tuple(claim.id for claim in published.claims))
    found = reproduce(
        study,
        published,
        datasets,
        analyse(study, datasets),
        tables=snapshot.tables,
        followed=followed,
    )
    differs = {held.claim.id for held in found.held if held.verdict == "differs"}
    assert not differs & followed.followed


@pytest.mark.slow
def test_a_few_facts_of_the_paper_are_forced_and_proved_in_a_few_searches() -> None:
    """Subject 3 had one week of treatment (R-28) and no response; the paper's text fixes the days
    to the response of 6 (six weeks) and 12 (three months). Subject 3 is no better at week 2 by
    half or more, so that 4 points at entry or more leave 3 points or more at week 2. Twelve have
    a complete response: 6, 12 and 15 do, 3 and 9 do not and 1 may, so that 8 or 9 others do."""
    study = load_study(NAME)
    published = load_published(study)
    made = load_reconstruction(study, published)
    loose, whole = (problem_of(study, published, made, squares=each) for each in (False, True))
    left = {choice.claim for choice in made.choices if choice.leave}
    followed = tuple(name for name in loose.force if name not in left)
    solution = solve(loose, followed, seed=5)
    assert solution is not None
    space = Space(loose, whole, followed, Budget(searches=30))
    first = space.checked(solution)
    assert first is not None
    wanted = {(2, "CRD"), (2, "TRTD"), (5, "CRD"), (11, "CRD"), (2, "CLASIAW2"), (1, "cr")}
    found = find_ranges(
        space, first, only=lambda quantity: (quantity.members[0], quantity.name) in wanted
    )
    forced = {
        (each.quantity.members[0] + 1, each.quantity.name): each.low
        for each in found.found
        if each.status == "forced"
    }
    assert forced == {(3, "CRD"): 0, (3, "TRTD"): 7, (6, "CRD"): 42, (12, "CRD"): 84}
    (score,) = [each for each in found.found if each.quantity.name == "CLASIAW2"]
    assert score.least == 3
    (responders,) = [each for each in found.found if each.quantity.name == "cr"]
    assert responders.quantity.members == (1, 3, 4, 6, 7, 9, 10, 12, 13)
    assert (responders.low, responders.high, responders.status) == (8, 9, "proved")


@pytest.mark.slow
def test_the_table_of_ranges_is_the_same_for_the_same_number_of_searches(tmp_path: Path) -> None:
    for name in ("one.csv", "other.csv"):
        ended = run("reconstruct", NAME, "--ranges", tmp_path / name, "--searches", 8)
        assert (ended.status, ended.err) == (0, [])
        assert "the limit came first" in ended.out[-2]
    text = (tmp_path / "one.csv").read_text(encoding="utf-8")
    assert (tmp_path / "other.csv").read_text(encoding="utf-8") == text
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) > 900
    for row in rows:
        low, high, least, most = (int(row[key]) for key in ("LOW", "HIGH", "LEAST", "MOST"))
        assert least <= low <= high <= most
        assert (row["STATUS"] == "not proved") == ((low, high) != (least, most))
