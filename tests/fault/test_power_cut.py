"""A save that was acknowledged outlives a power cut; the control with NORMAL must lose some.

PILOTAGE_FAULTS says how many cuts are replayed: `make fault` asks for 1,000.
"""

import itertools
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from power_cut import Deed, acknowledged, build_recorder, rebuild, record

CUTS = int(os.environ.get("PILOTAGE_FAULTS", "100"))
SAVES = 60
HERE = Path(__file__).parent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that records what is asked of the disk (Linux, with a C compiler)."""
    if shutil.which("cc") is None and os.environ.get("PILOTAGE_SKIP_NOTHING") != "1":
        pytest.skip("no C compiler: apt install gcc libc6-dev")
    return build_recorder(tmp_path_factory.mktemp("recorder"))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a nurse and a subject."""
    data = tmp_path_factory.mktemp("prepared")
    subprocess.run([sys.executable, HERE / "prepare.py", data], check=True)
    return data


def recorded(prepared: Path, folder: Path, recorder: Path, synchronous: str) -> list[Deed]:
    running = folder / "running"
    shutil.copytree(prepared, running)
    script = [str(HERE / "saving.py"), str(running), str(SAVES), "--synchronous", synchronous]
    return record(script, folder=folder, recorder=recorder, match=".sqlite3")


def lost(prepared: Path, deeds: Sequence[Deed], folder: Path, seed: int) -> list[str]:
    """What a power cut at some moment loses of the acknowledged saves. Raises AssertionError where
    the database cannot be opened, holds half a save, or its chain is broken."""
    chance = random.Random(seed)
    first = next(at for at, deed in enumerate(deeds) if deed.kind == "A")
    moment = chance.randrange(first, len(deeds) + 1)
    disk = folder / "disk"
    shutil.rmtree(disk, ignore_errors=True)
    disk.mkdir()
    rebuild(prepared, deeds[:moment], disk, chance)
    with sqlite3.connect(disk / "pilotage.sqlite3") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",), f"seed {seed}"
        chain = database.execute("SELECT seq, previous, hash FROM capture_auditevent ORDER BY seq")
        events = chain.fetchall()
        for before, after in itertools.pairwise(events):
            assert after[0] == before[0] + 1, f"seed {seed}: a gap in the trail"
            assert after[1] == before[2], f"seed {seed}: the chain is broken"
        saves = database.execute(
            "SELECT event_id, count(*) FROM capture_itemversion GROUP BY event_id"
        ).fetchall()
        assert {number for _, number in saves} <= {8}, f"seed {seed}: half a save"
        entries = database.execute("SELECT count(*) FROM capture_entry").fetchone()[0]
        assert entries == len(saves), f"seed {seed}: an entry without its answers"
    database.close()
    present = {f"{seq} {hash_}" for seq, _, hash_ in events}
    return [told for told in acknowledged(deeds[:moment]) if told.partition(" ")[2] not in present]


def test_no_acknowledged_save_is_lost_in_a_power_cut(
    prepared: Path, recorder: Path, tmp_path: Path
) -> None:
    deeds = recorded(prepared, tmp_path, recorder, "FULL")
    assert len(acknowledged(deeds)) == SAVES
    for seed in range(CUTS):
        assert lost(prepared, deeds, tmp_path, seed) == [], f"seed {seed}"


def test_the_control_with_synchronous_normal_loses_acknowledged_saves(
    prepared: Path, recorder: Path, tmp_path: Path
) -> None:
    deeds = recorded(prepared, tmp_path, recorder, "NORMAL")
    assert any(lost(prepared, deeds, tmp_path, seed) for seed in range(20))
