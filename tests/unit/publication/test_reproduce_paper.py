"""The built-in paper beside a synthetic cohort: no claim is dropped, one changed number changes
the claims that depend on it and no other, and the files say what the table says."""

import csv
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from pilotage.analysis import analyse
from pilotage.cli import app
from pilotage.courses import write_cohort
from pilotage.datasets import derive
from pilotage.findings import InputErrors
from pilotage.publication import Published, load_published
from pilotage.publication.plan_statistics import statistics_of
from pilotage.publication.reproduce import VERDICTS, Followed, Held, read_followed, reproduce
from pilotage.publication.reproduce.followed import RECONSTRUCTION
from pilotage.snapshot import Snapshot, read_snapshot, write_snapshot
from pilotage.study import Study, load_study, new_study

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study("lenalidomide_cle")


@pytest.fixture(scope="module")
def paper(study: Study) -> Published:
    return load_published(study)


@pytest.fixture(scope="module")
def snapshot(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder = tmp_path_factory.mktemp("data") / "snapshot"
    write_cohort(study, folder, seed=1, subjects=15)
    return read_snapshot(folder)


@pytest.fixture(scope="module")
def held(study: Study, paper: Published, snapshot: Snapshot) -> tuple[Held, ...]:
    return beside(study, paper, snapshot)


def beside(
    study: Study, paper: Published, snapshot: Snapshot, followed: Followed | None = None
) -> tuple[Held, ...]:
    datasets = derive(study, snapshot)
    results = analyse(study, datasets)
    tables = snapshot.tables
    return reproduce(study, paper, datasets, results, tables=tables, followed=followed).held


@pytest.mark.requirement("P-86")
def test_every_claim_gets_one_verdict(paper: Published, held: tuple[Held, ...]) -> None:
    assert [each.claim.id for each in held] == [claim.id for claim in paper.claims]
    assert {each.verdict for each in held} <= set(VERDICTS)
    assert sum(Counter(each.verdict for each in held).values()) == len(paper.claims)


def test_every_claim_names_what_the_plan_gives(held: tuple[Held, ...]) -> None:
    assert [each.claim.id for each in held if each.unbound] == []


def test_what_cannot_be_computed_says_why_and_what_differs_shows_ours(
    held: tuple[Held, ...],
) -> None:
    for each in held:
        if each.verdict == "cannot be computed":
            assert each.reason, each.claim.id
        else:
            assert each.ours, each.claim.id


def test_most_claims_of_the_results_are_held_against_numbers(paper: Published) -> None:
    """A claim of the results without any way to an answer is the exception."""
    own = [claim for claim in paper.claims if claim.place.section == "results"]
    assert sum(claim.not_computable is not None for claim in own) <= 6


def test_the_statistics_that_a_claim_may_name_are_those_of_the_analyses(
    study: Study, snapshot: Snapshot
) -> None:
    results = analyse(study, derive(study, snapshot)).filter(pl.col("AT").is_null())
    listed = {analysis.id: statistics_of(analysis) for analysis in study.sap.analyses}
    for analysis, statistic in results.select("ANALYSIS", "STATISTIC").unique().rows():
        if names := listed[analysis]:
            assert statistic in names, f"{analysis} gives {statistic}"


# -- one number changed ----------------------------------------------------------------------------


def changed(
    snapshot: Snapshot, table: str, change: Callable[[pl.DataFrame], pl.DataFrame]
) -> Snapshot:
    return replace(snapshot, tables={**snapshot.tables, table: change(snapshot.tables[table])})


def differing(before: tuple[Held, ...], after: tuple[Held, ...]) -> set[str]:
    return {one.claim.id for one, two in zip(before, after, strict=True) if one != two}


def test_another_age_changes_the_claims_about_age_and_no_other(
    study: Study, paper: Published, snapshot: Snapshot, held: tuple[Held, ...]
) -> None:
    older = pl.when(pl.col("AGE") == pl.col("AGE").max()).then(71.0).otherwise("AGE").alias("AGE")
    after = beside(study, paper, changed(snapshot, "dm", lambda dm: dm.with_columns(older)))
    assert differing(held, after) == {"R-13", "R-14"}


def test_another_answer_changes_the_claims_about_it_and_no_other(
    study: Study, paper: Published, snapshot: Snapshot, held: tuple[Held, ...]
) -> None:
    def turned(fa: pl.DataFrame) -> pl.DataFrame:
        first = fa.filter(pl.col("FATESTCD") == "PHOTOSEN")["SRCLINE"].min()
        other = pl.when(pl.col("FAORRES") == "Y").then(pl.lit("N")).otherwise(pl.lit("Y"))
        value = pl.when(pl.col("SRCLINE") == first).then(other).otherwise("FAORRES")
        return fa.with_columns(value.alias("FAORRES"))

    after = beside(study, paper, changed(snapshot, "fa", turned))
    assert differing(held, after) == {"R-18", "R-19"}


# -- synthetic -------------------------------------------------------------------------------------


def test_nothing_of_invented_subjects_is_called_confirmed_or_reproduced(
    study: Study, paper: Published, snapshot: Snapshot
) -> None:
    every = Followed(frozenset(claim.id for claim in paper.claims))
    found = beside(study, paper, snapshot, every)
    assert {each.verdict for each in found} == set(VERDICTS) - {"same"}


def test_the_snapshot_says_which_claims_it_follows(tmp_path: Path) -> None:
    assert read_followed(tmp_path, claims=("R-01",)) == Followed()
    said = {"followed": ["R-01"], "not_followed": [{"claim": "R-02", "why": "R-01 excludes it"}]}
    (tmp_path / RECONSTRUCTION).write_text(json.dumps(said))
    found = read_followed(tmp_path, claims=("R-01", "R-02"))
    assert found == Followed(frozenset({"R-01"}), {"R-02": "R-01 excludes it"})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is not JSON: "),
        ("[]", "needs 'followed', the list of the ids"),
        ('{"followed": [], "not_followed": ["R-01"]}', "'not_followed' is a list of {claim, why}"),
        ('{"followed": ["R-10"]}', "there is no claim 'R-10' in published.yaml; did you mean"),
    ],
)
def test_a_list_of_followed_claims_that_is_none_is_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / RECONSTRUCTION).write_text(text)
    with pytest.raises(InputErrors) as errors:
        read_followed(tmp_path, claims=("R-01", "R-02"))
    assert [str(each).partition(": ")[2][: len(message)] for each in errors.value.findings] == [
        message
    ]


# -- the command -----------------------------------------------------------------------------------


def run(*arguments: object) -> tuple[int, str]:
    found = CliRunner().invoke(app, ["reproduce", *(str(each) for each in arguments)])
    return found.exit_code, found.stdout


def test_the_command_shows_every_claim_and_ends_with_1_where_one_differs(
    paper: Published, snapshot: Snapshot, tmp_path: Path
) -> None:
    status, text = run("lenalidomide_cle", snapshot.folder, "--out", tmp_path / "out")
    assert status == 1
    assert text.startswith("SYNTHETIC DATA")
    assert re.findall(r"^([A-Z]-\d+) ", text, re.MULTILINE) == [c.id for c in paper.claims]
    assert max(map(len, text.splitlines())) <= 100
    with (tmp_path / "out" / "reproduction.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    meant = [row for row in rows if row["ROLE"] == "meant"]
    assert [row["CLAIM"] for row in meant] == [claim.id for claim in paper.claims]
    assert all(row["VERDICT"] in VERDICTS and row["SYNTHETIC"] == "Y" for row in meant)
    page = (tmp_path / "out" / "reproduction.html").read_text(encoding="utf-8")
    assert page.count("Synthetic data") > 5
    assert all(f">{claim.id}" in page for claim in paper.claims)
    assert not re.search(r"<script|https?://", page)


def test_the_same_data_give_the_same_bytes(snapshot: Snapshot, tmp_path: Path) -> None:
    for name in ("one", "two"):
        run("lenalidomide_cle", snapshot.folder, "--out", tmp_path / name)
    for file in ("reproduction.csv", "reproduction.html"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


SMALL = """
pilotage: 1
paper: {{title: A small trial, citation: "Journal 2024;1:1", covers: [results]}}
groups:
  treated: {{label: Treated patients, where: "SAFFL == 'Y'"}}
claims:
  - id: R-01
    place: {{section: results, paragraph: 1, sentence: 1}}
    sentence: {n} patients were treated
    printed: {n} patients
    kind: count
    group: treated
    value: {n}
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study and a snapshot of four subjects that is not called synthetic."""
    folder = tmp_path_factory.mktemp("small")
    study = load_study(new_study(folder / "study"))
    made = write_cohort(study, folder / "synthetic", seed=1, subjects=4)
    write_snapshot(
        made.tables, folder / "real", study=study.protocol.study.id, cut=date(2030, 1, 1),
        synthetic=False, protocol_versions=study.protocol.versions,
    )  # fmt: skip
    return folder


@pytest.mark.parametrize(("printed", "status", "verdict"), [(4, 0, "same"), (5, 1, "differs")])
def test_the_exit_status_is_0_where_nothing_differs(
    small: Path, printed: int, status: int, verdict: str
) -> None:
    (small / "study" / "published.yaml").write_text(SMALL.format(n=printed))
    ended, text = run(small / "study", small / "real")
    assert ended == status
    assert "SYNTHETIC" not in text
    assert re.search(rf"^R-01 +{printed} patients +4 +{verdict}$", text, re.MULTILINE)


def test_a_study_without_a_paper_or_with_a_broken_one_ends_with_1_and_shows_nothing(
    small: Path,
) -> None:
    (small / "study" / "published.yaml").unlink(missing_ok=True)
    assert run(small / "study", small / "real") == (1, "")
    (small / "study" / "published.yaml").write_text(SMALL.format(n=4).replace("group:", "grup:"))
    assert run(small / "study", small / "real") == (1, "")


def test_a_command_without_a_snapshot_is_a_mistake_of_usage() -> None:
    assert run("lenalidomide_cle")[0] == 2
