"""The defaults of the built-in study stand near what its paper prints, and it is said how near."""

import math
import re
from collections.abc import Collection, Mapping
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from ruamel.yaml import YAML

import fit_defaults
import fit_published
from fit_defaults import Fit, apart, fit_of_files, line, said, with_doses
from fit_published import STUDY, Aggregate, aggregates, error_of_share, subjects_of
from pilotage.courses.nature import Spread
from pilotage.rules.fold import BEFORE, TAPER, TREATMENT
from pilotage.simulation.compiled.numbers import numbers_of
from pilotage.simulation.load import FILE
from pilotage.study import load_study

PAGE = Path(__file__).parents[3] / "docs/explanation/what-the-simulation-assumes.md"
TRIALS = 240
NEAR = 1.5
"""So many standard errors of the printed number at most lie between it and the defaults."""
FITTED = [each for each in aggregates() if each.fitted]


@pytest.fixture(scope="module")
def fit() -> Fit:
    return fit_of_files()


@pytest.fixture(scope="module")
def subjects(fit: Fit) -> pl.DataFrame:
    """Virtual subjects with other draws than those from which the files were written."""
    return subjects_of(fit.kernel, numbers_of(fit.kernel.scheme), trials=TRIALS, seed=99)


def number(text: str) -> float:
    """A simulated number as `said` writes it: a share in per cent, or a number."""
    return float(text.removesuffix(" %")) / (100 if text.endswith("%") else 1)


def told_in_the_study() -> dict[str, tuple[tuple[str, ...], str, float]]:
    """By label: claims, the whole line, and what the defaults are said to give."""
    study = load_study(STUDY)
    told = YAML(typ="safe").load((study.folder / FILE).read_text("utf-8"))["fitted_to"]
    found = {}
    for each in told:
        match = re.fullmatch(r"(.+), [^,]+ \(the defaults give (.+)\)", each["what"])
        assert match, each["what"]
        found[match[1]] = (tuple(each["claims"]), each["what"], number(match[2]))
    return found


def rows_of_the_page() -> dict[str, list[str]]:
    lines = PAGE.read_text("utf-8").splitlines()
    start = lines.index("| | The paper | Claims | The defaults | Standard errors apart |")
    cells = [[cell.strip() for cell in each.strip("|").split("|")] for each in lines[start + 2 :]
             if each.startswith("|")]  # fmt: skip
    return {label[0].lower() + label[1:]: rest for label, *rest in cells}


# -- what the files say ----------------------------------------------------------------------------


def test_the_study_names_every_number_that_was_fitted_and_no_other() -> None:
    told = told_in_the_study()
    assert list(told) == [each.label for each in FITTED]
    assert [claims for claims, _, _ in told.values()] == [each.claims for each in FITTED]
    assert [words for _, words, _ in told.values()] == [
        line(each, told[each.label][2]) for each in FITTED
    ]


def test_the_page_says_the_same_as_the_study() -> None:
    told, page = told_in_the_study(), rows_of_the_page()
    assert list(page) == [each.label for each in aggregates()]
    for each in FITTED:
        printed, simulated = said(each, told[each.label][2])
        assert page[each.label][:3] == [printed, ", ".join(each.claims), simulated]


def test_the_page_gives_the_assumptions_as_they_stand_in_the_files(fit: Fit) -> None:
    score, conduct = fit.nature.responding["CLASIACT"], fit.simulation.subject
    fall, back = (
        {step: f"{100 * share:g} %" for step, share in shares.items()}
        for shares in (score.true_decline_per_week, score.true_relapse_per_week)
    )
    assert back["stop"] == back["5 mg TIW"]
    events = {event.true_probability for event in fit.nature.events}
    lasting = score.true_lasting
    assert lasting is not None
    neut, white = fit.nature.stable["NEUT"], fit.nature.stable["WBC"]
    rows = [
        f"| Activity at entry | {spread(score.baseline)} |",
        f"| Fall under 5 mg a day | {fall['5 mg QD']} a week |",
        f"10 mg {fall['10 mg QD']}, alternate days {fall['5 mg QOD']}, three times a week "
        f"{fall['5 mg TIW']} |",
        f"SD of the log {score.subject_sd:g} |",
        f"| a latent score of {score.true_clear_below:g} |",
        f"| {100 * lasting.share:g} % of subjects; of the activity at entry is left: "
        f"{spread(lasting.left)} |",
        f"5 mg a day {back['5 mg QD']}, alternate days {back['5 mg QOD']}, three times a week "
        f"and without drug {back['stop']} |",
        f"| Activity of a relapse | {spread(score.relapse)} |",
        f"| SD {score.noise_sd:g} points |",
        f"| Neutrophils | mean {neut.baseline.mean:g}, SD {neut.baseline.sd:g}, within a subject "
        f"{neut.within_sd:g}; under drug {-neut.true_drug_shift:g} lower",
        f"| Leukocytes | mean {white.baseline.mean:g}, SD {white.baseline.sd:g}, not below "
        f"{white.baseline.range[0]:g}, within a subject {white.within_sd:g}; under drug "
        f"{-white.true_drug_shift:g} lower",
        *(f"| {100 * share:g} % each;" for share in events),
        f"| {100 * conduct.true_dropout_per_week:g} % a week |",
        f"| {100 * conduct.true_missed_visit:g} %, SD {conduct.true_late_days.sd:g} days |",
        f"| {fit.simulation.trial.recruited_per_month:g} a month |",
        f"| {fit.simulation.trial.follow_up_days} days |",
    ]
    page = PAGE.read_text("utf-8")
    assert [row for row in rows if row not in page] == []


def spread(of: Spread) -> str:
    low, high = of.range
    return f"normal, mean {of.mean:g}, SD {of.sd:g}, cut to {low:g} to {high:g}"


@pytest.mark.parametrize("each", aggregates(), ids=lambda each: each.label)
def test_the_defaults_give_what_is_said_of_them(each: Aggregate, subjects: pl.DataFrame) -> None:
    cell = rows_of_the_page()[each.label]
    rounding = 0.005 if each.statistic == "share" else 0.05
    within = 4 * each.error_of(subjects) + rounding
    assert each.of(subjects) == pytest.approx(number(cell[2]), abs=within)
    assert float(cell[3].partition(" ")[0]) == pytest.approx(
        apart(each, each.of(subjects)), abs=within / each.error + 0.05
    )
    assert cell[3].endswith("(not fitted)") is not each.fitted


@pytest.mark.parametrize("each", FITTED, ids=lambda each: each.label)
def test_the_defaults_stand_near_the_printed_number(
    each: Aggregate, subjects: pl.DataFrame
) -> None:
    assert abs(apart(each, each.of(subjects))) < NEAR


# -- how it is computed ----------------------------------------------------------------------------


def test_a_count_of_none_has_a_standard_error_too() -> None:
    assert error_of_share(0, 15) == pytest.approx(math.sqrt(0.5 / 16 * 15.5 / 16 / 15))
    assert error_of_share(15, 15) == error_of_share(0, 15)


def test_a_median_is_that_of_as_few_subjects_as_the_paper_had() -> None:
    three = Aggregate("time", ("R-43",), "median", "WEEK", 4, 1, 3, "weeks")
    weeks = pl.DataFrame({"WEEK": [1.0, 2, 9, None, 2, 3, 3, 100]})
    assert three.of(weeks) == (2 + 3) / 2
    assert math.isnan(three.of(weeks.head(2)))


def test_a_share_is_of_those_whom_it_concerns() -> None:
    share = Aggregate("relapse", ("R-55",), "share", "BACK", 0.75, 0.1, 1)
    assert share.of(pl.DataFrame({"BACK": [True, False, None, None]})) == 0.5


def test_every_subject_is_followed_from_7_to_30_months_half_of_them_up_to_15() -> None:
    last = fit_published._followed(3000)
    months = (last["LAST"] / 30.4375).round(1)
    assert 7 <= months.min() < 7.1  # type: ignore[operator]
    assert 29.9 < months.max() <= 30  # type: ignore[operator]
    assert months.median() == pytest.approx(15, abs=0.1)
    for first, following in pairwise(range(0, 3001, 1000)):
        part = months.slice(first, following - first)
        assert part.median() == pytest.approx(15, abs=0.3)


def test_what_the_contacts_of_a_subject_say_is_read_as_the_study_reads_it(fit: Fit) -> None:
    scheme = fit.kernel.scheme
    told = [  # day, score, rank of the response, in relapse, phase, step after the contact
        (-21, 14, -1, 0, BEFORE, 0),
        (1, 12, -1, 0, TREATMENT, 3),
        (15, 5, 1, 0, TREATMENT, 3),
        (29, 0, 0, 0, TAPER, 2),
        (57, 0, 0, 0, TAPER, 1),
        (85, 7, 2, 1, TREATMENT, 3),
        (113, 0, 0, 0, TAPER, 2),
    ]
    names = ("DAY", scheme.response.parameter, "RANK", "IN_RELAPSE", "PHASE", "STEP")
    seen = pl.DataFrame(told, schema=dict.fromkeys(names, pl.Float64), orient="row").with_columns(
        SUBJECT=0, CYCLE=1.0, LAST=120.0, NEUT=1.49, WBC=None, PLAT=75.0, HGB=100.0
    )
    expected = {
        "BASE": 12, "WEEK_2": 5, "CR": True, "CR_12": True, "CR_WEEK": 4, "PR": False,
        "RAISED": False, "RELAPSED": True, "TWICE": False, "REMISSION": False,
        "FIRST": (85 - 30) / 7, "LATEST": (85 - 58) / 7, "LOW_DOSE": True, "TAKEN": 119,
        "NEUT_2": True, "OTHER_2": False,
    }  # fmt: skip
    row = fit_published._by_subject(fit_published._with_doses(seen, scheme), scheme).row(
        0, named=True
    )
    assert {name: row[name] for name in expected} == expected


def test_a_lower_dose_works_less_and_no_dose_protects_more_than_the_last_one(fit: Fit) -> None:
    every = {
        path: value for part, _ in fit_defaults.parts(fit.nature) for path, value in part.items()
    }
    made = with_doses({**every, f"{fit_defaults.BACK}.stop": 0.001})
    falls = [
        made[f"{fit_defaults.DECLINE}.{step}"]
        for step in ("10 mg QD", "5 mg QD", "5 mg QOD", "5 mg TIW")
    ]
    assert falls == sorted(falls, reverse=True)
    assert made[f"{fit_defaults.BACK}.stop"] == made[f"{fit_defaults.BACK}.5 mg TIW"]


class Hill:
    """A distance that is least at 3 and at 0.2."""

    def distance(self, values: Mapping[str, float], _: Collection[str]) -> float:
        return (math.log(values["a"] / 3)) ** 2 + (math.log(values["b"] / 0.2)) ** 2


def test_the_search_finds_the_least_distance(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fit_defaults, "with_doses", dict)
    found = fit_defaults._better(Hill(), {"a": 1.0, "b": 1.0}, ["a", "b"], ("X",))  # type: ignore[arg-type]
    assert found == {"a": pytest.approx(3, rel=0.05), "b": pytest.approx(0.2, rel=0.05)}
    assert "distance" in capsys.readouterr().out
