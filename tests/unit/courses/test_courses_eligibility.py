"""Synthetic subjects are eligible, by the study's own criteria on the rows that are written."""

import functools
from pathlib import Path

import polars as pl
import pytest
from cohort_examples import cohort as unfortunate
from cohort_examples import study, with_day

from pilotage.conditions import names_in
from pilotage.courses import cohort_tables, load_nature, write_cohort
from pilotage.courses.nature import Nature
from pilotage.datasets import derive
from pilotage.datasets.facts import read_target
from pilotage.findings import InputErrors
from pilotage.instruments import instruments
from pilotage.rules import check_eligibility
from pilotage.study import Study, load_study, new_study

SUBJECTS = 60
PROTOCOL = study().protocol


def tables(of: Study, nature: Nature, *, seed: int = 15, subjects: int) -> dict[str, pl.DataFrame]:
    return cohort_tables(of, nature, seed=seed, subjects=subjects)


@functools.cache
def shipped() -> dict[str, pl.DataFrame]:
    """A cohort of the built-in study as its synthetic.yaml has it."""
    return tables(study(), load_nature(study()), subjects=SUBJECTS)


@functools.cache
def rows(domain: str) -> dict[str, list[dict[str, str | None]]]:
    found: dict[str, list[dict[str, str | None]]] = {}
    for row in shipped()[domain].to_dicts():
        found.setdefault(row["USUBJID"], []).append(row)
    return found


def recorded(subject: str, name: str) -> str | None:
    """The last answer to an item, where SDTM keeps it."""
    form, _, item = name.partition(".")
    target = read_target(PROTOCOL.forms[form].items[item].target)
    answers = [
        row[target.variable]
        for row in rows(target.domain).get(subject, [])
        if all(row.get(column) == value for column, value in target.where)
    ]
    return answers[-1] if answers else None


def score(subject: str, parameter: str) -> float | None:
    """The total of the item rows of the first assessment."""
    instrument = instruments[PROTOCOL.parameters[parameter].instrument or ""]
    found = [row for row in rows("qs")[subject] if row["QSCAT"] == instrument.category]
    first = min(str(row["QSDTC"]) for row in found)
    items = {
        row["QSTESTCD"]: float(row["QSSTRESN"] or "nan") for row in found if row["QSDTC"] == first
    }
    return instrument.score(parameter, items).total


def entry(subject: str) -> dict[str, float | str | None]:
    """What the criteria ask of a subject, from the tables alone."""
    demography = rows("dm")[subject][0]
    state: dict[str, float | str | None] = {
        "AGE": float(str(demography["AGE"])), "SEX": demography["SEX"], "BSA": score(subject, "BSA")
    }  # fmt: skip
    first_dose = min(str(row["EXSTDTC"]) for row in rows("ex")[subject])
    for row in rows("lb")[subject]:
        if str(row["LBDTC"]) <= first_dose and row["LBTESTCD"] in PROTOCOL.parameters:
            state[str(row["LBTESTCD"])] = float(str(row["LBORRES"]))
    for row in rows("qs")[subject]:
        if row["QSCAT"] == "CLASI" and str(row["QSDTC"]) <= first_dose:
            state[f"clasi.{str(row['QSTESTCD']).lower()}"] = float(str(row["QSSTRESN"]))
    for form, made in PROTOCOL.forms.items():
        for item, asked in made.items.items():
            answer = (
                recorded(subject, f"{form}.{item}") if in_a_criterion(f"{form}.{item}") else None
            )
            if asked.type in ("number", "integer"):
                state[f"{form}.{item}"] = None if answer is None else float(answer)
            elif asked.type == "yes_no":
                state[f"{form}.{item}"] = {"Y": "yes", "N": "no", None: None}[answer]
            else:
                state[f"{form}.{item}"] = answer
    return {name: value for name, value in state.items() if value is not None}


@functools.cache
def in_a_criterion(name: str) -> bool:
    criteria = (*PROTOCOL.eligibility.inclusion, *PROTOCOL.eligibility.exclusion)
    return any(name in names_in(criterion.when) for criterion in criteria)  # type: ignore[arg-type]


@pytest.mark.requirement("P-10", "P-11", "P-12", "P-13", "P-14", "P-15", "P-16", "P-17")
@pytest.mark.requirement("P-20", "P-21", "P-22", "P-23", "P-24", "P-25", "P-26", "P-27")
@pytest.mark.parametrize("subject", [f"SYN-{number:03d}" for number in range(1, SUBJECTS + 1)])
def test_every_subject_passes_every_criterion_of_the_protocol(subject: str) -> None:
    answers = check_eligibility(PROTOCOL.eligibility, entry(subject))
    assert {a.criterion.id: a.missing for a in answers if a.passed is not True} == {}


@pytest.mark.requirement("P-15")
def test_every_subject_has_a_wide_rash_or_failed_thalidomide() -> None:
    """Counted by hand, without the interpreter."""
    for subject in rows("dm"):
        failed = {
            row["FATESTCD"]: row["FAORRES"]
            for row in rows("fa")[subject]
            if row["FATESTCD"] in ("THALSEV", "THALNOEF")
        }
        surface = score(subject, "BSA")
        assert surface is not None
        assert surface > 18 or "Y" in failed.values(), subject


@pytest.mark.requirement("P-01", "P-17", "P-20")
def test_answers_are_dated_by_the_visits_that_ask_and_none_before_consent() -> None:
    consent = dict(shipped()["dm"].select("USUBJID", "RFICDTC").rows())
    visits = {(row["USUBJID"], row["SVSTDTC"]): row["VISIT"] for row in shipped()["sv"].to_dicts()}
    where = pl.col("LBTESTCD") == "HCG"
    tests = shipped()["lb"].filter(where).select("USUBJID", "LBTPT", "LBDTC").rows()
    asked = {"FIRST": "First pregnancy test", "REGULAR": "Baseline, day of the first dose"}
    assert {kind for _, kind, _ in tests} == set(asked)
    earliest: dict[tuple[str, str], str] = {}
    for subject, kind, day in tests:
        earliest[subject, kind] = min(day, earliest.get((subject, kind), day))
    for (subject, kind), day in earliest.items():
        assert visits[subject, day] == asked[kind]
    for domain in ("fa", "cm", "mh"):
        for subject, day in shipped()[domain].select("USUBJID", f"{domain.upper()}DTC").rows():
            assert day == consent[subject]
    assert min(shipped()["rp"]["RPDTC"]) >= min(consent.values())


@pytest.mark.requirement("P-17")
def test_consent_is_recorded_of_everybody_in_the_supplement_to_dm() -> None:
    supplement = shipped()["suppdm"]
    assert supplement.columns == ["STUDYID", "RDOMAIN", "USUBJID", "QNAM", "QVAL"]
    assert set(supplement.select("RDOMAIN", "QNAM", "QVAL").rows()) == {("DM", "RFICWRIT", "Y")}
    assert supplement["USUBJID"].to_list() == shipped()["dm"]["USUBJID"].to_list()


@pytest.mark.requirement("P-22")
def test_no_count_contradicts_the_edit_check_of_its_form() -> None:
    counts = with_day("lb", "LBDTC").filter(pl.col("LBTESTCD").is_in(["NEUT", "WBC"]))
    wide = counts.pivot(on="LBTESTCD", index=["USUBJID", "DAY"], values="LBORRES")
    assert wide.height > 500
    assert wide.filter(pl.col("NEUT").cast(float) > pl.col("WBC").cast(float)).is_empty()


def test_a_cohort_with_other_chances_is_eligible_too() -> None:
    assert unfortunate().tables["ex"]["USUBJID"].n_unique() == 30


# -- nobody is eligible ---------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return new_study(tmp_path / "study")


def changed(folder: Path, *changes: tuple[str, str], file: str = "synthetic.yaml") -> Study:
    path = folder / file
    text = path.read_text()
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path.write_text(text)
    return load_study(folder)


def refusal(of: Study) -> str:
    with pytest.raises(InputErrors) as raised:
        tables(of, load_nature(of), subjects=3)
    return str(raised.value)


@pytest.mark.parametrize(
    "old, new, criterion, depends",
    [
        ("{mean: 6, sd: 1.5, range: [4, 10]}", "{mean: 2, sd: 0, range: [1, 3]}",
         "inclusion criterion IN02 (Symptom score of 4 or more)", "SCORE"),
        ("{mean: 48, sd: 12, range: [18, 80]}", "{mean: 15, sd: 1, range: [10, 17]}",
         "inclusion criterion IN01 (Aged 18 years or more)", "AGE"),
        ('{"N": 1}', '{"Y": 1}',
         "exclusion criterion EX01 (Pregnancy)", "demography.sex, history.pregnant"),
    ],
)  # fmt: skip
def test_where_nobody_is_eligible_the_criterion_and_the_line_are_named(
    folder: Path, old: str, new: str, criterion: str, depends: str
) -> None:
    study = changed(folder, ("sex: {F: 0.5, M: 0.5}", "sex: {F: 1}"), (old, new))
    lines = (folder / "synthetic.yaml").read_text().splitlines()
    line = next(number for number, text in enumerate(lines, 1) if new in text)
    assert refusal(study) == (
        f"synthetic.yaml:{line}: of 500 invented candidates none is eligible: 500 do not pass the "
        f"{criterion}; that depends on {depends}: make it possible here"
    )


def test_where_every_candidate_contradicts_an_edit_check_it_is_named(folder: Path) -> None:
    study = changed(folder, ("neut <= 50", "neut <= 0"), file="protocol.yaml")
    assert (
        "500 give answers that an edit check of the form blood_count queries (Neutrophils above 50 "
        "are rare; confirm value and unit); that depends on blood_count.neut"
    ) in refusal(study)


def test_a_criterion_of_which_nothing_is_described_keeps_nobody_out(folder: Path) -> None:
    study = changed(folder, ('  history.pregnant: {"N": 1}', "  {}"))
    assert tables(study, load_nature(study), subjects=5)["ex"]["USUBJID"].n_unique() == 5


# -- screen failures ------------------------------------------------------------------------------


def with_failures(number: int) -> Nature:
    found = load_nature(study())
    recruitment = found.recruitment.model_copy(update={"screen_failures": number})
    return found.model_copy(update={"recruitment": recruitment})


@pytest.mark.requirement("P-01", "P-15")
def test_screen_failures_come_besides_the_subjects_and_change_none_of_them() -> None:
    with_them = tables(study(), with_failures(3), subjects=4)
    without = tables(study(), with_failures(0), subjects=4)
    names = with_them["dm"]["USUBJID"].to_list()
    assert names == ["SYN-001", "SYN-002", "SYN-003", "SYN-004", "SYN-F01", "SYN-F02", "SYN-F03"]
    for domain, table in without.items():
        mine = with_them[domain].filter(~pl.col("USUBJID").str.starts_with("SYN-F"))
        assert mine.select(table.columns).equals(table), domain


@pytest.mark.requirement("P-01", "P-15")
def test_a_screen_failure_was_seen_but_never_treated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pilotage.courses.cohort.load_nature", lambda _: with_failures(3))
    snapshot = write_cohort(study(), tmp_path / "snapshot", seed=15, subjects=2)
    assert snapshot.findings == ()
    failed = derive(study(), snapshot).adsl.filter(pl.col("USUBJID").str.starts_with("SYN-F"))
    assert failed.select("ENRLFL", "SAFFL", "DCSREAS").unique().rows() == [
        ("N", "N", "SCREEN FAILURE")
    ]
    ends = snapshot.tables["ds"].filter(pl.col("DSDECOD") == "SCREEN FAILURE")
    assert all(str(reason).startswith("IN06 not met: More than 18 %") for reason in ends["DSTERM"])
    assert failed.height == ends.height == 3


def test_screen_failures_of_a_nature_that_has_none_are_told(folder: Path) -> None:
    study = changed(
        folder,
        ("sd: 1.5, range: [4, 10]", "sd: 0, range: [8, 10]"),
        (
            "{mean: 4, sd: 1, range: [2, 7.5]}, within_sd: 0.5",
            "{mean: 4, sd: 0, range: [4, 4]}, within_sd: 0",
        ),
        ("screen_failures: 0", "screen_failures: 1"),
    )
    lines = (folder / "synthetic.yaml").read_text().splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "screen_failures: 1" in text)
    assert refusal(study) == (
        f"synthetic.yaml:{line}: of 500 invented candidates every one is eligible, so there are no "
        "screen failures; leave this out, or state answers that an eligibility criterion refuses"
    )
