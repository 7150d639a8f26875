"""Kills a saving process again and again, and asks each time what is left.

    python killing.py DATA NUMBER SEED

Prints one line per mistake and a last one with the counts; exits 1 on a mistake. After each kill
the save that was not acknowledged is sent again under its key, as a browser does: it must be there
once, whether it was written before or not.
"""

import itertools
import os
import random
import select
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import saving

LONGEST = 0.05
"""Seconds after the first acknowledged save within which the process is killed."""


@dataclass
class Count:
    kills: int = 0
    acknowledged: int = 0
    unheard: int = 0
    mistakes: list[str] = field(default_factory=list)


def main() -> None:
    data, number, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    saving.set_up(data)
    if not (data / "prepared").exists():
        saving.prepare(data)
        (data / "prepared").touch()
    from pilotage.capture.planned import planned

    planned()
    chance, count, next_save = random.Random(seed), Count(), 1
    for _ in range(number):
        next_save = _one_kill(next_save, chance, count)
    _look_at_all(count)
    for mistake in count.mistakes:
        print(mistake)
    print(
        f"{count.kills} kills, {count.acknowledged} acknowledged saves, {count.unheard} written "
        f"but not acknowledged, {len(count.mistakes)} mistakes (seed {seed})"
    )
    sys.exit(bool(count.mistakes))


def _one_kill(first: int, chance: random.Random, count: Count) -> int:
    """Let a process save from `first` on, kill it, and look. Returns the next number."""
    from django.db import connection

    connection.close()
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(heard)
        _save_for_ever(first, told)
    os.close(told)
    select.select([heard], [], [], 20)
    time.sleep(chance.uniform(0, LONGEST))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    said = b""
    while part := os.read(heard, 65536):
        said += part
    os.close(heard)
    count.kills += 1
    receipts = [line.split() for line in said.decode().splitlines(keepends=True) if "\n" in line]
    return _look(receipts, first, saving.saver(), count)


def _save_for_ever(first: int, told: int) -> None:
    save = saving.saver()
    number = first
    while True:
        os.write(told, save(number).encode())
        number += 1


def _look(receipts: list[list[str]], first: int, save: Callable[[int], str], count: Count) -> int:
    """Is every acknowledged save there, and the next one there once after it is sent again?"""
    from pilotage.capture.models import AuditEvent, Entry

    count.acknowledged += len(receipts)
    for number, seq, hash_ in receipts:
        if not AuditEvent.objects.filter(seq=seq, hash=hash_, key=f"save-{number}").exists():
            count.mistakes.append(f"save {number} was acknowledged and is lost")
    unheard = first + len(receipts)
    written = (
        AuditEvent.objects.filter(key=f"save-{unheard}").values_list("hash", flat=True).first()
    )
    count.unheard += written is not None
    again = save(unheard).split()[2]
    if written not in (None, again):
        count.mistakes.append(f"save {unheard} was sent again and has another receipt")
    if Entry.objects.filter(form=saving.FORM, repeat=unheard).count() != 1:
        count.mistakes.append(f"save {unheard} is not there once")
    return unheard + 1


def _look_at_all(count: Count) -> None:
    """No half-saved form, and a whole chain."""
    from django.db.models import Count as Number

    from pilotage.capture.models import AuditEvent, ItemVersion

    sizes = ItemVersion.objects.values("event").annotate(n=Number("pk")).values_list("n", flat=True)
    if set(sizes) - {8}:
        count.mistakes.append("a form is saved in part")
    events = list(AuditEvent.objects.order_by("seq").values_list("seq", "previous", "hash"))
    for before, after in itertools.pairwise(events):
        if after[:2] != (before[0] + 1, before[2]):
            count.mistakes.append(f"the chain is broken at event {after[0]}")


if __name__ == "__main__":
    main()
