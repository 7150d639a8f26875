"""A reconstructed cohort as a snapshot: the solution, the courses, and what they follow."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pilotage.courses.chance import chance
from pilotage.courses.cohort import ALWAYS, table_of
from pilotage.courses.load import load_nature
from pilotage.courses.measures import Measures, Setting
from pilotage.courses.planned import PlannedCourse
from pilotage.findings import InputErrors, error
from pilotage.progress import Silent, Steps
from pilotage.publication.claims import CountClaim, Published
from pilotage.publication.load import FILE as PUBLISHED
from pilotage.publication.load import load_published
from pilotage.publication.reconstruct.conflicts import Conflicts, Verdict, smallest
from pilotage.publication.reconstruct.load import FILE, load_reconstruction
from pilotage.publication.reconstruct.models import Reconstruction, Unknown
from pilotage.publication.reconstruct.plans import Planner
from pilotage.publication.reconstruct.problem import Problem, build
from pilotage.publication.reconstruct.solve import Progress, Solution, solve
from pilotage.snapshot import write_snapshot
from pilotage.study import Study

RECONSTRUCTION = "reconstruction.json"

DEVIATION = ("STUDYID", "DOMAIN", "USUBJID", "DVTERM", "DVDECOD", "DVCAT", "DVSTDTC", "DVSEQ")
"""The columns of DV, which is written without rows too: then there was no deviation."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """Who was invented, and what the paper's numbers allowed. `followed` are the claims that the
    cohort was built to meet."""

    solution: Solution
    followed: tuple[str, ...]
    verdicts: tuple[Verdict, ...]

    def lines(self) -> Iterator[str]:
        """What is followed, and what is not, in words."""
        yield f"{len(self.followed)} claims of the paper are followed"
        notable = [v for v in self.verdicts if v.left or v.excluded_by or v.alone]
        for verdict in notable:
            yield f"{verdict.claim} '{verdict.printed}' {verdict.words}"
        left = [verdict.claim for verdict in self.verdicts if verdict.left]
        yield f"not met: {', '.join(left) or 'none of those considered'}"


def write_reconstruction(
    study: Study, folder: Path, *, seed: int, replace: bool = False, step: Steps | None = None
) -> Cohort:
    """Write a cohort that meets the study's paper as far as its numbers allow.

    Same study and seed, same bytes. Raises InputErrors where a file of the study is mistaken, and
    where claims that are followed exclude each other, with the smallest set of them that does.
    """
    step = step or Silent()
    published = load_published(study)
    made = load_reconstruction(study, published)
    step()
    cohort = find_cohort(study, published, made, seed=seed, step=step)
    step()
    write_cohort(study, published, made, cohort, folder, seed=seed, replace=replace, step=step)
    return cohort


def write_cohort(
    study: Study,
    published: Published,
    made: Reconstruction,
    cohort: Cohort,
    folder: Path,
    *,
    seed: int,
    replace: bool,
    step: Steps,
) -> None:
    """Live the courses of the subjects, and write their tables as a snapshot."""
    tables = tables_of(study, published, made, cohort.solution, seed=seed, progress=step.part)
    step()
    document = document_of(study, cohort, seed)
    write_tables(study, made, tables, folder, seed=seed, replace=replace, document=document)


def write_tables(
    study: Study,
    made: Reconstruction,
    tables: Mapping[str, pl.DataFrame],
    folder: Path,
    *,
    seed: int,
    document: Mapping[str, object],
    replace: bool = False,
) -> None:
    """The tables of a cohort as a snapshot, and beside them which claims it follows."""
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    write_snapshot(
        tables,
        folder,
        study=study.protocol.study.id,
        cut=made.cohort.cut,
        synthetic=True,
        protocol_versions=study.protocol.versions,
        seed=seed,
        replace=replace,
        companions={RECONSTRUCTION: text.encode()},
    )


def find_cohort(
    study: Study,
    published: Published,
    made: Reconstruction,
    *,
    seed: int,
    step: Steps | None = None,
) -> Cohort:
    """The variables of all subjects, and a verdict on each claim for which there is a choice."""
    problem = problem_of(study, published, made, squares=False)
    left = {choice.claim for choice in made.choices if choice.leave}
    followed = tuple(name for name in problem.force if name not in left)
    step = step or Silent()
    solution = solve(problem, followed, seed=seed, progress=step.part)
    if solution is None:
        raise InputErrors([error(FILE, _nothing_found(problem, published, followed))])
    step()
    conflicts = Conflicts(problem, followed)
    return Cohort(solution, followed, conflicts.verdicts(step.part))


def _nothing_found(problem: Problem, published: Published, followed: tuple[str, ...]) -> str:
    """The claims that exclude each other, if that is why there is no cohort."""
    core = smallest(problem, [], followed)
    if core is None:
        return "no cohort was found that meets the claims that are followed; leave some of them"
    named = ", ".join(f"{name} ('{published.claim(name).printed}')" for name in core)
    if not core:
        return "the rules exclude each other: no subject meets all of them"
    return (
        f"these claims of {PUBLISHED} exclude each other under the rules: {named}; "
        "say under 'choices' which of them is left, or how one is read"
    )


def problem_of(
    study: Study, published: Published, made: Reconstruction, *, squares: bool
) -> Problem:
    """The model of the study's paper, with the claims about squares or with their weaker form."""
    subjects = [str(number) for number in range(1, size_of(published, made) + 1)]
    return build(made, published, unknowns_of(study, made), subjects, squares=squares)


def size_of(published: Published, made: Reconstruction) -> int:
    """How many subjects the paper has."""
    claim = published.claim(made.cohort.subjects)
    assert isinstance(claim, CountClaim)
    return claim.value


def unknowns_of(study: Study, made: Reconstruction) -> dict[str, Unknown]:
    """The variables, each with the choices of its item where it names none."""
    found = {}
    for name, unknown in made.variables.items():
        if unknown.item and not (unknown.choices or unknown.values or unknown.range):
            form, _, code = unknown.item.partition(".")
            item = study.protocol.forms[form].items[code]
            codes = study.protocol.codelists.get(item.codelist or "", {})
            choices = ("Y", "N") if item.type == "yes_no" else tuple(codes)
            unknown = unknown.model_copy(update={"choices": choices})
        found[name] = unknown
    return found


def tables_of(
    study: Study,
    published: Published,
    made: Reconstruction,
    solution: Solution,
    *,
    seed: int,
    progress: Progress | None = None,
) -> dict[str, pl.DataFrame]:
    """The tables of the cohort, by SDTM domain."""
    rows: dict[str, list[dict[str, object]]] = {domain: [] for domain in ALWAYS}
    for number, course in enumerate(courses_of(study, published, made, solution, seed=seed), 1):
        for domain, found in course.live().tables().items():
            rows.setdefault(domain, []).extend(found)
        if progress:
            progress(number, len(solution))
    tables = {domain: table_of(domain, found) for domain, found in rows.items()}
    tables.setdefault("dv", pl.DataFrame(schema=dict.fromkeys(DEVIATION, pl.String)))
    return tables


def courses_of(
    study: Study, published: Published, made: Reconstruction, solution: Solution, *, seed: int
) -> list[PlannedCourse]:
    """The courses of all subjects, not yet lived. Chance depends on seed and subject alone."""
    schedule = study.protocol.schedule
    every: Mapping[str, Measures] = dict.fromkeys(study.protocol.forms, Measures())
    planned = frozenset(form for visit in schedule.visits for form in visit.forms)
    setting = Setting(study, load_nature(study), every, planned, schedule.activities)
    planner = Planner(study, published, made, solution, seed)
    return [
        PlannedCourse(setting, planner.plan(values), planner.wording, chance(seed, number))
        for number, values in enumerate(solution, start=1)
    ]


def document_of(study: Study, cohort: Cohort, seed: int) -> dict[str, object]:
    """reconstruction.json: which claims the cohort was built to meet, and which it leaves."""
    return {
        "pilotage": 1,
        "study": study.protocol.study.id,
        "seed": seed,
        "followed": list(cohort.followed),
        "not_followed": [
            {"claim": verdict.claim, "why": verdict.words}
            for verdict in cohort.verdicts
            if verdict.left
        ],
    }
