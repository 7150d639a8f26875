"""The values of one line of JSON, each of the kind that it must be; every mistake is kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from re import compile as pattern
from typing import Any, Final

from pilotage.snapshot.dates import FIRST_YEAR, LAST_YEAR, partial_date

MOST: Final = 2**31 - 1
"""The greatest whole number that a column of the record holds."""

_DAY: Final = pattern(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


@dataclass(slots=True)
class Values:
    """The values of an object; `mistakes` in words. What is wrong reads as empty."""

    found: Mapping[str, Any]
    mistakes: list[str] = field(default_factory=list)

    def text(self, name: str, *, needed: bool = False, most: int | None = None) -> str:
        """A text, of at most so many characters."""
        value = self.found.get(name)
        if isinstance(value, str) and most is not None and len(value) > most:
            self.mistakes.append(f"'{name}' has {len(value)} characters; at most {most} are kept")
            return ""
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

    def whole(
        self, name: str, least: int, otherwise: int | None = None, *, most: int | None = MOST
    ) -> int:
        """A whole number; `most` is None where it goes into no column."""
        value = self.found.get(name, otherwise)
        whole = isinstance(value, int) and not isinstance(value, bool)
        if whole and least <= value and (most is None or value <= most):
            return int(value)
        until = "on" if most is None else f"to {most}"
        self.mistakes.append(f"'{name}' has to be a whole number from {least} {until}")
        return least

    def number(self, name: str, most: int) -> float | None:
        """A number from -most to most; None where there is none."""
        value = self.found.get(name)
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= most:
            return float(value)
        self.mistakes.append(f"'{name}' has to be a number from -{most} to {most}, or null")
        return None

    def day(self, name: str) -> date | None:
        try:
            value = date.fromisoformat(self.found.get(name))  # type: ignore[arg-type]
        except (TypeError, ValueError):
            value = None
        if value is None or not FIRST_YEAR <= value.year <= LAST_YEAR:
            self.mistakes.append(f"'{name}' has to be a day{_years()}, as 2026-03-02")
            return None
        return value

    def partial_day(self, name: str) -> str:
        """The text of a day, of a month or of a year of the calendar."""
        value = self.found.get(name)
        try:
            if isinstance(value, str) and _DAY.fullmatch(value) and partial_date(value):
                return value
        except ValueError:
            pass
        words = f"has to be a day, a month or a year{_years()}, as 2026-03-02, 2026-03 or 2026"
        self.mistakes.append(f"'{name}' {words}")
        return ""

    def moment(self, name: str) -> datetime | None:
        try:
            value = datetime.fromisoformat(self.found.get(name))  # type: ignore[arg-type]
        except (TypeError, ValueError):
            value = None
        if (
            value is None
            or value.utcoffset() != timedelta(0)
            or not FIRST_YEAR <= value.year <= LAST_YEAR
        ):
            words = f"has to be a time in UTC{_years()}, as 2026-03-02T09:14:00Z"
            self.mistakes.append(f"'{name}' {words}")
            return None
        return value

    def only(self, names: Iterable[str]) -> None:
        """Nothing but these may be said."""
        allowed = tuple(sorted(names))
        for name in sorted(set(self.found) - set(allowed)):
            self.mistakes.append(f"'{name}' is not known here{_meant(name, allowed)}")


def _years() -> str:
    return f" of {FIRST_YEAR} to {LAST_YEAR}"


def _meant(word: str, allowed: Iterable[str]) -> str:
    near = get_close_matches(word, tuple(allowed), 1)
    return f"; did you mean '{near[0]}'?" if near else f" (one of: {', '.join(allowed)})"
