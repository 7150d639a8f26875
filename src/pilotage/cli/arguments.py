"""The arguments and options that several commands share."""

from datetime import datetime
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
Seed = Annotated[int, typer.Option(min=0, metavar="N", help="Same seed, same bytes.")]
Subjects = Annotated[int, typer.Option(min=1, max=100_000, metavar="N", help="Number of subjects.")]
OnDay = Annotated[
    datetime | None,
    typer.Option(
        "--at", metavar="DATE", formats=["%Y-%m-%d"], help="The day; the data cut if left out."
    ),
]
