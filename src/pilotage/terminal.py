"""What a command says while it works: plain lines for mistakes, a bar for progress."""

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

from pilotage.findings import Finding, InputErrors
from pilotage.plural import counted
from pilotage.progress import Silent, Steps

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

INTERRUPTED = 130
"""As a shell says of a command that was ended by Ctrl-C."""
MOST_LINES = 20
"""So many warnings about a snapshot are shown in full; every finding is in findings.csv."""


class _Bar:
    """One bar over all steps; a step fills its share of it."""

    def __init__(self, progress: "Progress", names: tuple[str, ...]) -> None:
        self.progress, self.names = progress, names
        self.begun = 0
        self.task: TaskID = progress.add_task(names[0], total=len(names))

    def __call__(self) -> None:
        name = self.names[self.begun]
        self.progress.update(self.task, description=name, completed=self.begun)
        self.begun += 1

    def part(self, done: int, of: int) -> None:
        self.progress.update(self.task, completed=self.begun - 1 + done / of)


@contextmanager
def steps(*names: str) -> Iterator[Steps]:
    """A progress bar over named steps, on a terminal only and gone at the end."""
    if not sys.stderr.isatty():
        yield Silent()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield _Bar(progress, names)


@contextmanager
def counting(name: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar of so many of so many, with the time that is likely left; on a terminal only
    and gone at the end."""
    if not sys.stderr.isatty():
        yield lambda done, of: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn(name), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(name, total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Mistakes of the input as plain lines on standard error, exit 1, and a line for Ctrl-C; never
    a traceback."""
    try:
        yield
    except InputErrors as errors:
        for finding in errors.findings:
            say(str(finding))
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        say("interrupted")
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        raise
    except OSError as problem:
        where = f"{problem.filename}: " if problem.filename else ""
        say(f"{where}{problem.strerror or problem}")
        raise typer.Exit(1) from None


def say(line: str) -> None:
    """One line on standard error."""
    print(" ".join(line.splitlines()), file=sys.stderr)


def say_findings(warnings: Sequence[Finding], total: int, file: str) -> None:
    """The first warnings about a snapshot, a line each; how many findings there are, and where."""
    for finding in warnings[:MOST_LINES]:
        say(f"{finding.severity}: {finding}")
    if total:
        say(f"{counted(total, 'finding')} about the data: {file}")


def prepare() -> None:
    """Text that the terminal cannot show is written out instead of ending the command, and a
    request to end is obeyed with everything cleaned up."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGTERM, _end)


def _end(number: int, frame: object) -> NoReturn:
    sys.exit(128 + number)
