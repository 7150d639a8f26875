"""The built-in paper beside a synthetic cohort: no claim is dropped, one changed number changes
the claims that depend on it and no other, and the files say what the table says."""

import csv
import html
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
from pilotage.publication.answers import computable, in_the_data, way, why_no_result
from pilotage.publication.plan_statistics import statistics_of
from pilotage.publication.reproduce import VERDICTS, Followed, Held, read_followed, reproduce
from pilotage.publication.reproduce.followed import RECONSTRUCTION
from pilotage.publication.reproduce.results import visit_of
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
        if each.verdict in ("cannot be computed", "not a result"):
            assert each.reason, each.claim.id
        else:
            assert each.ours, each.claim.id


def test_most_claims_of_the_results_are_held_against_numbers(paper: Published) -> None:
    """A claim of the results without any way to an answer is the exception."""
    own = [claim for claim in paper.claims if claim.place.section == "results"]
    assert sum(claim.not_computable is not None for claim in own) == 0
    assert sum(way(claim, paper) == "not a result" for claim in own) <= 4


def test_no_claim_about_subjects_in_the_data_is_called_no_result_of_the_data(
    paper: Published,
) -> None:
    """A limit may define a group; of no other claim of the trial is the group in the data."""
    for claim in paper.claims:
        if way(claim, paper) != "not a result":
            continue
        assert in_the_data(claim, paper) is None, claim.id
        assert not getattr(claim, "result", ()), claim.id
        if claim.kind != "threshold" and claim.about == "trial":
            groups = [getattr(claim, key, None) for key in ("group", "of", "than", "share")]
            known = [name for name in groups if name is not None and computable(paper, name)]
            assert known == [], claim.id
            assert getattr(claim, "variable", None) is None, claim.id


def test_every_rule_of_the_plan_is_one_by_the_same_word(paper: Published) -> None:
    plan = [claim for claim in paper.claims if claim.not_a_result == "plan"]
    assert {claim.place.section for claim in plan} == {"abstract", "methods"}
    assert {why_no_result(claim, paper) for claim in plan} == {
        "a rule or the design of the trial, no result of its data"
    }
    assert [claim.id for claim in paper.claims if claim.not_computable is not None] == [
        "D-43", "D-44", "D-45",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def built(study: Study, paper: Published) -> dict[str, Held]:
    """The claims beside the cohort of the study, by id."""
    snapshot = read_snapshot(study.folder / "cohort")
    ids = tuple(claim.id for claim in paper.claims)
    followed = read_followed(snapshot.folder, claims=ids)
    return {each.claim.id: each for each in beside(study, paper, snapshot, followed)}


def test_what_needs_no_more_data_is_computed(built: dict[str, Held]) -> None:
    absent = [name for name, each in built.items() if each.verdict == "cannot be computed"]
    assert absent == ["D-43", "D-44", "D-45"]
    assert built["R-103"].ours_in_full == "33 %"
    assert built["L-03"].ours_in_full == "3 months"


def test_claims_about_thalidomide_are_of_those_who_had_it(
    study: Study, paper: Published, built: dict[str, Held]
) -> None:
    for name in ("R-07", "R-08"):
        shown = built[name].shown
        assert shown is not None
        assert shown.n == 14
    assert built["R-06"].ours == "14 of 14"
    assert built["R-33"].ours_in_full == "4, n = 4"


def test_the_reading_that_fits_stands_beside_the_claim_and_the_plans_number_below(
    built: dict[str, Held],
) -> None:
    shown = {name: each.ours for name, each in built.items() if each.plan is not None}
    plan = {name: each.plan.text for name, each in built.items() if each.plan is not None}
    wanted = {"R-40": "0.0009", "R-66": "14", "R-67": "21 %", "D-23": "21 %"}
    assert {name: shown[name] for name in wanted} == wanted
    assert {name: plan[name] for name in ("R-66", "R-67")} == {"R-66": "15", "R-67": "20 %"}
    assert all(plan[name] != shown[name] for name in shown)
    assert built["L-11"].ours_in_full.endswith(" weeks (at most 6)")


def test_a_sentence_about_the_follow_up_is_judged_at_every_visit(
    paper: Published, built: dict[str, Held]
) -> None:
    spoken = [c for c in paper.claims if getattr(c, "at", None) == "follow_up"]
    assert len(spoken) == 11
    for claim in spoken:
        each = built[claim.id]
        assert each.meant is not None
        visits = {visit_of(name) for name in each.meant.results}
        assert {"12", "24", "36", "48", "60"} <= visits, claim.id
        own = [one for one in (*each.others,) if set(one.results) < set(each.meant.results)]
        broken = [one for one in own if not one.fits]
        assert (each.verdict == "same") == (not broken), claim.id


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


def test_the_remark_and_the_plans_number_stand_in_every_output(
    study: Study, built: dict[str, Held], tmp_path: Path
) -> None:
    _, text = run("lenalidomide_cle", study.folder / "cohort", "--out", tmp_path)
    page = (tmp_path / "reproduction.html").read_text(encoding="utf-8")
    with (tmp_path / "reproduction.csv").open(encoding="utf-8", newline="") as file:
        rows = {(row["CLAIM"], row["ROLE"]): row for row in csv.DictReader(file)}
    flat = " ".join(text.split())
    for name in ("R-64", "L-11", "R-83"):
        (remark,) = built[name].remarks
        assert f"remark: {remark}" in flat
        assert f"Remark: {remark}" in page
        assert rows[name, "ours"]["REMARK"] == remark
    plan = built["R-67"].plan
    assert plan is not None
    assert f"plan: {plan.text} ({plan.label})" in flat
    assert f"by the plan {plan.text}" in page
    found = (rows["R-67", "ours"]["OURS"], rows["R-67", "plan"]["OURS"])
    assert found == (built["R-67"].ours, plan.text)
    assert (rows["R-57", "ours"]["UNIT"], rows["R-52", "ours"]["UNIT"]) == ("", "months")


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
    ours = [row for row in rows if row["ROLE"] == "ours"]
    assert [row["CLAIM"] for row in ours] == [claim.id for claim in paper.claims]
    assert all(row["VERDICT"] in VERDICTS and row["SYNTHETIC"] == "Y" for row in ours)
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
    assert re.search(rf"^R-01 +{printed} patients +4, n = 4 +{verdict}$", text, re.MULTILINE)


def test_a_study_without_a_paper_or_with_a_broken_one_ends_with_1_and_shows_nothing(
    small: Path,
) -> None:
    (small / "study" / "published.yaml").unlink(missing_ok=True)
    assert run(small / "study", small / "real") == (1, "")
    (small / "study" / "published.yaml").write_text(SMALL.format(n=4).replace("group:", "grup:"))
    assert run(small / "study", small / "real") == (1, "")


def test_a_command_without_a_snapshot_is_a_mistake_of_usage() -> None:
    assert run("lenalidomide_cle")[0] == 2


def test_the_cause_stands_in_every_output(
    study: Study, built: dict[str, Held], tmp_path: Path
) -> None:
    cohort = study.folder / "cohort"
    _, text = run("lenalidomide_cle", cohort, "--out", tmp_path)
    _, answer = run("lenalidomide_cle", cohort, "--json")
    told = {each["id"]: each for each in json.loads(answer)["claims"]}
    page = (tmp_path / "reproduction.html").read_text(encoding="utf-8")
    with (tmp_path / "reproduction.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["ROLE"] == "cause"]
    flat = " ".join(text.split())
    expected = {
        "R-74": "rounded as usual, no data could give this number",
        "R-79": "1 of 7 is 14%: R-78 ('seven patients') prints 7 where these data have 6",
        "D-08": "it is ours of what R-42 ('from 2 to 12 weeks') is about: ",
    }
    for name, words in expected.items():
        (cause,) = (each for each in told[name]["causes"] if each["words"].startswith(words))
        assert f"cause: {cause['words']}" in flat
        assert html.escape(cause["words"][1:]).replace("&#x27;", "&#39;") in page
        kept = [(row["CAUSE"], row["REASON"]) for row in rows if row["CLAIM"] == name]
        assert (cause["kind"], cause["words"]) in kept
    assert "missing: no dataset and no form item holds who is in" in flat
    assert {name for name, each in told.items() if each["tried"]} == {
        name for name, each in built.items() if each.verdict in ("differs", "cannot be computed")
    }
    assert all(told[row["CLAIM"]]["causes"] for row in rows)
