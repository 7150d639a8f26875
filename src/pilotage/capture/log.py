"""What the server logs: what happened and where in the program, never what somebody typed.

A line holds the text that a programmer wrote, not the values put into it; of an error its kind and
the places in the code that led there, not its message, since that may quote an entry; of a request
its verb, the name of its route and the status, not its address.
"""

import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path

OURS = "pilotage"
"""Loggers of this name say their whole line: it is written so that it holds no data."""


class Discreet(logging.Formatter):
    """One line for a record; for an error one more for each place in the code."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        parts = [at, record.levelname, record.name, _words(record), _request(record)]
        line = " ".join(part for part in parts if part)
        if record.exc_info and record.exc_info[0] is not None:
            line += "\n" + _places(record.exc_info)
        return line


def _words(record: logging.LogRecord) -> str:
    if record.name.partition(".")[0] == OURS:
        return " ".join(record.getMessage().split())
    if record.args:  # then the message is a template, and the values stay out
        return " ".join(str(record.msg).split())
    return f"{Path(record.pathname).name}:{record.lineno}"


def _request(record: logging.LogRecord) -> str:
    request = getattr(record, "request", None)
    if request is None:
        return ""
    match = getattr(request, "resolver_match", None)
    route = (match.view_name or match.route) if match else "no such page"
    return f"{request.method} [{route}] {getattr(record, 'status_code', '')}".rstrip()


def _places(error: tuple[object, ...]) -> str:
    kind, _, trace = error
    name = getattr(kind, "__qualname__", "error")
    frames = traceback.extract_tb(trace)  # type: ignore[arg-type]
    return "\n".join([f"  {name}", *(f"    {f.filename}:{f.lineno} {f.name}" for f in frames)])
