"""A command that was ended in the middle, gently or not, goes on where it was."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from simulated_studies import STUDIES, study

from pilotage.simulation.refusals import refuse_open_errors
from pilotage.simulation.trials import run
from pilotage.simulation.trials.blocks import FOLDER, MADE_OF
from pilotage.simulation.trials.run import simulate

NAME, TRIALS, SEED = "template", 30_000, 7

COMMAND = """
import sys
from pilotage.cli import main
from pilotage.simulation.trials import run

run.CHUNKS_OF_BLOCK = 1
sys.argv = ["pilotage", *sys.argv[1:]]
main()
"""
"""The command with blocks so small that it can be ended between many of them."""


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*") if path.is_file()
    }  # fmt: skip


def ended(folder: Path, number: int) -> tuple[int, str]:
    """Type the command, end it once a few blocks are there; its status and what it said."""
    words = ["simulate", STUDIES[NAME], "--trials", str(TRIALS), "--seed", str(SEED)]
    command = subprocess.Popen(
        [sys.executable, "-c", COMMAND, *words, "--out", str(folder)],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        until = time.monotonic() + 60
        while not (folder / FOLDER / "block-00002.parquet").exists():
            assert command.poll() is None, command.stderr.read() if command.stderr else ""
            assert time.monotonic() < until
            time.sleep(0.002)
        command.send_signal(number)
        _, said = command.communicate(timeout=60)
    finally:
        command.kill()
        command.wait()
    return command.returncode, said


def test_a_command_that_is_ended_or_killed_goes_on_and_gives_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_open_errors(study(NAME))
    monkeypatch.setattr(run, "CHUNKS_OF_BLOCK", 1)
    simulate(study(NAME), trials=TRIALS, seed=SEED, folder=tmp_path / "whole")
    whole = files(tmp_path / "whole")
    for number in (signal.SIGINT, signal.SIGKILL):
        folder = tmp_path / number.name
        status, said = ended(folder, number)
        before = {name for name in files(folder) if name.endswith(".parquet")}
        assert 3 <= len(before) < TRIALS // 250
        assert "Traceback" not in said
        if number == signal.SIGINT:
            assert status == 130
            words = f"interrupted: {folder} keeps the finished blocks; type the same again"
            assert words in said
        else:
            assert status == -signal.SIGKILL
        simulate(study(NAME), trials=TRIALS, seed=SEED, folder=folder)
        assert files(folder) == whole
    assert MADE_OF in whole
