"""Starting: commands in a process of their own, beside the imports that they cannot do without."""

import subprocess
import sys
from collections.abc import Iterator
from functools import partial

from measuring import Task


def tasks(*, quick: bool) -> Iterator[Task]:
    yield Task(
        "start, --help",
        "`pilotage --help`",
        partial(run, "-m", "pilotage", "--help"),
        'python -c "import typer"',
        partial(run, "-c", "import typer"),
    )
    yield Task(
        "start, derive --help",
        "`pilotage derive --help`",
        partial(run, "-m", "pilotage", "derive", "--help"),
        'python -c "import typer"',
        partial(run, "-c", "import typer"),
    )
    yield Task(
        "start, datasets",
        "`import pilotage.datasets` (before the first table is read)",
        partial(run, "-c", "import pilotage.datasets"),
        'python -c "import polars"',
        partial(run, "-c", "import polars"),
    )


def run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
