"""All cohorts of a tiny study, one after the other: what a search must find, counted out by hand.

Written without a solver and without the code under test: claims are checked with `statistics` and
`Decimal`, subjects are told apart or exchanged by sorting their rows.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from random import Random
from statistics import median, stdev
from typing import Any

from reconstruct_examples import claim, paper, reconstruction

from pilotage.publication.claims import Published
from pilotage.publication.reconstruct.budget import Budget
from pilotage.publication.reconstruct.models import Reconstruction
from pilotage.publication.reconstruct.problem import build
from pilotage.publication.reconstruct.space import Space

Row = tuple[str, int]
"""ILL and SCORE of one subject."""

Test = Callable[[Sequence[Row]], bool]

Said = tuple[dict[str, Any], Test]
"""A claim, and what it says of a cohort."""


@dataclass(frozen=True)
class Tiny:
    """So many subjects with a choice and a score up to `top`, the claims, and what they say."""

    subjects: int
    top: int
    claims: tuple[dict[str, Any], ...]
    tests: tuple[Test, ...]
    rules: tuple[Mapping[str, Any], ...] = ()

    @property
    def named(self) -> tuple[int, ...]:
        """The subject that the paper numbers; it numbers number 3."""
        return (2,) if self.subjects > 2 else ()

    def cohorts(self) -> Iterator[tuple[Row, ...]]:
        rows = list(product("YN", range(self.top + 1)))
        for cohort in product(rows, repeat=self.subjects):
            if all(test(cohort) for test in self.tests):
                yield cohort

    def different(self) -> set[tuple[object, ...]]:
        """The cohorts, those that are the same after an exchange of subjects once."""
        return {self.shape(cohort) for cohort in self.cohorts()}

    def shape(self, cohort: Sequence[Row]) -> tuple[object, ...]:
        rest = sorted(row for at, row in enumerate(cohort) if at not in self.named)
        return (*(cohort[at] for at in self.named), *rest)

    def space(self, **limits: Any) -> Space:
        made = self.made()
        published = self.published()
        unknowns = {name: made.variables[name] for name in ("SEEN", "ILL", "SCORE")}
        subjects = [str(number) for number in range(1, self.subjects + 1)]
        loose, whole = (
            build(made, published, unknowns, subjects, squares=squares) for squares in (False, True)
        )
        followed = tuple(name for name in loose.force if name != "R-01")
        return Space(loose, whole, followed, Budget(**limits))

    def published(self) -> Published:
        return paper(*self.claims)

    def made(self) -> Reconstruction:
        variables = {
            "SEEN": {"label": "Seen", "choices": ["Y"]},
            "ILL": {"label": "Ill", "choices": ["Y", "N"]},
            "SCORE": {"label": "Score", "range": [0, self.top], "unit": "points"},
            "LATER": {"label": "Score later", "range": [0, 1]},
            "DAY": {"label": "Days", "range": [1, 2], "unit": "days"},
        }
        return reconstruction(variables=variables, rules=list(self.rules), blocks=[["SCORE"]])


def printed(value: float, digits: int) -> Decimal:
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def scores(cohort: Sequence[Row], group: str) -> list[int]:
    return [score for ill, score in cohort if group == "all" or (ill == "Y") == (group == "ill")]


# -- claims, each with what it says ----------------------------------------------------------------


def count(name: str, value: int, group: str) -> Said:
    said = claim(name, "count", str(value), value=value, group=group)
    return said, lambda cohort: len(scores(cohort, group)) == value


def mean(name: str, text: str, group: str) -> Said:
    said = claim(name, "mean", text, value=float(text), group=group, variable="SCORE", at="start")

    def test(cohort: Sequence[Row]) -> bool:
        own = scores(cohort, group)
        return bool(own) and _divided(sum(own), len(own), text)

    return said, test


def sd(name: str, text: str, group: str) -> Said:
    said = claim(name, "sd", text, value=float(text), group=group, variable="SCORE", at="start")

    def test(cohort: Sequence[Row]) -> bool:
        own = scores(cohort, group)
        return len(own) > 1 and printed(stdev(own), _digits(text)) == Decimal(text)

    return said, test


def middle(name: str, text: str, group: str) -> Said:
    said = claim(name, "median", text, value=float(text), group=group, variable="SCORE", at="start")

    def test(cohort: Sequence[Row]) -> bool:
        own = scores(cohort, group)
        return bool(own) and printed(median(own), _digits(text)) == Decimal(text)

    return said, test


def span(name: str, low: int, high: int, group: str) -> Said:
    said = claim(
        name, "range", f"{low} to {high}", low=low, high=high, group=group, variable="SCORE",
        at="start",
    )  # fmt: skip

    def test(cohort: Sequence[Row]) -> bool:
        own = scores(cohort, group)
        return bool(own) and (min(own), max(own)) == (low, high)

    return said, test


def third_is_ill(name: str) -> Said:
    return claim(name, "all", "number 3", group="ill", of="third"), lambda c: c[2][0] == "Y"


def _divided(total: int, n: int, text: str) -> bool:
    """Half up, of the exact quotient."""
    unit = Decimal(1).scaleb(-_digits(text))
    low, high = Decimal(text) - unit / 2, Decimal(text) + unit / 2
    return low * n <= total < high * n


def _digits(text: str) -> int:
    return len(text.partition(".")[2])


def drawn(random: Random) -> Tiny:
    """Claims about a cohort that is drawn first, so that they can be met."""
    subjects, top = random.choice([(2, 6), (3, 4), (4, 2)])
    cohort = [(random.choice("YN"), random.randint(0, top)) for _ in range(subjects)]
    said: list[Said] = []
    for at, group in enumerate(("all", "ill", "well")):
        own, name = scores(cohort, group), f"R-{at}"
        if random.random() < 0.4:
            said.append(count(f"{name}1", len(own), group))
        if own and random.random() < 0.3:
            said.append(middle(f"{name}2", str(printed(median(own), 1)), group))
        if own and random.random() < 0.3:
            said.append(span(f"{name}3", min(own), max(own), group))
        if own and random.random() < 0.5:
            digits = random.choice([0, 1, 2])
            said.append(mean(f"{name}4", str(printed(sum(own) / len(own), digits)), group))
            if len(own) > 1 and stdev(own) and random.random() < 0.7:
                said.append(sd(f"{name}5", str(printed(stdev(own), random.choice([1, 2]))), group))
    if subjects > 2 and cohort[2][0] == "Y" and random.random() < 0.5:
        said.append(third_is_ill("R-99"))
    claims, tests = zip(*said, strict=True) if said else ((), ())
    return Tiny(subjects, top, tuple(claims), tuple(tests))
