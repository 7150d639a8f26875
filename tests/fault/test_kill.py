"""A saving process that is killed loses no acknowledged save, and a retry doubles none.

PILOTAGE_FAULTS says how many kills there are: `make fault` asks for 1,000.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

KILLS = int(os.environ.get("PILOTAGE_FAULTS", "40"))
HERE = Path(__file__).parent


@pytest.mark.slow
def test_no_save_is_lost_or_doubled_when_the_process_is_killed(tmp_path: Path) -> None:
    arguments = [sys.executable, HERE / "killing.py", tmp_path, str(KILLS), "1"]
    done = subprocess.run(arguments, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{KILLS} kills" in done.stdout
    assert "0 mistakes" in done.stdout
