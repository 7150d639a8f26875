"""Walking a page of the documentation: its commands in order, each with what is shown of it."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

LEFT_OUT = "…"
"""A line of shown output that stands for any lines."""

FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Step:
    """A block of commands, the exit status that it should have, and the output that is shown."""

    commands: str
    status: int
    shown: tuple[str, ...] | None


@dataclass(frozen=True)
class Walked:
    """What a block did."""

    status: int
    printed: tuple[str, ...]


def steps(page: str) -> list[Step]:
    """The blocks ```sh of a page; ```sh exits-1 should fail. A block ```text that follows directly
    is the output."""
    fences = list(FENCE.finditer(page))
    found = []
    for at, fence in enumerate(fences):
        language, _, mark = fence[1].partition(" ")
        if language != "sh":
            continue
        after = fences[at + 1] if at + 1 < len(fences) else None
        follows = (
            after is not None
            and after[1] == "text"
            and not page[fence.end() : after.start()].strip()
        )
        shown = tuple(after[2].splitlines()) if follows and after is not None else None
        found.append(Step(fence[2], int(mark.removeprefix("exits-") or 0), shown))
    return found


def walk(step: Step, folder: Path) -> Walked:
    """Run the commands of a block in a folder, as a person does whose environment is active."""
    places = (str(Path(sys.executable).parent), os.environ["PATH"])
    ended = subprocess.run(
        ["bash", "-e", "-c", step.commands],
        cwd=folder,
        env={**os.environ, "PATH": os.pathsep.join(places)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=120,
    )
    return Walked(ended.returncode, tuple(ended.stdout.decode("utf-8").splitlines()))


def agrees(shown: tuple[str, ...], printed: tuple[str, ...]) -> bool:
    """Is that what was printed, whatever stands in place of the lines that are left out?"""
    pattern = "".join("(?:.*\n)*" if line == LEFT_OUT else re.escape(line) + "\n" for line in shown)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None
