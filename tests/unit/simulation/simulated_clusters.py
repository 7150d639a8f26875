"""For the tests of clusters: trials into a folder, and a place where nobody answers."""

import socket
from pathlib import Path

from simulated_studies import study

from pilotage.simulation.trials.results import write_results
from pilotage.simulation.trials.run import simulate

NAME = "template"
AT = "ray://127.0.0.1"
TRIALS, SEED = 1100, 3


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*") if path.is_file()
    }  # fmt: skip


def written(folder: Path, *, trials: int = TRIALS, at: str | None = None) -> list[str]:
    """Simulate into a folder; what was told."""
    said: list[str] = []
    done = simulate(
        study(NAME), trials=trials, seed=SEED, workers=None if at else 1, cluster=at,
        folder=folder, tell=said.append,
    )  # fmt: skip
    write_results(folder, done)
    return [words for words in said if "compiling" not in words]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
