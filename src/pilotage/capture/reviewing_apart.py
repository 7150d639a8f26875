"""Reviews made in a process of their own, which takes what the pages leave of the processor.

    python -m pilotage.capture.reviewing_apart

The server starts it, asks through its standard input and reads from its standard output; it ends
with the server, because then its standard input does.
"""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import IO, Any, Final

from pilotage.rules.departures import Review

PATIENT: Final = 10
"""How much the process gives way to others, where the system knows `nice`."""

Made = Mapping[str, tuple[str, Review | None]]
"""The mark and the review of each subject."""


class Apart:
    """The process, started when it is first asked. One thread asks at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def made(self, codes: Sequence[str], day: date) -> Made:
        """Raises OSError or EOFError where the process died; the next question starts another."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "POLARS_MAX_THREADS": "1"},
            )
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            _send(process.stdin, (list(codes), day))
            found: Made = pickle.load(process.stdout)  # noqa: S301 # our own process wrote it
        except (OSError, EOFError, pickle.UnpicklingError) as problem:
            self.end()
            raise EOFError("the process that reviews subjects ended") from problem
        return found

    def end(self) -> None:
        """Stop the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                assert pipe is not None
                pipe.close()


def _send(to: IO[bytes], what: Any) -> None:
    pickle.dump(what, to, protocol=pickle.HIGHEST_PROTOCOL)
    to.flush()


def main() -> None:
    """Answer until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server
    if hasattr(os, "nice"):
        os.nice(PATIENT)
    asked, told = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else is printed is no answer
    import django

    django.setup()
    from django.db import connections

    from pilotage.capture import clock
    from pilotage.capture.playing.rehearsal import time_of_record
    from pilotage.capture.reviewing import made_of

    clock.ask(time_of_record)
    while True:
        try:
            codes, day = pickle.load(asked)  # noqa: S301 # the server wrote it
        except EOFError:
            return
        found = made_of(codes, day)
        connections.close_all()
        with suppress(BrokenPipeError):
            _send(told, found)


if __name__ == "__main__":
    main()
