"""Trials on a Ray that a test starts: the same bytes, also where its processes die."""

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from simulated_clusters import AT, NAME, SEED, files, free_port, written
from simulated_studies import study

from pilotage.simulation.trials import cluster
from pilotage.simulation.trials.run import simulate


@contextmanager
def ray_of_two(token: str) -> Iterator[tuple[int, int]]:
    """A Ray with two processes: the process that started it, and its port."""
    port = free_port()
    place = tempfile.mkdtemp(prefix="ray-", dir="/tmp")
    words = [
        "start", "--head", "--block", "--num-cpus=2", "--port=0", "--include-dashboard=false",
        "--disable-usage-stats", f"--ray-client-server-port={port}", f"--temp-dir={place}",
        "--object-store-memory=100000000", "--node-ip-address=127.0.0.1",
    ]  # fmt: skip
    environment = {**os.environ, "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": token}
    said = Path(place, "said.txt")
    with said.open("w") as output:
        head = subprocess.Popen(
            [Path(sys.executable).parent / "ray", *words], env=environment,
            stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
    try:
        until = time.monotonic() + 60
        while "Ray runtime started" not in said.read_text() or not listens(port):
            assert head.poll() is None, said.read_text()
            assert time.monotonic() < until
            time.sleep(0.05)
        yield head.pid, port
    finally:
        for process in (*below(head.pid), head.pid):
            end(process)
        head.wait(timeout=20)
        shutil.rmtree(place, ignore_errors=True)


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def end(process: int) -> None:
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return


def below(process: int) -> dict[int, str]:
    """The processes that come from one, with their command lines."""
    parents, lines = {}, {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            found = (place / "stat").read_text()
            lines[int(place.name)] = (place / "cmdline").read_text(errors="replace")
        except OSError:
            continue
        parents[int(place.name)] = int(found.rpartition(")")[2].split()[1])
    inside = {process}
    while more := {each for each, parent in parents.items() if parent in inside} - inside:
        inside |= more
    return {each: lines[each] for each in inside - {process} if each in lines}


def killed(process: int, name: str) -> int:
    """End every process below one whose name begins so; how many there were."""
    found = [each for each, line in below(process).items() if name in line]
    for each in found:
        end(each)
    return len(found)


MANY = 160_000
PATIENT = 240
"""Seconds; on a machine with other work Ray starts slowly, and that is no matter of these tests."""


@pytest.mark.slow
def test_two_processes_of_ray_give_the_same_bytes_as_one_thread_also_where_they_die(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = secrets.token_hex(32)
    monkeypatch.setenv("RAY_AUTH_MODE", "token")
    monkeypatch.setenv("RAY_AUTH_TOKEN", token)
    monkeypatch.setenv("RAY_CLIENT_RECONNECT_GRACE_PERIOD", "2")
    monkeypatch.setattr(cluster, "ANSWER_SECONDS", PATIENT)
    written(tmp_path / "one", trials=MANY)
    with ray_of_two(token) as (head, port):
        at = f"{AT}:{port}"
        said = written(tmp_path / "two", trials=MANY, at=at)
        assert said == [f"--cluster {at}: 8 blocks by 2 processes"]
        assert files(tmp_path / "two") == files(tmp_path / "one")

        # the processes die with their blocks, and Ray begins these again; then all of it dies
        dead: list[int] = []

        def dies(done: int, of: int) -> None:
            if not dead and done:
                dead.append(killed(head, "ray::make"))
            elif len(dead) == 1 and done >= of / 4:
                dead.append(killed(head, "ray"))

        told: list[str] = []
        simulate(
            study(NAME), trials=MANY, seed=SEED, cluster=at, folder=tmp_path / "died",
            progress=dies, tell=told.append,
        )  # fmt: skip
        assert dead[0] >= 1
        assert "the trials that are missing are simulated here" in told[0]
        made = re.search(r": (\d) blocks by \d process(es)?$", told[1])
        assert made is not None
        assert 2 <= int(made[1]) < 8
        assert trials(tmp_path / "died") == trials(tmp_path / "one")


def trials(folder: Path) -> dict[str, bytes]:
    return files(folder / "trials")


@pytest.mark.slow
def test_auto_starts_a_ray_of_its_own_where_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "START_SECONDS", PATIENT)
    # else Ray would leave a token in the home folder
    monkeypatch.setenv("RAY_AUTH_MODE", "token")
    monkeypatch.setenv("RAY_AUTH_TOKEN", secrets.token_hex(32))
    written(tmp_path / "one", trials=40_000)
    said = written(tmp_path / "auto", trials=40_000, at="auto")
    assert said[-1].startswith("--cluster auto: 2 blocks by ")
    assert files(tmp_path / "auto") == files(tmp_path / "one")
