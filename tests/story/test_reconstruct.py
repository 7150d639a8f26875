"""`pilotage reconstruct`: a cohort that meets the paper, checked in the datasets made from it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from commands import run

from pilotage.analysis import analyse
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


@pytest.fixture(scope="module")
def subject(built: Built) -> Callable[[int], str]:
    subjects = dict(built.datasets.adsl.select("SUBJID", "USUBJID").rows())
    return lambda number: str(subjects[str(number)])


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


# -- single subjects (P-88) ------------------------------------------------------------------------


def scores(built: Built, who: str, code: str) -> dict[int, float]:
    rows = built.datasets.adqs.filter(
        (pl.col("USUBJID") == who) & (pl.col("PARAMCD") == code) & pl.col("AVAL").is_not_null()
    )
    return dict(rows.select("ADY", "AVAL").rows())


def fact(built: Built, who: str, column: str) -> object:
    return built.datasets.adsl.filter(pl.col("USUBJID") == who)[column].item()


@pytest.mark.requirement("P-88")
def test_subject_1_has_systemic_lupus_and_arthritis_in_follow_up(
    built: Built, subject: Callable[[int], str]
) -> None:
    who = subject(1)
    assert fact(built, who, "SLE") == "Y"
    arthritis = scores(built, who, "SLARTHR")
    assert [arthritis[day] for day in sorted(arthritis)][:2] == [0, 0]
    assert max(arthritis.values()) == 1
    said = built.snapshot.tables["ce"].filter(
        (pl.col("USUBJID") == who) & (pl.col("CEOCCUR") == "Y")
    )
    assert set(said["CETERM"]) == {"ARTHRALGIA", "ARTHRITIS"}
    assert who not in built.datasets.adae["USUBJID"].to_list()


@pytest.mark.requirement("P-88", "P-36")
def test_subject_3_stops_after_one_week_with_vomiting_diarrhoea_and_loss_of_weight(
    built: Built, subject: Callable[[int], str]
) -> None:
    who = subject(3)
    assert fact(built, who, "TRTDURD") == 7
    assert fact(built, who, "DCSREAS") == "ADVERSE EVENT"
    assert fact(built, who, "EVALFL") == "N"
    events = built.datasets.adae.filter(pl.col("USUBJID") == who)
    assert dict(events.select("AETERM", "AESEV").rows()) == {
        "Vomiting": "SEVERE",
        "Diarrhoea": "SEVERE",
        "Weight loss": "MODERATE",
    }
    weights = built.snapshot.tables["vs"].filter(
        (pl.col("USUBJID") == who) & (pl.col("VSTESTCD") == "WEIGHT")
    ).sort("VSDTC")  # fmt: skip
    first, second, third = (float(weight) for weight in weights["VSORRES"][:3])
    assert first - third > 2
    assert abs(first - second) < 2


@pytest.mark.requirement("P-88", "P-60")
def test_subject_6_has_subacute_lupus_of_face_and_neck_that_is_gone_after_six_weeks(
    built: Built, subject: Callable[[int], str]
) -> None:
    who = subject(6)
    assert fact(built, who, "SUBTYPE") == "SCLE"
    assert scores(built, who, "ERYFACE")[1] >= 2
    assert scores(built, who, "CLASIACT")[43] == 0


@pytest.mark.requirement("P-88", "P-61")
def test_subject_9_has_generalised_discoid_lupus_that_is_better_at_three_months(
    built: Built, subject: Callable[[int], str]
) -> None:
    who = subject(9)
    assert (fact(built, who, "SUBTYPE"), fact(built, who, "DLEEXT")) == ("DLE", "GENERALISED")
    nose = scores(built, who, "ERYNOSE")
    assert 0 < nose[85] < nose[1]


@pytest.mark.requirement("P-88", "P-83")
def test_subject_12_is_clear_at_three_months_on_5_mg_a_day_with_damage_from_before(
    built: Built, subject: Callable[[int], str]
) -> None:
    who = subject(12)
    assert scores(built, who, "ERYBACK")[1] >= 2
    assert scores(built, who, "CLASIACT")[85] == 0
    assert scores(built, who, "CLASIDAM")[1] >= 2
    assert dose_on(built, who, 85) == 5
    pictures = built.snapshot.tables["supppr"].filter(pl.col("QNAM") == "PUBCONS")
    assert set(pictures["USUBJID"]) == {subject(6), subject(9), subject(12)}
    assert set(pictures["QVAL"]) == {"Y"}


@pytest.mark.requirement("P-88", "P-54")
def test_subject_15_has_insomnia_and_1190_neutrophils_at_two_months_on_5_mg_a_day(
    built: Built, subject: Callable[[int], str]
) -> None:
    who = subject(15)
    lowest = built.datasets.adlb.filter(
        (pl.col("USUBJID") == who) & (pl.col("PARAMCD") == "NEUT") & (pl.col("ADY") == 57)
    )
    assert lowest.select("AVAL", "ATOXGR").rows() == [(1.19, 2)]
    white = built.datasets.adlb.filter(
        (pl.col("USUBJID") == who) & (pl.col("PARAMCD") == "WBC") & (pl.col("ADY") == 57)
    )["AVAL"].item()  # fmt: skip
    assert round(100 * 1.19 / white) == 33
    assert dose_on(built, who, 57) == 5
    events = built.datasets.adae.filter(pl.col("USUBJID") == who)
    assert set(events["AETERM"]) == {"Insomnia", "Neutropenia"}


def dose_on(built: Built, who: str, day: int) -> float:
    """The mean daily dose of a study day."""
    first = fact(built, who, "TRTSDT")
    assert isinstance(first, date)
    when = pl.lit(first) + pl.duration(days=day - 1)
    rows = built.datasets.adex.filter(
        (pl.col("USUBJID") == who) & (pl.col("ASTDT") <= when) & (pl.col("AENDT") >= when)
    )
    return float(rows["AVAL"].sum())


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
        course._check_eligible()


@pytest.mark.requirement("P-44")
def test_counts_with_differential_are_weekly_for_two_months_and_then_monthly(
    built: Built, subject: Callable[[int], str]
) -> None:
    rows = built.datasets.adlb.filter(
        (pl.col("USUBJID") == subject(2)) & (pl.col("PARAMCD") == "NEUT") & (pl.col("ADY") > 1)
    )
    days = sorted(set(rows["ADY"]))
    assert [day for day in days if day <= 113] == [8, 15, 22, 29, 36, 43, 50, 57, 85, 113]
    parts = built.datasets.adlb.filter(
        (pl.col("USUBJID") == subject(2)) & (pl.col("ADY") == 57)
    ).select("LBTESTCD", "AVAL").rows()  # fmt: skip
    counts = dict(parts)
    own = [counts[code] for code in ("NEUT", "LYM", "MONO", "EOS", "BASO")]
    assert sum(own) == pytest.approx(counts["WBC"])


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
