"""What every layout needs: the plan, the datasets, the results, and their shared words."""

import math
from dataclasses import dataclass

import polars as pl

from pilotage.datasets import Datasets
from pilotage.datasets.adsl import screen_failure
from pilotage.report import formats
from pilotage.report.codes import Codes, codes_of
from pilotage.report.lookup import Lookup
from pilotage.report.notes import Notes
from pilotage.report.words import Words
from pilotage.study import Study
from pilotage.study.protocol import Label
from pilotage.study.sap import Analysis, Output

MOST_PLACES = 6

MONTHS = ("TRTDURM", "FUPDURM")
"""Durations in months, of whole days: one decimal is all that they allow, of a mean too."""

MOST = 0.9
"""So many of the values of a column decide with how many decimals all are written."""


@dataclass(frozen=True, slots=True)
class Context:
    study: Study
    datasets: Datasets
    results: Lookup
    words: Words

    @property
    def stamp(self) -> str:
        """What every drawing of invented data bears, since figures travel alone; else nothing."""
        return self.words("synthetic_mark") if self.datasets.synthetic else ""

    def text(self, label: Label) -> str:
        return self.study.text(label, self.words.language)

    def analysis(self, name: str) -> Analysis:
        return next(a for a in self.study.sap.analyses if a.id == name)

    def populations(self, output: Output) -> list[str]:
        """The populations of the output's analyses, in the plan's order."""
        used = {p for name in output.analyses for p in self.analysis(name).populations}
        return [p for p in self.study.sap.populations if p in used]

    def size(self, population: str) -> int:
        return self.datasets.adsl.filter(pl.col(population) == "Y").height

    def enrolled(self) -> pl.Expr:
        """Is a row of ADSL an enrolled subject? As the plan's population of those enrolled says;
        without one everybody but the screen failures who had no dose."""
        planned = self.study.sap.populations.items()
        flag = next((name for name, each in planned if each.rule == "enrolled"), None)
        if flag is not None:
            return (pl.col(flag) == "Y").fill_null(False)
        treated = pl.col("TRTONGFL").is_not_null()
        return ~screen_failure(self.datasets.adsl.columns) | treated

    def population_name(self, population: str) -> str:
        return self.text(self.study.sap.populations[population].label)

    def population_head(self, population: str) -> str:
        """'Treated (n = 15)'."""
        return f"{self.population_name(population)} ({formats.size(self.size(population))})"

    def codes(self, variable: str, parameter: str | None = None) -> Codes:
        return codes_of(self.study, self.words, variable, parameter)

    def number_of(self, output: Output) -> str:
        """'Table 1.2', from the identifier T1.2."""
        kind = {"T": "table", "F": "figure", "L": "listing", "S": "section"}[output.id[0]]
        return f"{self.words(kind)} {output.id[1:]}"

    def notes(self, output: Output) -> Notes:
        """The footnotes that the plan gives the output; the layout adds its own."""
        notes = Notes()
        for note in output.footnotes:
            notes.add(self.text(note))
        return notes

    def places(self, dataset: str, variable: str, parameter: str | None = None) -> int:
        """With how many decimals the values of a variable are written: those they need, at most 2,
        or what gives two digits to a value in the middle of them."""
        frame = self.datasets.named()[dataset.lower()]
        if variable not in frame.columns:
            return 0
        if parameter is not None and "PARAMCD" in frame.columns:
            frame = frame.filter(pl.col("PARAMCD") == parameter)
        return places(frame[variable].cast(pl.Float64, strict=False))


def places(values: pl.Series) -> int:
    """The decimals that the values need, at most 2; more where the values are small."""
    known = values.drop_nulls()
    for digits in (0, 1):
        if known.is_empty() or _written_with(known, digits).all():
            return digits
    return min(max(2, _two_digits(known)), MOST_PLACES)


def most_places(values: pl.Series) -> int:
    """The decimals that nearly all values need, at most 2: a single 4.96 does not make every 14 a
    14.00. Where they need more, what gives two digits to a value in the middle of them."""
    known = values.drop_nulls()
    for digits in (0, 1, 2):
        exact = _written_with(known, digits)
        if exact.all() or (exact.sum() >= MOST * len(known) and digits >= _two_digits(known)):
            return digits
    return min(max(0, _two_digits(known)), MOST_PLACES)


def _written_with(values: pl.Series, digits: int) -> pl.Series:
    """Is so many decimals all that a value has?"""
    shifted = values * float(10**digits)
    return (shifted.round() - shifted).abs() < 1e-6


def _two_digits(values: pl.Series) -> int:
    """The decimals that give two digits to a value in the middle of those that are not 0."""
    middle = values.abs().filter(values != 0).median()
    assert isinstance(middle, float)
    return 1 - math.floor(math.log10(middle))
