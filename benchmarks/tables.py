"""The measured tasks as a table for docs/reference/performance.md."""

import os
from collections.abc import Iterable
from pathlib import Path
from statistics import median

from measuring import Measured

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
HEAD = (
    "| Task | Peer | Ours, s: clock / processor | Peer, s: clock / processor "
    "| Speed by processor (range) | by clock (range) | Rounds |\n|---|---|---|---|---|---|---|"
)


def row(measured: Measured) -> str:
    task = measured.task
    cells = [f"{task.name}: {task.what}", task.peer_is]
    if measured.differs:
        return line([*cells, "not the same results", "", "", "", "0"])
    cells.append(both(measured, "ours"))
    if task.peer is None:
        cells += ["", "", ""]
    else:
        cells += [both(measured, "peer"), speed(measured, "cpu"), speed(measured, "wall")]
    noisy = ", no quiet one" if measured.noisy else ""
    left_out = f", {measured.left_out} left out" if measured.left_out else ""
    load = f"; load {os.getloadavg()[0]:.0f}"
    return line([*cells, f"{len(measured.rounds)}{left_out}{noisy}{load}"])


def line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def both(measured: Measured, who: str) -> str:
    return " / ".join(f"{measured.seconds(who, kind):.3g}" for kind in ("wall", "cpu"))


def speed(measured: Measured, kind: str) -> str:
    """How many times as fast as the peer."""
    ratios = measured.ratios(kind)
    return f"{median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"


def table(rows: Iterable[str]) -> str:
    return "\n".join([HEAD, *rows])


def into_page(page: Path, rows: Iterable[str], machine: str) -> None:
    """Put rows into the table between the two marks of the page: in the place of the row of the
    same task, or at the end. ValueError where the page has no marks."""
    text = page.read_text("utf-8")
    before, begin, rest = text.partition(BEGIN)
    old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page}: has no lines {BEGIN} and {END}; the table belongs between them")
    known = [row for row in old.splitlines() if row.startswith("| ") and row not in HEAD]
    named = {name_of(row): row for row in (*known, *rows)}
    words = f"Last run: {machine}\n\n{table(named.values())}"
    page.write_text(f"{before}{BEGIN}\n{words}\n{END}{after}", "utf-8")


def name_of(row: str) -> str:
    """The first cell up to the data: what was measured."""
    first = row.split("|")[1]
    return ":".join(first.split(":")[: 2 if first.startswith(" simulate") else 1]).strip()
