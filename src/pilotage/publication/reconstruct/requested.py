"""What `pilotage reconstruct` is asked for: one cohort, several, the range of every value."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from pilotage.findings import InputErrors, error
from pilotage.output import all_or_nothing
from pilotage.progress import Silent, Steps
from pilotage.publication.claims import Published
from pilotage.publication.load import load_published
from pilotage.publication.reconstruct.assemble import (
    Cohort,
    document_of,
    find_cohort,
    problem_of,
    tables_of,
    write_cohort,
    write_reconstruction,
    write_tables,
)
from pilotage.publication.reconstruct.budget import Budget
from pilotage.publication.reconstruct.diverse import Diverse, find_diverse
from pilotage.publication.reconstruct.load import load_reconstruction
from pilotage.publication.reconstruct.models import Reconstruction
from pilotage.publication.reconstruct.ranges import Ranges, find_ranges
from pilotage.publication.reconstruct.solve import Solution
from pilotage.publication.reconstruct.space import Space
from pilotage.snapshot.manifest import MANIFEST
from pilotage.study import Study

if TYPE_CHECKING:
    import polars as pl

NAME = "cohort-"
"""The folders of several cohorts are cohort-1, cohort-2 …"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`out`: where to write, if anything; `cohorts`: how many; `limit` seconds, and so many
    `searches`, for everything after the first cohort."""

    out: Path | None
    seed: int
    cohorts: int = 1
    ranges: bool = False
    limit: float | None = None
    searches: int | None = None
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Reconstructed:
    cohort: Cohort
    diverse: Diverse | None = None
    ranges: Ranges | None = None


def reconstruct(study: Study, wanted: Wanted, *, step: Steps | None = None) -> Reconstructed:
    """Find and write what is wanted. Raises InputErrors where a file of the study is mistaken,
    where claims that are followed exclude each other, and where the folder cannot be used."""
    step = step or Silent()
    if wanted.out is not None and wanted.cohorts > 1:
        check_place(wanted.out, wanted.cohorts, replace=wanted.replace)
    if wanted.out is not None and wanted.cohorts == 1 and not wanted.ranges:
        replace, seed = wanted.replace, wanted.seed
        cohort = write_reconstruction(study, wanted.out, seed=seed, replace=replace, step=step)
        return Reconstructed(cohort)
    published = load_published(study)
    work = _Work(study, published, load_reconstruction(study, published), wanted, step)
    step()
    cohort = find_cohort(study, published, work.made, seed=wanted.seed, step=step)
    budget = Budget(wanted.limit, wanted.searches)
    diverse, ranges = None, None
    if wanted.out is not None and wanted.cohorts > 1:
        step()
        diverse = work.several(cohort, wanted.out, budget)
    elif wanted.out is not None:
        step()
        work.one(cohort, wanted.out)
    if wanted.ranges:
        step()
        ranges = work.ranges(cohort, budget)
    return Reconstructed(cohort, diverse, ranges)


@dataclass(frozen=True, slots=True)
class _Work:
    study: Study
    published: Published
    made: Reconstruction
    wanted: Wanted
    step: Steps

    def one(self, cohort: Cohort, folder: Path) -> None:
        write_cohort(
            self.study,
            self.published,
            self.made,
            cohort,
            folder,
            seed=self.wanted.seed,
            replace=self.wanted.replace,
            step=self.step,
        )

    def several(self, cohort: Cohort, folder: Path, budget: Budget) -> Diverse:
        """Each cohort into its own folder, the first one as it is without others."""
        seed, lived = self.wanted.seed, [self._tables(cohort.solution, self.wanted.seed)]

        def usable(solution: Solution) -> bool:
            try:
                lived.append(self._tables(solution, _seed_of(seed, len(lived) + 1)))
            except ValueError:  # the study's rules do not let a subject live this course
                return False
            return True

        diverse = find_diverse(
            self._space(cohort, budget),
            cohort.solution,
            self.wanted.cohorts,
            seed=seed,
            usable=usable,
            progress=self.step.part,
        )
        names = [f"{NAME}{number}" for number in range(1, len(lived) + 1)]
        with all_or_nothing(folder, whole=names) as new:
            for number, (name, tables) in enumerate(zip(names, lived, strict=True), 1):
                self._write(cohort, tables, new / name, number)
        for earlier in sorted(folder.glob(f"{NAME}*")):
            if earlier.name not in names:
                shutil.rmtree(earlier)
        return diverse

    def ranges(self, cohort: Cohort, budget: Budget) -> Ranges:
        space = self._space(cohort, budget)
        first = space.checked(cohort.solution)
        assert first is not None, "the cohort does not meet the claims it was built to meet"
        return find_ranges(space, first, progress=self.step.part)

    def _space(self, cohort: Cohort, budget: Budget) -> Space:
        loose, whole = (
            problem_of(self.study, self.published, self.made, squares=squares)
            for squares in (False, True)
        )
        return Space(loose, whole, cohort.followed, budget)

    def _tables(self, solution: Solution, seed: int) -> "dict[str, pl.DataFrame]":
        return tables_of(self.study, self.published, self.made, solution, seed=seed)

    def _write(
        self, cohort: Cohort, tables: "dict[str, pl.DataFrame]", folder: Path, number: int
    ) -> None:
        seed = self.wanted.seed
        document = document_of(self.study, cohort, seed)
        if number > 1:
            document["cohort"] = number
        write_tables(self.study, self.made, tables, folder, seed=seed, document=document)


def _seed_of(seed: int, number: int) -> int:
    """Chance in the courses of a cohort."""
    return Random(f"{seed} cohort {number}").getrandbits(30)


def check_place(folder: Path, number: int, *, replace: bool) -> None:
    """Raise InputErrors unless the folder is new or empty, or holds nothing but so many cohorts at
    most that may be replaced."""
    if folder.exists() and not folder.is_dir():
        raise InputErrors([error(str(folder), "is a file; name a folder to write to")])
    present = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    if not present:
        return
    foreign = list(_foreign(folder, present, number))
    if foreign:
        words = f"holds {', '.join(foreign)}; several cohorts need a new or an empty folder"
        raise InputErrors([error(str(folder), words)])
    if not replace:
        words = "the folder holds cohorts already; name a new folder, or ask to replace them"
        raise InputErrors([error(str(folder), words)])


def _foreign(folder: Path, present: list[str], number: int) -> Iterator[str]:
    """What is there and is none of the cohorts that are to be written."""
    names = {f"{NAME}{each}" for each in range(1, number + 1)}
    for name in present:
        if name not in names or not (folder / name / MANIFEST).is_file():
            yield name
