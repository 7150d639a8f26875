"""Simulating: what `simulate.py` measures in a process of its own; its words become the rows."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from measuring import Log

SCRIPT = Path(__file__).with_name("simulate.py")
SPEED = re.compile(r"speed against the kernel by hand: ([\d.]+) \(([\d.]+)-([\d.]+)\)")
TIME = re.compile(r"([\d.]+) million visits a second; 100,000 trials take ([\d.]+) s")
TRIALS, QUICK_TRIALS = 20_000, 2_000


def rows(log: Log, tell: Callable[[str], None], *, quick: bool) -> list[str]:
    """A row of the table for each trial that the script holds against its peer."""
    command = [sys.executable, str(SCRIPT), str(QUICK_TRIALS if quick else TRIALS)]
    said = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        for line in running.stdout:
            said.append(line.rstrip())
            tell(f"  {said[-1]}")
            log.write(task="simulate", line=said[-1])
    if running.returncode:
        return ["| simulate | a kernel by hand | failed: see the log | | | | |"]
    return [row(*each) for each in found(said)]


def found(said: list[str]) -> list[tuple[str, re.Match[str], re.Match[str]]]:
    """What was simulated, the speed, and the time."""
    names = [line for line in said if line.endswith("planned contacts")]
    speeds = [match for line in said if (match := SPEED.search(line))]
    times = [match for line in said if (match := TIME.search(line))]
    return list(zip(names, speeds, times, strict=False))


def row(name: str, speed: re.Match[str], time: re.Match[str]) -> str:
    median, low, high = speed.groups()
    visits, seconds = time.groups()
    return (
        f"| simulate: {name}; 100,000 trials of 15 subjects | the same trial as a kernel of Numba "
        f"by hand | - / {seconds} ({visits} million visits a second) | "
        f"| {median} ({low}-{high}) | | 5 |"
    )
