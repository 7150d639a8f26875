"""Nurses at work: how long a save takes when many read and save at once, and what that costs.

    python load.py      100 nurses for a minute, then 8 clients without a pause, both engines
    python load.py --nurses 20 --seconds 5 --engine sqlite

Prints one table; exits 1 where a limit is not met: no error; with the nurses 99 of 100 saves within
a second; with 8 clients 99 of 100 saves within 100 ms and at least 60 % of the saves a second of a
minimal Django application with the same durable insert, measured in turns in the same run. What one
row of one text takes is told beside it; nothing is held to it.
"""

import argparse
import json
import random
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from threading import Thread
from urllib.parse import urlencode

from line import Line
from servers import databases, free_port, processor_seconds, running

HERE = Path(__file__).parent
FORM = "medication"
ANSWERS = {
    "i-drug": "Paracetamol", "i-class": "OTHER", "i-indication": "headache", "i-dose": "500",
    "i-dose_unit": "mg", "i-frequency": "as needed", "i-baseline": "no", "i-began": "2026-01",
}  # fmt: skip
TOKEN = "a" * 32
THINK = 2.0
"""Seconds that a nurse thinks, on average."""
SAVES = 0.2
"""Part of the requests that save; the others read."""
TURNS = 5
"""So often the application and the minimal one are measured, one after the other."""


@dataclass
class Told:
    """What one kind of request took, in seconds, and what went wrong. `rate` is how many there were
    in a second, `work` what one took of the server's processor, in seconds."""

    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    rate: float = 0.0
    work: float = 0.0

    def at(self, share: float) -> float:
        ordered = sorted(self.times)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0


@dataclass(frozen=True)
class World:
    """A server with the nurses who are signed in to it."""

    port: int
    cookie: str
    csrf: str
    sessions: list[str]
    subjects: list[str]


@dataclass(frozen=True)
class Servers:
    """The two servers: the application's world, the minimal one's port, and their processes."""

    world: World
    plain: int
    ours: int
    other: int


@dataclass(frozen=True)
class Turn:
    """Eight clients at each of the three."""

    ours: Told
    same: Told
    row: Told

    @property
    def errors(self) -> list[str]:
        return self.ours.errors + self.same.errors + self.row.errors


class Nurse:
    """One browser."""

    def __init__(self, world: World, number: int) -> None:
        self.world = world
        self.chance = random.Random(number)
        session = world.sessions[number % len(world.sessions)]
        self.cookies = f"{world.cookie}={session}; {world.csrf}={TOKEN}"
        self.line = Line(world.port)

    def ask(self, method: str, address: str, body: str = "") -> int:
        return self.line.ask(method, address, body, self.cookies)

    def save(self) -> int:
        subject = self.chance.choice(self.world.subjects)
        posted = {**ANSWERS, "csrfmiddlewaretoken": TOKEN, "key": secrets.token_urlsafe(18)}
        posted |= {"revision": "", "act": "stay"}
        return self.ask("POST", f"/subjects/{subject}/log/{FORM}/new/", urlencode(posted))

    def read(self) -> int:
        subject = self.chance.choice(self.world.subjects)
        pages = ["/", "/subjects/", f"/subjects/{subject}/", f"/subjects/{subject}/log/{FORM}/"]
        pages += [f"/subjects/{subject}/log/{FORM}/new/", "/queries/", "/calendar/"]
        return self.ask("GET", self.chance.choice(pages))


def timed(told: Told, act: Callable[[], int], expected: tuple[int, ...]) -> None:
    began = time.perf_counter()
    try:
        status = act()
    except OSError as problem:
        told.errors.append(repr(problem))
        return
    told.times.append(time.perf_counter() - began)
    if status not in expected:
        told.errors.append(f"status {status}")


def in_parallel(number: int, work: Callable[[int], None]) -> None:
    threads = [Thread(target=work, args=(each,)) for each in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def nurses_at_work(world: World, nurses: int, seconds: float) -> tuple[Told, Told]:
    """Saves and readings of so many nurses, each of whom thinks in between."""
    saves, reads, end = Told(), Told(), time.monotonic() + seconds

    def work(number: int) -> None:
        nurse = Nurse(world, number)
        time.sleep(nurse.chance.uniform(0, THINK))
        while time.monotonic() < end:
            if nurse.chance.random() < SAVES:
                timed(saves, nurse.save, (302, 303))
            else:
                timed(reads, nurse.read, (200,))
            time.sleep(nurse.chance.expovariate(1 / THINK))

    in_parallel(nurses, work)
    return saves, reads


def without_pause(clients: int, seconds: float, act: Callable[[int], Callable[[], int]],
                  expected: tuple[int, ...], server: int) -> Told:  # fmt: skip
    """Saves of so many clients who do nothing else, at a server by the number of its process."""
    told, end, before = Told(), time.monotonic() + seconds, processor_seconds(server)

    def work(number: int) -> None:
        save = act(number)
        while time.monotonic() < end:
            timed(told, save, expected)

    began = time.perf_counter()
    in_parallel(clients, work)
    told.rate = len(told.times) / (time.perf_counter() - began)
    told.work = (processor_seconds(server) - before) / max(len(told.times), 1)
    return told


def plain_insert(port: int, address: str) -> Callable[[], int]:
    line, body = Line(port), urlencode(ANSWERS)
    return lambda: line.ask("POST", address, body)


def measure(engine: str, nurses: int, seconds: float) -> bool:
    """Measure one engine, print its lines, and say whether every limit is met."""
    with tempfile.TemporaryDirectory() as place, databases(engine, Path(place)) as (own, other):
        data = Path(place) / "data"
        prepared = subprocess.run(
            [sys.executable, HERE / "prepare.py", str(data), str(max(nurses, 8))],
            env={**own, "PILOTAGE_INSECURE": "1"}, check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        told = json.loads(prepared.stdout)
        port, plain_port = free_port(), free_port()
        world = World(port, told["cookie"], told["csrf"], told["sessions"], told["subjects"])
        serve = [sys.executable, "-m", "pilotage", "serve", "lenalidomide_cle"]
        serve += ["--data", str(data), "--port", str(port)]
        minimal = [sys.executable, str(HERE / "minimal.py"), place, str(plain_port)]
        with running(serve, port, own) as ours, running(minimal, plain_port, other) as theirs:
            servers = Servers(world, plain_port, ours, theirs)
            return _told_of(engine, servers, nurses, seconds)


def _told_of(engine: str, servers: Servers, nurses: int, seconds: float) -> bool:
    saves, reads = nurses_at_work(servers.world, nurses, seconds)
    turns = [_turn(servers, seconds / TURNS / 3) for _ in range(TURNS)]
    ours = [time for turn in turns for time in turn.ours.times]
    errors = saves.errors + reads.errors + [words for turn in turns for words in turn.errors]
    share = median(turn.ours.rate / turn.same.rate for turn in turns)
    slow = Told(ours).at(0.99)
    limits = {
        "no error": not errors,
        f"{nurses} nurses, save p99 under 1 s": saves.at(0.99) < 1,
        "8 clients, save p99 at most 100 ms": slow <= 0.1,
        "8 clients, at least 60 % of the minimal application": share >= 0.6,
    }
    print(f"{engine}")
    print(f"  {nurses} nurses: {len(saves.times)} saves, p50 {1000 * saves.at(0.5):.0f} ms, "
          f"p99 {1000 * saves.at(0.99):.0f} ms; {len(reads.times)} pages read, p50 "
          f"{1000 * reads.at(0.5):.0f} ms, p99 {1000 * reads.at(0.99):.0f} ms")  # fmt: skip
    print(f"  8 clients: p99 of a save {1000 * slow:.0f} ms; the median of {TURNS} turns:")
    for words, of in (("save", "ours"), ("the same rows, minimal", "same"), ("one row", "row")):
        each = [getattr(turn, of) for turn in turns]
        rate, work = median(told.rate for told in each), median(told.work for told in each)
        print(f"    {words:<24}{rate:6.0f} a second, {1000 * work:.2f} ms of the processor")
    print(f"  {100 * share:.0f} % of the minimal application, turn by turn")
    for words, met in limits.items():
        print(f"  {'met    ' if met else 'NOT MET'} {words}")
    for words in sorted(set(errors))[:5]:
        print(f"  {errors.count(words)} times {words}")
    return all(limits.values())


def _turn(servers: Servers, seconds: float) -> Turn:
    """Each of the three in its turn, so that all meet the same machine."""
    world, plain = servers.world, servers.plain
    return Turn(
        without_pause(8, seconds, lambda n: Nurse(world, n).save, (302, 303), servers.ours),
        without_pause(8, seconds, lambda _n: plain_insert(plain, "/same/"), (200,), servers.other),
        without_pause(8, seconds, lambda _n: plain_insert(plain, "/row/"), (200,), servers.other),
    )


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    told.add_argument("--nurses", type=int, default=100)
    told.add_argument("--seconds", type=float, default=60)
    told.add_argument("--engine", choices=("sqlite", "postgresql"), action="append")
    asked = told.parse_args()
    engines = asked.engine or ["sqlite", "postgresql"]
    met = [measure(engine, asked.nurses, asked.seconds) for engine in engines]
    sys.exit(not all(met))


if __name__ == "__main__":
    main()
