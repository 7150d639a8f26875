"""Alerts and queries of a design: counted in rehearsals, the same whoever makes them, each number
beside its Monte-Carlo error."""

import csv
import functools
import json
import math
import os
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from simulated_studies import STUDIES, study
from typer.testing import CliRunner

from pilotage.cli import app
from pilotage.cli.arguments import LARGEST_SEED
from pilotage.findings import InputErrors, error
from pilotage.simulation.burdens import Counts, Rehearsals, process, rehearsals_of, rows_of
from pilotage.simulation.burdens.counts import COUNTED, QUERIES, named
from pilotage.simulation.burdens.kept import FILE
from pilotage.simulation.burdens.run import seeds_of
from pilotage.simulation.rehearsal.burden import MATTERS, UNDECIDED
from pilotage.simulation.trials.characteristics import Characteristic, part_of
from pilotage.simulation.trials.results import CHARACTERISTICS
from pilotage.simulation.trials.run import Simulated, simulate

NAME, SUBJECTS, SEED = "template", 2, 7
ROUGH = {"subject.true_entry_error": 0.3, "subject.true_missed_visit": 0.2}
"""So much goes wrong that two subjects give alerts."""
SET = tuple(word for path, to in ROUGH.items() for word in ("--set", f"{path}={to}"))


def typed(*words: object) -> tuple[int, str]:
    made = CliRunner().invoke(app, [str(word) for word in words])
    return made.exit_code, made.output


def simulated(folder: Path | None = None, **settings: float) -> list[Simulated]:
    return simulate(
        study(NAME), trials=20, subjects=SUBJECTS, seed=SEED, settings={**ROUGH, **settings},
        folder=folder,
    )  # fmt: skip


@functools.cache
def of_two() -> Rehearsals:
    return rehearsals_of(simulated(), count=2, workers=1)["base"]


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# -- what is counted -------------------------------------------------------------------------------


def test_each_rehearsal_is_that_of_the_command_with_its_seed(tmp_path: Path) -> None:
    (first,) = rehearsals_of(simulated(), count=1)["base"].counts
    assert first.seed == seeds_of(SEED, 1)[0]
    words = ("rehearse", STUDIES[NAME], "--subjects", SUBJECTS, "--seed", first.seed, *SET)
    status, said = typed(*words, "--no-report", "--out", tmp_path / "one")
    assert status == 0, said
    known = json.loads((tmp_path / "one/rehearsal.json").read_text("utf-8"))
    alerts = known["alerts"]
    assert {matter: first.of[named(matter)] for matter in MATTERS} == alerts
    assert first.of["ALERTS"] == known["alerts_in_all"] > 0
    assert first.of["QUERIES"] == sum(alerts[matter] for matter in QUERIES) > 0
    assert first.of["UNDECIDED"] == known["decisions_that_could_not_be_made"]
    assert first.of["SLIPS"] == sum(known["slips"].values()) > first.of["SLIPS_LEFT"] > 0
    assert first.of["SLIPS_LEFT"] == known["slips_found"]["never"]
    assert (first.of["ITEMS"], first.weeks) == (known["items"], known["weeks"])
    assert first.most_in_a_week == known["most_alerts_of_a_subject_in_a_week"]


def test_the_seeds_of_few_rehearsals_are_the_first_of_many_and_each_can_be_typed() -> None:
    many = seeds_of(2**63 - 1, 1000)
    assert len(set(many)) == 1000
    assert seeds_of(2**63 - 1, 3) == many[:3]
    assert 0 <= min(many) <= max(many) <= LARGEST_SEED
    assert not set(many) & set(seeds_of(1, 1000))


def test_the_same_seed_draws_other_words_for_rehearsals_than_for_trials() -> None:
    for chunk in range(3):
        words = np.random.SeedSequence(SEED, spawn_key=(chunk,)).generate_state(4)
        assert not set(words.tolist()) & set(seeds_of(SEED, 4))


# -- their numbers, with errors --------------------------------------------------------------------


def counts(number: int, weeks: int, **of: int) -> Counts:
    return Counts(number, number, weeks, 3, {each.name: of.get(each.name, 0) for each in COUNTED})


def test_every_number_has_the_error_of_a_mean_over_rehearsals() -> None:
    alerts, weeks = (10, 14, 30), (5, 7, 10)
    made = tuple(
        counts(at, w, ALERTS=a) for at, (a, w) in enumerate(zip(alerts, weeks, strict=True))
    )
    rows = {row.name: row for row in rows_of(Rehearsals(2, made))}
    for name, each in (
        ("ALERTS_OF_TRIAL", [10, 14, 30]), ("ALERTS", [5, 7, 15]), ("ALERTS_OF_WEEK", [2, 2, 3]),
    ):  # fmt: skip
        assert rows[name].value == pytest.approx(sum(each) / 3)
        assert rows[name].error == pytest.approx(statistics.stdev(each) / math.sqrt(3))
    assert rows["QUERIES"].error == 0


def test_one_rehearsal_has_no_error() -> None:
    rows = list(rows_of(Rehearsals(2, (counts(1, 5, ALERTS=10),))))
    assert {row.error for row in rows} == {None}
    assert {row.rehearsals for row in rows} == {1}


def test_without_rehearsals_there_are_no_numbers() -> None:
    assert list(rows_of(Rehearsals(2, ()))) == []
    assert rehearsals_of(simulated(), count=0) == {}


def test_every_number_of_rehearsals_has_its_part_and_comes_once() -> None:
    rows = list(rows_of(of_two()))
    assert len({row.name for row in rows}) == len(rows)
    assert {part_of(row.name) for row in rows} == {"rehearsed"}


def test_queries_and_what_is_undecided_are_matters_of_the_burden() -> None:
    assert {*QUERIES, *UNDECIDED} <= set(MATTERS)


# -- the same for whoever makes them ---------------------------------------------------------------


def run(out: Path, *words: object) -> str:
    own = ("--subjects", SUBJECTS, "--seed", SEED, "--trials", 20, *SET, "--out", out)
    status, said = typed("simulate", STUDIES[NAME], *own, *words)
    assert status == 0, said
    return said


@pytest.mark.slow
def test_one_worker_and_two_give_the_same_bytes_and_a_row_for_each_number(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    said = [
        run(folder, "--rehearsals", 2, "--workers", at).replace(str(folder), "")
        for at, folder in enumerate((one, two), 1)
    ]
    assert said[0] == said[1]
    assert files(one) == files(two)
    with (one / CHARACTERISTICS).open(encoding="utf-8") as file:
        rows = {row["NAME"]: row for row in csv.DictReader(file)}
    for row in rows_of(of_two()):
        found = rows[row.name]
        assert (float(found["VALUE"]), float(found["MCSE"])) == (row.value, row.error)
        assert (found["TRIALS"], found["EXACT"]) == ("2", "")
    assert rows["VISITS"]["TRIALS"] == "20"
    assert "  of 2 whole rehearsals:\n" in said[0]
    assert f"{rows_by_name()['ALERTS'].value:.4g} ± " in said[0]
    assert "not counted" not in said[0]


def rows_by_name() -> dict[str, Characteristic]:
    return {row.name: row for row in rows_of(of_two())}


def test_without_rehearsals_it_says_how_alerts_and_queries_are_counted(tmp_path: Path) -> None:
    said = run(tmp_path / "run")
    assert "not counted: alerts and queries; --rehearsals 20 counts them" in said
    assert not (tmp_path / "run" / FILE).exists()


def test_every_point_of_a_grid_has_its_own(tmp_path: Path) -> None:
    out = tmp_path / "grid"
    said = run(out, "--scenario", "effect", "--rehearsals", 1, "--workers", 1)
    with (out / CHARACTERISTICS).open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["NAME"] == "ITEMS_OF_TRIAL"]
    assert len(rows) == len({row["SCENARIO"] for row in rows}) > 2
    assert said.count("  of 1 whole rehearsal:\n") == len(rows)
    assert said.count("one rehearsal does not tell how far another would lie from it") == len(rows)
    assert {row["MCSE"] for row in rows} == {""}
    for row in rows:
        kept = (out / row["SCENARIO"] / FILE).read_text("utf-8").splitlines()
        assert len(kept) == 2
    assert (out / "design.html").stat().st_size > 0


# -- taken up again --------------------------------------------------------------------------------


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The seeds of the rehearsals that were made."""
    seeds: list[int] = []
    rehearse = process.rehearse

    def noted(*args: Any, **how: Any) -> Any:
        seeds.append(how["seed"])
        return rehearse(*args, **how)

    monkeypatch.setattr(process, "rehearse", noted)
    return seeds


def test_a_rehearsal_that_is_done_is_not_done_again(tmp_path: Path, made: list[int]) -> None:
    done = simulated(tmp_path)
    rehearsals_of(done, count=2, workers=1)
    whole = (tmp_path / FILE).read_bytes()
    lines = whole.decode().splitlines(keepends=True)
    (tmp_path / FILE).write_text("".join([lines[0], lines[2], "3,not whole\n"]), "utf-8")
    made.clear()
    told: list[tuple[int, int]] = []
    found = rehearsals_of(done, count=2, workers=1, progress=lambda at, of: told.append((at, of)))
    assert made == seeds_of(SEED, 1)
    assert told == [(1, 2), (2, 2)]
    assert found["base"] == of_two()
    assert (tmp_path / FILE).read_bytes() == whole
    assert rehearsals_of(done, count=1)["base"].counts == of_two().counts[:1]
    assert (tmp_path / FILE).read_text("utf-8") == "".join(lines[:2])
    assert len(made) == 1


def test_what_another_study_left_is_not_taken(tmp_path: Path, made: list[int]) -> None:
    """Another answer of a form changes no trial, so that its folder goes on; but rehearsals."""
    (done,) = simulated(tmp_path)
    rehearsals_of([done], count=1, workers=1)
    before = (tmp_path / FILE).read_bytes()
    simulation = done.case.simulation
    other = simulation.model_copy(update={"remark": "another file"})
    object.__setattr__(done.case, "simulation", other)
    rehearsals_of([done], count=1, workers=1)
    assert len(made) == 2
    assert (tmp_path / FILE).read_bytes() != before


# -- what cannot be --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--rehearsals", "-1"), "--rehearsals: -1 is no number of rehearsals; 0 to 1,000"),
        (("--rehearsals", "1001"), "--rehearsals: 1001 is no number of rehearsals"),
        (
            ("--rehearsals", "5", "--scenario", "fixed_response"),
            "--rehearsals: in 'fixed_response' nothing happens but success or failure",
        ),
    ],
)
def test_rehearsals_that_cannot_be_are_refused_in_a_line(
    words: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    status, output = typed("simulate", STUDIES[NAME], *words, "--out", tmp_path / "out")
    assert status == 1
    assert output.startswith(said)
    assert output.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_rehearsal_that_cannot_be_made_is_named_with_its_seed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(*args: object, **how: object) -> object:
        raise InputErrors([error("simulation.yaml", "more is left than can be typed")])

    monkeypatch.setattr(process, "rehearse", refused)
    with pytest.raises(InputErrors) as problem:
        rehearsals_of(simulated(), count=2, workers=1)
    seed = seeds_of(SEED, 1)[0]
    words = f"simulation.yaml: rehearsal 1, seed {seed}: more is left than can be typed"
    assert str(problem.value) == words


TYPED = """
import signal, sys
from pilotage.cli import main

signal.signal(signal.SIGINT, signal.default_int_handler)
sys.argv = ["pilotage", *sys.argv[1:]]
main()
"""
"""The command as somebody types it: Ctrl-C reaches it, also where tests run in the background."""


@pytest.mark.slow
def test_rehearsals_that_are_interrupted_leave_what_is_done_and_go_on(tmp_path: Path) -> None:
    out, count = tmp_path / "run", 60
    own = ("--subjects", SUBJECTS, "--seed", SEED, "--trials", 20, *SET, "--out", out)
    words = ["simulate", STUDIES[NAME], *own, "--rehearsals", count, "--workers", 2]
    command = subprocess.Popen(
        [sys.executable, "-c", TYPED, *map(str, words)],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        until = time.monotonic() + 60
        while not (out / FILE).exists():
            assert command.poll() is None, command.stderr.read() if command.stderr else ""
            assert time.monotonic() < until
            time.sleep(0.01)
        os.killpg(command.pid, signal.SIGINT)  # as a terminal does, with the workers
        _, said = command.communicate(timeout=60)
    finally:
        command.kill()
        command.wait()
    kept = f"{out} keeps the trials and the finished rehearsals; type the same again"
    assert (command.returncode, said.count("\n")) == (130, 1)
    assert said.startswith(f"interrupted: {kept}")
    done = [line.partition(",")[0] for line in (out / FILE).read_text("utf-8").splitlines()[1:]]
    assert 1 <= len(done) < count
    found = rehearsals_of(simulated(out), count=2, workers=1)
    assert found["base"] == of_two()
