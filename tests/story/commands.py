"""Running the commands as a person does, and looking at what they leave."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from pilotage.cli import app


@dataclass(frozen=True)
class Ended:
    """How a command ended: exit status, lines on standard output and on standard error."""

    status: int
    out: list[str]
    err: list[str]


def run(*arguments: object) -> Ended:
    """A command in this process; an exception that is no message is raised again."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ended(result.exit_code, result.stdout.splitlines(), result.stderr.splitlines())


def process(*arguments: object, **environment: str) -> Ended:
    """A command in a process of its own."""
    found = subprocess.run(
        command(*arguments),
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
        timeout=60,
    )
    out, err = (text.decode("utf-8", "replace") for text in (found.stdout, found.stderr))
    return Ended(found.returncode, out.splitlines(), err.splitlines())


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "pilotage", *(str(argument) for argument in arguments)]


def contents(folder: Path) -> dict[str, bytes | None]:
    """Every path below a folder, hidden ones too, with the bytes of files."""
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
    }


@contextmanager
def disk_that_refuses_files_over(size: int) -> Iterator[None]:
    """No file may grow over so many bytes: what a full disk does, at a place we choose."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
