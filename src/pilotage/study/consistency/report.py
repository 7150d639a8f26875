"""Collects findings about a study, each at the line of the part that it is about."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from pilotage.conditions import Condition, Namespace, check, names_in
from pilotage.findings import Finding, Kind, error
from pilotage.study.names import did_you_mean
from pilotage.study.namespace import namespace
from pilotage.study.places import Lines, Path, place_of, starts_with_any
from pilotage.study.protocol import Protocol, Sourced

_IDS = ("id", "step", "code", "classification", "ladder")
_CHOICES = (("treatment", "ladder"), ("codelists",), ("classifications",), ("relapse",))
_NAMES = (("state",), ("parameters",), ("forms",))

UNDECLARED = "which this study does not declare"
"""The words of `conditions.check` for an unknown name; a plan says which dataset lacks it."""

MOST = 500
"""After so many errors the rest waits: nobody reads on."""


class Enough(Exception):
    """There are `MOST` errors."""


class Report:
    """The protocol under examination, and what was found.

    Nothing is said about a part that the shape of the file was wrong in (`mended`), nor about a
    name that such a part declares.
    """

    def __init__(
        self,
        protocol: Protocol,
        *,
        headings: Collection[str],
        where: Lines,
        mended: Collection[Path] = (),
    ) -> None:
        self.protocol = protocol
        self.headings = headings
        self.findings: list[Finding] = []
        self._where = where
        self._mended = frozenset(mended)
        self._broken = frozenset(
            step.casefold() for path in self._mended for step in path[1:] if isinstance(step, str)
        )

    @cached_property
    def namespace(self) -> Namespace:
        return namespace(self.protocol)

    # -- saying it ---------------------------------------------------------------------------------

    def error(self, path: Path, message: str) -> None:
        """Raises Enough after so many that nobody reads on."""
        if starts_with_any(path, self._mended):
            return
        self.add([error(self._place(path), message)])

    def add(self, findings: Iterable[Finding]) -> None:
        """Raises Enough, as `error` does."""
        for finding in findings:
            self.findings.append(finding)
            if len(self.findings) >= MOST:
                raise Enough

    def warning(self, path: Path, message: str, *, kind: Kind = "file") -> None:
        if not starts_with_any(path, self._mended):
            self.findings.append(Finding("warning", self._place(path), message, kind=kind))

    @contextmanager
    def aside(self) -> Iterator[list[Finding]]:
        """Gather what is found in the block apart from the rest."""
        before, self.findings = self.findings, []
        try:
            yield self.findings
        finally:
            self.findings = before

    def _place(self, path: Path) -> str:
        file = "sap.yaml" if path[:1] == ("sap",) else "protocol.yaml"
        return place_of(self._where, path, file=file)

    # -- what is asked again and again -------------------------------------------------------------

    def known(
        self, path: Path, name: str, names: Iterable[str], message: str, *, declared: Path
    ) -> bool:
        """Is the name among those that the part `declared` declares? If not: error, with the
        nearest. True too where that part is so broken that nobody can know."""
        names = tuple(names)
        if name in names:
            return True
        if self.uncertain(declared) or name.casefold() in self._broken:
            return True
        self.error(path, message + did_you_mean(name, names))
        return False

    def unique(self, paths: Sequence[Path], names: Sequence[Any], what: str) -> None:
        """No name may stand twice; the error is at the second."""
        first: dict[Any, Path] = {}
        for path, name in zip(paths, names, strict=True):
            if name in first:
                place = self._place(first[name])
                self.error(path, f"{what} '{name}' stands here twice, first in {place}")
            else:
                first[name] = path

    def sources(self, path: Path, part: Sourced | Any) -> None:
        """Every source must be the id of a heading of protocol.md."""
        stated = part.source
        if stated is None or not self.headings:
            return
        for at, source in enumerate((stated,) if isinstance(stated, str) else stated):
            if source not in self.headings:
                here: Path = (*path, "source") if isinstance(stated, str) else (*path, "source", at)
                hint = did_you_mean(source, self.headings)
                self.error(here, f"'{source}' is no heading of protocol.md{hint}")

    def condition(
        self,
        path: Path,
        condition: Any,
        subject: str,
        *,
        names: Namespace | None = None,
        undeclared: str = UNDECLARED,
    ) -> None:
        """A condition may use the names of the namespace only, each as what it is."""
        if not isinstance(condition, Condition) or self._depends_on_broken(condition):
            return
        for mistake in check(condition, self.namespace if names is None else names):
            self.error(path, f"{subject} {mistake.replace(UNDECLARED, undeclared)}")

    def _depends_on_broken(self, condition: Condition) -> bool:
        if any(self.uncertain(("protocol", *part)) for part in (*_CHOICES, *_NAMES)):
            return True
        used = {part for name in names_in(condition) for part in name.casefold().split(".")}
        return bool(used & self._broken)

    def uncertain(self, part: Path) -> bool:
        """May a name that the part declares be lost, because its shape was wrong?"""
        return any(
            part[: len(path)] == path
            or (path[: len(part)] == part and path[-1] in _IDS and len(path) > len(part))
            for path in self._mended
        )


def ascending(values: Mapping[Path, float]) -> Iterable[tuple[Path, float, float]]:
    """Path, value and the value before it, wherever a value is not above the one before it."""
    before: float | None = None
    for path, value in values.items():
        if before is not None and value <= before:
            yield path, value, before
        before = value
