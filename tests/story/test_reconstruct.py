"""`pilotage reconstruct`: a cohort that meets the paper, checked in the datasets made from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from commands import run

from pilotage.analysis import analyse
from pilotage.courses.permission import check_eligible
from pilotage.courses.planned import PlannedCourse
from pilotage.datasets import Datasets, derive
from pilotage.publication import Published, load_published
from pilotage.publication.reconstruct import load_reconstruction
from pilotage.publication.reconstruct.assemble import Cohort, courses_of, find_cohort
from pilotage.publication.reproduce import Reproduction, read_followed, reproduce
from pilotage.snapshot import Snapshot, read_snapshot
from pilotage.study import Study, load_study

pytestmark = pytest.mark.slow

SEED = 5
LEFT = {"R-45", "R-74", "R-75", "R-78", "R-79", "D-08", "A-23"}
"""The claims that no cohort of fifteen can meet beside those that are followed."""


@dataclass(frozen=True, slots=True)
class Built:
    """A cohort, its data and what the paper says of them."""

    study: Study
    published: Published
    snapshot: Snapshot
    datasets: Datasets
    reproduction: Reproduction
    lines: list[str]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("reconstruct") / "snapshot"
    ended = run("reconstruct", "lenalidomide_cle", "--out", folder, "--seed", str(SEED))
    assert (ended.status, ended.err) == (0, [])
    study, snapshot = load_study("lenalidomide_cle"), read_snapshot(folder)
    published = load_published(study)
    datasets = derive(study, snapshot)
    ids = tuple(claim.id for claim in published.claims)
    found = reproduce(
        study,
        published,
        datasets,
        analyse(study, datasets),
        tables=snapshot.tables,
        followed=read_followed(folder, claims=ids),
    )
    return Built(study, published, snapshot, datasets, found, ended.out)


def test_the_cohort_of_the_study_is_the_one_that_the_command_makes(
    built: Built,
) -> None:
    """`make cohort` makes it again."""
    made = {path.name: path.read_bytes() for path in built.snapshot.folder.iterdir()}
    kept = {path.name: path.read_bytes() for path in (built.study.folder / "cohort").iterdir()}
    assert [name for name in sorted(made | kept) if made.get(name) != kept.get(name)] == []


def subject(built: Built, number: int) -> str:
    subjects = dict(built.datasets.adsl.select("SUBJID", "USUBJID").rows())
    return str(subjects[str(number)])


# -- the paper -------------------------------------------------------------------------------------


@pytest.mark.requirement("P-86", "P-87")
def test_every_claim_that_is_followed_is_met_in_the_derived_datasets(built: Built) -> None:
    followed = read_followed(built.snapshot.folder, claims=tuple(
        claim.id for claim in built.published.claims
    )).followed  # fmt: skip
    wrong = {
        held.claim.id: (held.claim.printed, held.ours, held.reason)
        for held in built.reproduction.held
        if held.claim.id in followed and held.verdict != "met by construction"
    }
    computable = {name: why for name, why in wrong.items() if why[1]}
    assert computable == {}
    assert len(followed) > 120


@pytest.mark.requirement("P-86")
def test_nothing_differs_but_what_is_said_to_be_left(built: Built) -> None:
    differs = {held.claim.id for held in built.reproduction.held if held.verdict == "differs"}
    assert differs == LEFT
    assert built.lines[-2] == (
        "not met: R-74, R-75, R-45, D-08, R-78, R-79, A-23"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("R-24", "a sum of 48 gives 3.2000 and a sum of 49 gives 3.2667"),
        ("R-23", "a sum of 35 with squares of 205 gives 2.9681"),
        ("R-74", "nor have fewer"),
        ("R-45", "cannot stand beside R-03 ('13%'), R-44 ('from 4 to 32 weeks')"),
        ("R-50", "cannot stand beside R-28 ('after 1 week')"),
        ("D-08", "cannot stand beside R-44"),
    ],
)
def test_why_a_claim_is_not_followed_as_printed_is_computed(
    built: Built, name: str, words: str
) -> None:
    (line,) = [line for line in built.lines if line.startswith(f"{name} ")]
    assert words in line


def test_nothing_synthetic_is_called_the_same_where_it_was_built(built: Built) -> None:
    assert built.snapshot.synthetic
    assert built.snapshot.manifest is not None
    assert built.snapshot.manifest.seed == SEED
    verdicts = {held.claim.id: held.verdict for held in built.reproduction.held}
    assert verdicts["R-31"] == "met by construction"


# -- the plan of the study -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def courses(built: Built) -> list[PlannedCourse]:
    """The courses behind the tables, lived once more."""
    made = load_reconstruction(built.study, built.published)
    cohort: Cohort = find_cohort(built.study, built.published, made, seed=SEED)
    found = courses_of(built.study, built.published, made, cohort.solution, seed=SEED)
    for course in found:
        course.live()
    return found


@pytest.mark.requirement("P-30", "P-31", "P-32", "P-33", "P-35")
def test_no_dose_is_given_but_by_the_dosing_table(courses: list[PlannedCourse]) -> None:
    actions = {"start", "raise", "lower", "reintroduce", "maintain"}
    for course in courses:
        assert all(decision.known for _, decision in course.advised), course.plan.subject
        changes = [(day, d.action) for day, d in course.advised if d.action in actions]
        begun = [(dose.first, dose.action) for dose in course.doses]
        advised = [(day if day == 1 else day + 1, action) for day, action in changes]
        assert set(begun) <= set(advised)


@pytest.mark.requirement("P-10", "P-12", "P-15", "P-22", "P-24")
def test_a_subject_that_may_not_enter_is_refused(courses: list[PlannedCourse]) -> None:
    course = courses[0]
    course.standing.answers["prior_treatment.thalidomide_allergy"] = ("yes", 1)
    with pytest.raises(ValueError, match=r"may not enter: .*IN07"):
        check_eligible(course.standing, course.plan.subject)


@pytest.mark.requirement("P-44")
def test_counts_with_differential_are_weekly_for_two_months_and_then_monthly(
    built: Built,
) -> None:
    rows = built.datasets.adlb.filter(
        (pl.col("USUBJID") == subject(built, 6)) & (pl.col("PARAMCD") == "NEUT")
        & (pl.col("ADY") > 1)
    )  # fmt: skip
    days = sorted(set(rows["ADY"]))
    assert [day for day in days if day <= 141] == [8, 15, 22, 29, 36, 43, 50, 57, 85, 113, 141]
    parts = built.datasets.adlb.filter(
        (pl.col("USUBJID") == subject(built, 6)) & (pl.col("ADY") == 57)
    ).select("LBTESTCD", "AVAL").rows()  # fmt: skip
    counts = dict(parts)
    own = [counts[code] for code in ("NEUT", "LYM", "MONO", "EOS", "BASO")]
    assert sum(own) == pytest.approx(counts["WBC"])


@pytest.mark.requirement("P-41", "P-44")
def test_every_visit_and_count_is_on_its_day_or_a_deviation_is_recorded(built: Built) -> None:
    """Recomputed from the schedule: visits outside of their window, visits and counts not done."""
    found = built.datasets.deviations
    assert found is not None
    recorded = {
        (row["USUBJID"], row["DVDECOD"], row["ASTDY"]) for row in found.iter_rows(named=True)
    }
    expected = {
        gone
        for who in built.datasets.adsl.iter_rows(named=True)
        for gone in [*_visits_astray(built, who), *_counts_missed(built, who)]
    }
    assert recorded == expected
    assert len(recorded) >= 5
    assert found["DVTERM"].null_count() == 0


Astray = tuple[str, str, int]


def _visits_astray(built: Built, who: dict[str, Any]) -> Iterator[Astray]:
    schedule = built.study.protocol.schedule
    rows = built.snapshot.tables["sv"].filter(pl.col("USUBJID") == who["USUBJID"])
    seen = {
        number: (date.fromisoformat(day) - who["TRTSDT"]).days + 1
        for number, day in rows.select("VISITNUM", "SVSTDTC").rows()
        if number is not None and date.fromisoformat(day) >= who["TRTSDT"]
    }
    windows = {v.number: (v.day, v.window) for v in schedule.visits if v.day > 0}
    assert schedule.afterwards is not None
    last = max(schedule.visits, key=lambda visit: visit.day)
    for again in range(1, 20):
        day = last.day + again * schedule.afterwards.every_days
        windows[last.number + again] = (day, schedule.afterwards.window)
    for number, (day, window) in windows.items():
        assert not isinstance(window, str)
        if number not in seen and day <= who["FUPDURD"]:
            yield who["USUBJID"], "VISIT MISSED", day
        elif number in seen and not day - window[0] <= seen[number] <= day + window[1]:
            yield who["USUBJID"], "VISIT OUT OF WINDOW", seen[number]


def _counts_missed(built: Built, who: dict[str, Any]) -> Iterator[Astray]:
    rows = built.datasets.adlb.filter(
        (pl.col("USUBJID") == who["USUBJID"]) & (pl.col("PARAMCD") == "NEUT")
    )
    seen = set(rows["ADY"])
    for day in [*range(8, 58, 7), *range(85, who["FUPDURD"] + 1, 28)]:
        if not seen & {day, day - 1, day - 2}:
            yield who["USUBJID"], "TEST MISSED", day


@pytest.mark.requirement("P-30", "P-20")
def test_capsules_handed_out_less_those_returned_are_what_was_taken_but_for_a_few(
    built: Built,
) -> None:
    counted = built.snapshot.tables["da"].with_columns(N=pl.col("DAORRES").cast(pl.Int64))
    assert set(counted["DAORRESU"]) == {"capsules"}
    sums = counted.group_by("USUBJID", "DATESTCD").agg(pl.col("N").sum())
    for who in built.datasets.adsl.filter(pl.col("TRTONGFL") == "N")["USUBJID"]:
        own = dict(sums.filter(pl.col("USUBJID") == who).select("DATESTCD", "N").rows())
        taken = own["DISPAMT"] - own["RETAMT"]
        days = built.datasets.adex.filter(pl.col("USUBJID") == who)
        asked = float((days["AVAL"] * days["ADURN"]).sum()) / 5
        assert 0.9 * asked - 1 <= taken <= asked + 1
    supplied = built.snapshot.tables["suppda"].filter(pl.col("QNAM") == "DAYSSUPP")
    assert max(int(days) for days in supplied["QVAL"]) <= 28
    assert set(supplied["IDVAR"]) == {"DASEQ"}


@pytest.mark.requirement("P-20")
def test_drug_is_given_again_after_two_pregnancy_tests(built: Built) -> None:
    tests = built.snapshot.tables["lb"].filter(
        (pl.col("LBTESTCD") == "HCG") & pl.col("LBORRES").is_not_null()
    )
    again = (
        built.datasets.adex.filter(pl.col("CYCLE") == 2)
        .group_by("USUBJID")
        .agg(pl.col("ASTDT").min())
    )
    assert again.height == 5
    for who, begun in again.rows():
        own = tests.filter(pl.col("USUBJID") == who).with_columns(
            AGE=(pl.lit(begun) - pl.col("LBDTC").str.to_date()).dt.total_days()
        )
        first = own.filter((pl.col("LBTPT") == "FIRST") & pl.col("AGE").is_between(10, 14))
        second = own.filter((pl.col("LBTPT") == "REGULAR") & pl.col("AGE").is_between(0, 1))
        assert (first.height, second.height) == (1, 1)


def test_nothing_is_said_of_the_time_after_the_data_cut(built: Built) -> None:
    cut = built.snapshot.data_cut.isoformat()
    for name, table in built.snapshot.tables.items():
        for column in table.columns:
            if column.endswith("DTC"):
                assert (table[column].drop_nulls() <= cut).all(), (name, column)


@pytest.mark.requirement("P-17", "P-80")
def test_consent_comes_before_everything_and_history_is_recorded(built: Built) -> None:
    dm = built.snapshot.tables["dm"]
    first = built.snapshot.tables["qs"].group_by("USUBJID").agg(FIRST=pl.col("QSDTC").min())
    joined = dm.join(first, on="USUBJID")
    assert joined.filter(pl.col("RFICDTC") > pl.col("FIRST")).is_empty()
    history = built.datasets.adsl.select("SUBTYPE", "PRTHAL", "PHOTOSEN")
    assert history.null_count().row(0) == (0, 0, 0)


def test_the_data_give_rise_to_no_question(built: Built) -> None:
    assert set(built.datasets.findings["SEVERITY"]) <= {"note"}
    assert built.snapshot.findings == ()


# -- the command -----------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_people(
    built: Built, tmp_path: Path
) -> None:
    for name, seed in (("same", SEED), ("other", SEED + 1)):
        ended = run(
            "reconstruct", "lenalidomide_cle", "--out", tmp_path / name, "--seed", str(seed)
        )
        assert ended.status == 0
    own = {path.name: path.read_bytes() for path in built.snapshot.folder.iterdir()}
    assert {path.name: path.read_bytes() for path in (tmp_path / "same").iterdir()} == own
    assert (tmp_path / "other" / "qs.csv").read_bytes() != own["qs.csv"]


def test_a_snapshot_that_is_there_is_not_replaced_unasked(built: Built) -> None:
    before = (built.snapshot.folder / "manifest.json").read_bytes()
    ended = run("reconstruct", "lenalidomide_cle", "--out", built.snapshot.folder)
    assert ended.status == 1
    assert "holds a snapshot already" in ended.err[0]
    assert (built.snapshot.folder / "manifest.json").read_bytes() == before
