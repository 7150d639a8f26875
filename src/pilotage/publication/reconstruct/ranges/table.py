"""Ranges as lines for a reader, and as a table for a file."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from pilotage.publication.claims import Published
from pilotage.publication.reconstruct.models import Unknown
from pilotage.publication.reconstruct.ranges.model import Range, Ranges
from pilotage.study.protocol import text_of

COLUMNS = (
    *("SUBJECTS", "WHAT", "NAME", "LABEL", "CHOICE", "UNIT"),
    *("LOW", "HIGH", "LEAST", "MOST", "FILE_LOW", "FILE_HIGH", "STATUS"),
)


@dataclass(frozen=True, slots=True)
class Words:
    """Says what was found, in the labels of the study's files."""

    ranges: Ranges
    published: Published
    unknowns: Mapping[str, Unknown]

    # -- for a reader -----------------------------------------------------------------------------

    def lines(self) -> Iterator[str]:
        """What the claims and rules force or narrow, first what is forced; then how much that is of
        how much. What they leave as open as the study's file has it stands in the table only."""
        told = list(self._told())
        for words, groups in (("everybody", self._of_all(1)), ("nobody", self._of_all(0))):
            if groups:
                yield f"forced: {words} is in: {'; '.join(groups.values())}"
        yield from (line for status, line in told if status == "forced")
        yield from (line for status, line in told if status != "forced")
        yield from self.summary()

    def summary(self) -> Iterator[str]:
        found, ranges = self.ranges.found, self.ranges
        open_ = ranges.number("not proved")
        narrowed = sum(each.is_narrowed or each.status == "forced" for each in found)
        yield (
            f"{len(found)} facts: {ranges.number('forced')} forced, "
            f"{ranges.number('proved')} with a proved range, {open_} not proved; "
            f"{narrowed} of them narrower than the study's own file has them"
        )
        end = "" if ranges.in_time else "; the limit came first"
        yield f"from {ranges.cohorts} cohorts and {ranges.searches} searches{end}"

    def _of_all(self, share: int) -> dict[str, str]:
        """Groups of the paper in which, in every cohort, everybody is (1) or nobody (0)."""
        groups: dict[str, list[Range]] = {}
        for found in self.ranges.found:
            if found.quantity.is_group:
                groups.setdefault(found.quantity.name, []).append(found)
        return {
            name: self.label(each[0])
            for name, each in groups.items()
            if all(one.least == one.most == share * len(one.quantity.members) for one in each)
        }

    def _told(self) -> Iterator[tuple[str, str]]:
        """Status and line of everything that is narrower than the study's file has it. The choices
        of one subject are told together, and groups that are the same for all not once more."""
        same = self._of_all(0) | self._of_all(1)
        for (sort, _, members), some in groupby(self.ranges.found, _key):
            each = list(some)
            if sort == "count" and len(members) == 1 and not each[0].quantity.is_group:
                yield from self._choices(each)
                continue
            for found in each:
                if found.is_narrowed and not (
                    found.quantity.is_group and found.quantity.name in same
                ):
                    yield found.status, self._line(found)

    def _line(self, found: Range) -> str:
        quantity = found.quantity
        who, label = self.who(quantity.members), self.label(found)
        if quantity.sort == "count":
            what = label if quantity.choice is None else f"{label} {quantity.choice}"
            if len(quantity.members) == 1:
                return self._ended(f"{who}: {what}:", _yes_or_no(found), found)
            return self._ended(f"how many of {who}: {what}:", _between(found, ""), found)
        names = {"lowest": "the lowest", "highest": "the highest"}
        extreme = f"{names[quantity.sort]} " if quantity.sort in names else ""
        whose = f"{who}: " if len(quantity.members) == 1 else f"each of {who}: "
        if extreme:
            whose = f"{who}: "
        unit = self.unknowns[quantity.name].unit or ""
        return self._ended(f"{whose}{extreme}{label}", _between(found, unit), found)

    def _choices(self, each: list[Range]) -> Iterator[tuple[str, str]]:
        """One subject and a variable with choices."""
        possible = [found.quantity.choice or "" for found in each if found.high]
        open_ = [found.quantity.choice or "" for found in each if found.most and not found.high]
        if len(each) == len(possible):
            return
        first = each[0]
        head = f"{self.who(first.quantity.members)}: {self.label(first)}"
        listed = " or ".join(possible)
        if open_:
            seen = f"{_were(', '.join(possible), len(possible))} found"
            other = " or ".join(open_)
            yield "not proved", f"{head}: {seen}, no cohort with {other} was; {self._not_proved}"
        elif len(possible) == 1:
            yield "forced", f"forced: {head} is {listed}"
        else:
            yield "proved", f"{head} is {listed} (proved)"

    def _ended(self, head: str, what: str, found: Range) -> str:
        """A range that is not proved is told as what was found and what is excluded: no "is", which
        would read as forced."""
        if found.status == "forced":
            return f"forced: {head} {what}"
        if found.status == "proved":
            return f"{head} {what} (proved)"
        head = head if head.endswith(":") else f"{head}:"
        excluded = f"nothing outside {found.least} to {found.most} is possible"
        return f"{head} {self._seen(found)} found; {excluded}; {self._not_proved}"

    def _seen(self, found: Range) -> str:
        """The ends that some cohort has: "4 and 16 points were"."""
        quantity = found.quantity
        unit = None if quantity.sort == "count" else self.unknowns[quantity.name].unit
        ends = [str(end) for end in dict.fromkeys((found.low, found.high))]
        return _were(f"{' and '.join(ends)}{f' {unit}' if unit else ''}", len(ends))

    @property
    def _not_proved(self) -> str:
        """Why: the limit of the command came first, or each search for it came to its own."""
        return f"not proved further{'' if self.ranges.in_time else ' within the limit'}"

    def who(self, members: tuple[int, ...]) -> str:
        names = [self.ranges.subjects[at] for at in members]
        return f"subject {names[0]}" if len(names) == 1 else f"subjects {', '.join(names)}"

    def label(self, found: Range) -> str:
        name = found.quantity.name
        if found.quantity.is_group:
            return text_of(self.published.groups[name].label)
        return text_of(self.unknowns[name].label)

    # -- for a file -------------------------------------------------------------------------------

    def csv(self) -> str:
        """One row per fact. LOW and HIGH some cohort has; below LEAST and above MOST none has."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(row.values() for row in self.rows())
        return out.getvalue()

    def json(self) -> str:
        """The same rows, and how they were found."""
        found = {
            "pilotage": 1,
            "cohorts": self.ranges.cohorts,
            "searches": self.ranges.searches,
            "in_time": self.ranges.in_time,
            "facts": [{name.lower(): value for name, value in row.items()} for row in self.rows()],
        }
        return json.dumps(found, indent=1, ensure_ascii=False) + "\n"

    def rows(self) -> Iterator[dict[str, str | int]]:
        for found in self.ranges.found:
            quantity = found.quantity
            unit = "" if quantity.sort == "count" else self.unknowns[quantity.name].unit
            values = (
                " ".join(self.ranges.subjects[at] for at in quantity.members),
                quantity.sort,
                quantity.name,
                self.label(found),
                quantity.choice or "",
                unit or "",
                found.low,
                found.high,
                found.least,
                found.most,
                quantity.domain[0],
                quantity.domain[-1],
                found.status,
            )
            yield dict(zip(COLUMNS, values, strict=True))


def _key(found: Range) -> tuple[str, str, tuple[int, ...]]:
    return found.quantity.sort, found.quantity.name, found.quantity.members


def _between(found: Range, unit: str) -> str:
    unit = f" {unit}" if unit else ""
    if found.low == found.high:
        return f"is {found.low}{unit}"
    return f"lies between {found.low} and {found.high}{unit}"


def _were(what: str, number: int) -> str:
    return f"{what} {'was' if number == 1 else 'were'}"


def _yes_or_no(found: Range) -> str:
    if found.low != found.high:
        return "yes or no"
    return "yes" if found.low else "no"
