"""The package agrees with the reference derivation on random snapshots, cell by cell.

The rows of a dataset are matched by subject and source row (or parameter), floats are compared
with an absolute tolerance of 1e-9, and a difference names the sentence of the study's
definitions that it is about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from math import isclose
from pathlib import Path
from random import Random

import oracle
import oracle_dates
import oracle_doses
import oracle_labs
import oracle_responses
import polars as pl
import pytest
from random_snapshots import COLUMNS, RandomSnapshot, Row, csv_text, random_snapshot

from pilotage.datasets import derive
from pilotage.snapshot import read_snapshot, write_snapshot
from pilotage.study import Study, load_study

SEEDS = range(28)
MORE_SEEDS = range(1000, 1120)
SUBJECTS = 8
TOLERANCE = 1e-9

Rows = list[dict[str, object]]
KEYS: Mapping[str, Callable[[Mapping[str, object]], tuple[object, ...]]] = {
    "adsl": lambda row: (row["USUBJID"],),
    "adqs": lambda row: (row["USUBJID"], row["PARAMCD"], row["QSSEQ"] or row["ADT"]),
    "adlb": lambda row: (row["USUBJID"], row["LBSEQ"]),
    "adae": lambda row: (row["USUBJID"], row["AESEQ"]),
    "adex": lambda row: (row["USUBJID"], row["EXSEQ"]),
    "adtte": lambda row: (row["USUBJID"], row["PARAMCD"]),
    "adrs": lambda row: (
        row["USUBJID"],
        row["PARAMCD"],
        row["AVAL"]
        if row["PARAMCD"] == "RELAPSE"
        else (row["SRCSEQ"] or row["ADT"])
        if row["PARAMCD"] in BY_ASSESSMENT
        else None,
    ),
}
PARAMETERS = {
    "adrs": (
        *("OVRLRESP", "RESPW12", "BESTRESP", "SKINRESP", "BESTSKIN", "RELAPSE"),
        *("FLARE", "MAXFLARE", "FLAREVIS", "MAXFLVIS", "FLARESEL", "MAXFLSEL"),
    ),
    "adtte": ("TTCR", "TTREL", "TTRELT", "TTRELW"),
}
BY_ASSESSMENT = ("OVRLRESP", "SKINRESP", "FLARE", "FLAREVIS", "FLARESEL")
FLAGS_ONLY_YES = ("ABLFL", "ANL01FL")  # no flag is written as N or as nothing

WHY = {
    "SAFFL": "Safety population: at least one dose above 0.",
    "EVALFL": "Evaluable: treated, and a first cycle of at least 28 days.",
    "TRTSDT": "The first dose is the earliest start of a dose above 0.",
    "TRTEDT": "The last dose day of the last cycle; the data cut where it is ongoing.",
    "TRTDURD": "Treatment is the sum of the days of the cycles.",
    "NCYCLES": "A cycle allows no more than 14 days without drug.",
    "CYCLE": "A cycle allows no more than 14 days without drug.",
    "FUPDURD": "Follow-up runs from the first dose to the last contact.",
    "ADY": "The day of the first dose is day 1, the day before it -1; there is no day 0.",
    "ABLFL": "The last known value by the day of the first dose: later time, then higher --SEQ.",
    "BASE": "One baseline for all cycles: the last known value by the day of the first dose.",
    "CHG": "CHG = AVAL - BASE, missing where either is.",
    "PCHG": "PCHG = 100 CHG / BASE, missing where BASE is 0 or missing.",
    "AVISIT": "The window of the study day decides, never the text of VISIT.",
    "AVISITN": "The window of the study day decides, never the text of VISIT.",
    "ANL01FL": "The known value nearest the target day of its window, the later on a tie.",
    "AVALC": "CR at 0; PR at -50 % or less; NR without fall; else MR; missing if unknowable.",
    "CNSR": "0 event; 1 censored at the last assessment with a known score.",
    "AVALWK": "Weeks elapsed: (ADT - STARTDT) / 7.",
    "ATOXGR": "CTC version 3.0; a boundary belongs to the milder grade.",
    "AESER": "Yes or no in any spelling; any other text is missing.",
    "AESEV": "A code of the study in any spelling; any other text is missing.",
    "TRTEMFL": "From the first dose to 30 days after the last; a partial date unless excluded.",
}


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study("lenalidomide_cle")


@pytest.fixture(scope="module")
def by_package(
    study: Study, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[int], dict[str, Rows]]:
    """The rows that the package derives from the snapshot of a seed, derived once."""

    @cache
    def rows(seed: int) -> dict[str, Rows]:
        folder = tmp_path_factory.mktemp("snapshots") / str(seed)
        return derived(random_snapshot(seed, subjects=SUBJECTS), study, folder)

    return rows


def by_reference(seed: int) -> dict[str, Rows]:
    snapshot = random_snapshot(seed, subjects=SUBJECTS)
    return oracle.derive(snapshot.tables, cut=snapshot.cut)


def write(snapshot: RandomSnapshot, folder: Path) -> Path:
    """As a foreign folder, or with a manifest where the snapshot has a data cut."""
    if snapshot.cut is None:
        folder.mkdir()
        for name, rows in snapshot.tables.items():
            (folder / f"{name}.csv").write_text(csv_text(name, rows), encoding="utf-8")
        return folder
    write_snapshot(
        {name: frame(name, rows) for name, rows in snapshot.tables.items()},
        folder,
        study="lenalidomide_cle",
        cut=snapshot.cut,
        synthetic=True,
        protocol_versions={},
    )
    return folder


def frame(name: str, rows: list[Row]) -> pl.DataFrame:
    columns = {each: [row[each] or None for row in rows] for each in COLUMNS[name].split()}
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def derived(snapshot: RandomSnapshot, study: Study, folder: Path) -> dict[str, Rows]:
    """The datasets of the package as rows, the parameters that the reference knows."""
    datasets = derive(study, read_snapshot(write(snapshot, folder)))
    rows = {name: getattr(datasets, name).to_dicts() for name in oracle.NAMES}
    for name, codes in PARAMETERS.items():
        rows[name] = [row for row in rows[name] if row["PARAMCD"] in codes]
    return rows


def differences(ours: Mapping[str, Rows], expected: Mapping[str, Rows]) -> list[str]:
    """A line for every row that one side lacks and for every cell that differs."""
    found = []
    for name in oracle.NAMES:
        key = KEYS[name]
        mine = {key(row): row for row in ours[name]}
        theirs = {key(row): row for row in expected[name]}
        if len(mine) != len(ours[name]):
            found.append(f"{name}: two rows for one source row or parameter")
        found += [f"{name} {each}: missing in the package" for each in theirs.keys() - mine.keys()]
        found += [f"{name} {each}: only in the package" for each in mine.keys() - theirs.keys()]
        for each in sorted(mine.keys() & theirs.keys(), key=str):
            for column, value in theirs[each].items():
                if not same(column, mine[each][column], value):
                    found.append(
                        f"{name} {each} {column}: package {mine[each][column]!r}, "
                        f"expected {value!r}. {WHY.get(column, '')}".rstrip()
                    )
    return found


def same(column: str, ours: object, expected: object) -> bool:
    if column in FLAGS_ONLY_YES:
        return (ours == "Y") == (expected == "Y")
    if isinstance(ours, datetime):
        ours = ours.date()
    if isinstance(ours, int | float) and isinstance(expected, int | float):
        return isclose(ours, expected, rel_tol=0, abs_tol=TOLERANCE)
    return ours == expected


def assert_alike(ours: Mapping[str, Rows], expected: Mapping[str, Rows]) -> None:
    found = differences(ours, expected)
    shown = "\n".join(found[:25])
    assert not found, f"{len(found)} differences:\n{shown}"


@pytest.mark.requirement("P-54", "P-60", "P-61", "P-62", "P-63", "P-65", "P-66", "P-67", "P-68")
@pytest.mark.parametrize("seed", SEEDS)
def test_random_snapshots_derive_alike(seed: int, by_package):
    assert_alike(by_package(seed), by_reference(seed))


@pytest.mark.slow
@pytest.mark.parametrize("seed", MORE_SEEDS)
def test_many_more_random_snapshots_derive_alike(seed: int, study: Study, tmp_path: Path):
    snapshot = random_snapshot(seed, subjects=2 * SUBJECTS)
    expected = oracle.derive(snapshot.tables, cut=snapshot.cut)
    assert_alike(derived(snapshot, study, tmp_path / "snapshot"), expected)


def test_row_order_never_changes_a_result(study: Study, tmp_path: Path):
    snapshot = random_snapshot(7, subjects=12)
    first = derived(snapshot, study, tmp_path / "first")
    for number in range(2):
        for rows in snapshot.tables.values():
            Random(number).shuffle(rows)
        assert derived(snapshot, study, tmp_path / str(number)) == first


def test_one_subject_alone_is_the_same_subject_among_all(study: Study, tmp_path: Path):
    snapshot = random_snapshot(11, subjects=5)
    # The data cut is that of the whole snapshot: an ongoing treatment ends with it.
    snapshot.cut = snapshot.cut or oracle.data_cut(snapshot.tables)
    among_all = derived(snapshot, study, tmp_path / "all")
    for subject in {row["USUBJID"] for row in snapshot.tables["dm"]}:
        alone = RandomSnapshot(
            {name: only(subject, rows) for name, rows in snapshot.tables.items()}, snapshot.cut
        )
        for name, rows in derived(alone, study, tmp_path / subject).items():
            assert rows == only(subject, among_all[name])


def only(subject: str, rows: Iterable[dict]) -> list[dict]:
    return [row for row in rows if row["USUBJID"] == subject]


@pytest.mark.parametrize(
    ("dataset", "column", "wrong"),
    [
        ("adsl", "TRTDURD", 9999),
        ("adqs", "BASE", 71.0),
        ("adqs", "ANL01FL", "Y"),
        ("adrs", "AVALC", "PR"),
        ("adtte", "CNSR", 2),
        ("adlb", "ATOXGR", 5),
        ("adae", "ASTDT", date(1999, 1, 1)),
        ("adex", "AVAL", 5 + 1e-8),
    ],
)
def test_a_planted_wrong_value_bites(dataset: str, column: str, wrong: object, by_package):
    expected = by_reference(3)
    before = len(differences(by_package(3), expected))
    row = next(row for row in expected[dataset] if not same(column, row.get(column, wrong), wrong))
    row[column] = wrong
    after = differences(by_package(3), expected)
    assert len(after) == before + 1
    assert any(f"{column}:" in line and repr(wrong) in line for line in after)


def test_a_missing_row_bites(by_package):
    expected = by_reference(3)
    before = len(differences(by_package(3), expected))
    expected["adqs"].pop()
    assert len(differences(by_package(3), expected)) == before + 1


@pytest.mark.parametrize(
    ("module", "name", "wrong"),
    [
        (oracle_doses, "LONGEST_GAP", 13),
        (oracle_doses, "LONGEST_GAP", 15),
        (oracle_doses, "SHARE_OF_DAYS", oracle_doses.SHARE_OF_DAYS | {"TIW": Fraction(1, 2)}),
        (oracle, "EVALUABLE_DAYS", 27),
        (oracle, "EVALUABLE_DAYS", 29),
        (oracle, "EMERGENT_DAYS", timedelta(days=29)),
        (oracle, "EMERGENT_DAYS", timedelta(days=31)),
        (oracle_responses, "RELAPSE_SCORE", 3),
        (oracle_responses, "RELAPSE_SCORE", 5),
        (oracle_dates, "WINDOWS", ((2, 21, 2), (22, 43, 4), *oracle_dates.WINDOWS[2:])),
        (oracle_dates, "WINDOWS", (*oracle_dates.WINDOWS[:-1], (296, 380, 48))),
        (oracle, "emergent_any_year", lambda text, treatment: "Y"),
        (oracle_labs, "SINGLE_CELLS", ("/uL",)),
        (oracle_labs, "limits", lambda lower, upper: (lower, upper)),
        (oracle_labs, "STANDARD_UNIT", oracle_labs.STANDARD_UNIT | {"BILI": "mmol/L"}),
        (oracle_labs, "LOW_BOUNDS", oracle_labs.LOW_BOUNDS | {"HGB": (("65", 4), ("80.1", 3))}),
    ],
)
def test_a_wrong_rule_bites(module, name: str, wrong: object, by_package, monkeypatch):
    """The random snapshots stand on the borders: a rule that is off by one shows."""
    monkeypatch.setattr(module, name, wrong)
    assert any(differences(by_package(seed), by_reference(seed)) for seed in SEEDS)


def test_the_random_snapshots_reach_every_case():
    """A generator that stopped making a case would leave its rule untested in silence."""
    cases: Counter[object] = Counter()
    for seed in SEEDS:
        snapshot = random_snapshot(seed, subjects=SUBJECTS)
        cases["no manifest" if snapshot.cut is None else "manifest"] += 1
        cases.update(f"no {name}" for name in ("lb", "ae", "ds") if name not in snapshot.tables)
        datasets = oracle.derive(snapshot.tables, cut=snapshot.cut)
        cases.update(cases_of(datasets))
        cases.update(units_of(snapshot.tables.get("lb", [])))
    rare = {case: cases[case] for case in EVERY_CASE if cases[case] < 3}
    assert rare == {}


def cases_of(datasets: Mapping[str, Rows]) -> Iterable[object]:
    columns = ("SAFFL", "EVALFL", "NCYCLES", "CNSR", "AVALC", "ATOXGR", "TRTEMFL", "AVISITN", "ADY")
    columns += ("ASTDTF", "AVALU", "AESER", "AESEV")
    for name, rows in datasets.items():
        for row in rows:
            parameter = row["PARAMCD"] if name in ("adrs", "adtte") else name
            yield from ((parameter, column, row[column]) for column in columns if column in row)


def units_of(rows: Iterable[Row]) -> Iterable[object]:
    for row in rows:
        yield ("unit", row["LBORRESU"])
        yield ("result", row["LBORRES"], row["LBORRESU"])


ANSWERS = ("CR", "PR", "MR", "NR", None)
EVERY_CASE = (
    *("manifest", "no manifest", "no lb", "no ae", "no ds"),
    *(("adsl", "SAFFL", flag) for flag in "YN"),
    *(("adsl", "EVALFL", flag) for flag in "YN"),
    *(("adsl", "NCYCLES", number) for number in (1, 2, 3)),
    *((code, "CNSR", flag) for code in PARAMETERS["adtte"] for flag in (0, 1)),
    *((code, "AVALC", answer) for code in PARAMETERS["adrs"][:3] for answer in ANSWERS),
    *(("BESTSKIN", "AVALC", answer) for answer in ("CR", None)),
    *(("FLARE", "AVALC", answer) for answer in ("SEVERE", "MILD", "NONE", None)),
    *(("adlb", "ATOXGR", grade) for grade in (0, 1, 2, 3, 4, None)),
    *(("adae", "TRTEMFL", flag) for flag in ("Y", "N", None)),
    *(("adae", "AESER", flag) for flag in ("Y", "N", None)),
    *(("adae", "AESEV", code) for code in ("MILD", "MODERATE", "SEVERE", None)),
    *(("adae", "ASTDTF", flag) for flag in ("Y", "M", "D", None)),
    *(("adlb", "AVALU", unit) for unit in ("g/L", "mmol/L", "%", "U/L")),
    *(("adqs", "AVISITN", week) for week in (0, 2, 4, 8, 12, 16, 20, 24, 36, 48, 60, 72)),
    *(("adqs", "ADY", border) for border in (1, 2, 22, 23, 43, 44, 71, 99, 100, 379, 380)),
    *(("unit", unit) for unit in ("/mm3", "/uL", "10*3/uL", "10*9/L", "g/dL", "g/L", "")),
    *(("unit", unit) for unit in ("mg/dL", "umol/L", "U/L", "ukat/L", "%", "mmol/L")),
    *(("result", "1.190", unit) for unit in ("/mm3", "10*9/L")),
)
