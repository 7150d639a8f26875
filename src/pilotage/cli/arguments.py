"""The arguments and options that several commands share."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

StudyName = Annotated[
    str, typer.Argument(metavar="STUDY", help="A study folder, or the name of a built-in study.")
]
SnapshotFolder = Annotated[
    Path, typer.Argument(metavar="SNAPSHOT", help="A folder with dm.csv, ex.csv, qs.csv …")
]
OutFolder = Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write to.")]
LARGEST_SEED = 2**32 - 1
"""Beyond it NumPy spreads a seed over two words, and other seeds would share its draws."""

Seed = Annotated[
    int, typer.Option(min=0, max=LARGEST_SEED, metavar="N", help="Same seed, same bytes.")
]
Subjects = Annotated[int, typer.Option(min=1, max=100_000, metavar="N", help="Number of subjects.")]
OnDay = Annotated[
    str | None, typer.Option("--at", metavar="DATE", help="The day; the data cut if left out.")
]


def seconds(option: str, given: float) -> float:
    """The seconds that an option gives a search: a number from 1 on. Raises InputErrors for what is
    none; a search without an end is nobody's wish."""
    from math import isfinite

    from pilotage.findings import InputErrors, error

    if not isfinite(given) or given < 1:
        words = f"'{given:g}' is no time to search for; write the seconds, 1 or more, as 300"
        raise InputErrors([error(option, words)])
    return given


def day_of(text: str | None) -> date | None:
    """The day that `--at` names. Raises InputErrors for what is none."""
    from pilotage.findings import InputErrors, error

    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        words = f"'{text}' is no day; write year, month and day, as 2009-03-15"
        raise InputErrors([error("--at", words)]) from None
