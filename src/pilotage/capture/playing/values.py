"""The values of one line of JSON, each of the kind that it must be; every mistake is kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import Any


@dataclass(slots=True)
class Values:
    """The values of an object; `mistakes` in words. What is wrong reads as empty."""

    found: Mapping[str, Any]
    mistakes: list[str] = field(default_factory=list)

    def text(self, name: str, *, needed: bool = False) -> str:
        value = self.found.get(name)
        if (value is None and not needed) or (isinstance(value, str) and (value or not needed)):
            return value or ""
        self.mistakes.append(f"'{name}' has to be {'a' if needed else 'left out, or a'} text")
        return ""

    def one_of(self, name: str, words: Iterable[str]) -> str:
        value, allowed = self.text(name, needed=True), tuple(words)
        if value and value not in allowed:
            self.mistakes.append(f"'{name}' is '{value}'{_meant(value, allowed)}")
            return ""
        return value

    def whole(self, name: str, least: int, otherwise: int | None = None) -> int:
        value = self.found.get(name, otherwise)
        if isinstance(value, int) and not isinstance(value, bool) and value >= least:
            return value
        self.mistakes.append(f"'{name}' has to be a whole number from {least} on")
        return least

    def day(self, name: str) -> date | None:
        try:
            return date.fromisoformat(self.found.get(name))  # type: ignore[arg-type]
        except (TypeError, ValueError):
            self.mistakes.append(f"'{name}' has to be a day, as 2026-03-02")
            return None

    def moment(self, name: str) -> datetime | None:
        try:
            value = datetime.fromisoformat(self.found.get(name))  # type: ignore[arg-type]
        except (TypeError, ValueError):
            value = None
        if value is None or value.utcoffset() != timedelta(0):
            self.mistakes.append(f"'{name}' has to be a time in UTC, as 2026-03-02T09:14:00Z")
            return None
        return value

    def only(self, names: Iterable[str]) -> None:
        """Nothing but these may be said."""
        allowed = tuple(sorted(names))
        for name in sorted(set(self.found) - set(allowed)):
            self.mistakes.append(f"'{name}' is not known here{_meant(name, allowed)}")


def _meant(word: str, allowed: Iterable[str]) -> str:
    near = get_close_matches(word, tuple(allowed), 1)
    return f"; did you mean '{near[0]}'?" if near else f" (one of: {', '.join(allowed)})"
