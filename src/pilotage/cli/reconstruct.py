"""`pilotage reconstruct`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pilotage.cli.arguments import Seed, StudyName, seconds
from pilotage.cli.places import refuse_among_inputs
from pilotage.terminal import plain_errors, steps

if TYPE_CHECKING:
    from pilotage.publication.reconstruct.ranges import Ranges
    from pilotage.publication.reconstruct.requested import Reconstructed, Wanted
    from pilotage.study import Study

EXAMPLE = "pilotage reconstruct lenalidomide_cle --out snapshot --seed 5"


def reconstruct(
    study: StudyName,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="The folder to write to.")
    ] = None,
    seed: Seed = 5,
    cohorts: Annotated[
        int,
        typer.Option(
            "--cohorts",
            min=1,
            max=100,
            metavar="N",
            help="So many cohorts, far from each other: DIR/cohort-1, DIR/cohort-2 …",
        ),
    ] = 1,
    ranges: Annotated[
        Path | None,
        typer.Option(
            "--ranges",
            metavar="FILE",
            help="The smallest and largest value of every fact over all cohorts, as a .csv or "
            ".json file; needs no --out.",
        ),
    ] = None,
    limit: Annotated[
        float,
        typer.Option(
            "--limit",
            metavar="SECONDS",
            help="For all that is asked for after the first cohort.",
        ),
    ] = 300.0,
    searches: Annotated[
        int | None,
        typer.Option(
            "--searches",
            min=1,
            metavar="N",
            help="For the same; a limit that gives the same on every machine.",
        ),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace what is there.")] = False,
) -> None:
    """Invent subjects who meet what a paper prints.

    Says which of the paper's numbers exclude each other, which of them the study follows, and what
    the cohort does not meet. The cohort is evidence of nothing. With --ranges it says what the
    numbers force: the values that all cohorts share, and how far each other one can go.

    Three cohorts: pilotage reconstruct STUDY --out three --cohorts 3

    What is forced: pilotage reconstruct STUDY --ranges ranges.csv
    """
    from pilotage.publication.reconstruct.requested import Wanted

    with plain_errors():
        seconds("--limit", limit)
        _check(study, out, ranges, cohorts=cohorts, replace=replace)
        wanted = Wanted(out, seed, cohorts, ranges is not None, limit, searches, replace)
        planned, found = _found(study, wanted)
        for line in found.cohort.lines():
            typer.echo(line)
        if found.ranges is not None and ranges is not None:
            _tell_ranges(planned, found.ranges, ranges)
        if found.diverse is not None:
            within = f"{limit:g} s" if searches is None else f"{limit:g} s and {searches} searches"
            for line in found.diverse.lines(within):
                typer.echo(line)
        if out is not None:
            number = len(found.diverse.found) if found.diverse else 1
            each = f"{number} cohorts of " if cohorts > 1 else ""
            words = f"{len(found.cohort.solution)} synthetic subjects, seed {seed}"
            typer.echo(f"{out}: {each}{words}")


def _check(
    study: str, out: Path | None, ranges: Path | None, *, cohorts: int, replace: bool
) -> None:
    """Raise InputErrors for what cannot be done, before anything is."""
    from importlib.util import find_spec

    from pilotage.findings import InputErrors, error
    from pilotage.study import study_folder

    if find_spec("ortools") is None:
        words = "is not installed; this command needs it: pip install 'pilotage[check]'"
        raise InputErrors([error("ortools", words)])
    if out is None and ranges is None:
        words = "name a folder to write to; or a file with --ranges, to write the ranges only"
        raise InputErrors([error("--out", words)])
    if out is None and cohorts > 1:
        raise InputErrors([error("--cohorts", "needs --out, the folder to write them to")])
    if out is not None:
        refuse_among_inputs(out, {"study": study_folder(study)})
    if ranges is not None:
        _check_file(ranges, {"study": study_folder(study)}, out, replace=replace)


def _check_file(file: Path, inputs: dict[str, Path], out: Path | None, *, replace: bool) -> None:
    from pilotage.findings import InputErrors, error

    if file.suffix not in (".csv", ".json"):
        raise InputErrors([error(str(file), "name a file that ends in .csv or .json")])
    if file.is_dir():
        raise InputErrors([error(str(file), "is a folder; name a file")])
    if file.exists() and not replace:
        words = "is there already; name a new file, or ask to replace it with --replace"
        raise InputErrors([error(str(file), words)])
    refuse_among_inputs(file.absolute().parent, inputs)
    if out is not None and out.absolute() in file.absolute().parents:
        words = f"is inside the folder of the cohort ({out}); name a file beside it"
        raise InputErrors([error(str(file), words)])


def _found(study: str, wanted: "Wanted") -> "tuple[Study, Reconstructed]":
    names = ["Study", "Variables", "Verdicts"]
    if wanted.out is not None:
        names += ["Cohorts"] if wanted.cohorts > 1 else ["Subjects", "Writing"]
    with steps(*names, *(["Ranges"] if wanted.ranges else [])) as step:
        from pilotage.output import left_as_it_was
        from pilotage.publication.reconstruct.requested import reconstruct as reconstructed
        from pilotage.study import load_study

        step()
        planned = load_study(study)
        if wanted.out is None:
            return planned, reconstructed(planned, wanted, step=step)
        with left_as_it_was(wanted.out):
            return planned, reconstructed(planned, wanted, step=step)


def _tell_ranges(study: "Study", found: "Ranges", file: Path) -> None:
    """The ranges as lines, and in the file."""
    from pilotage.output import all_or_nothing
    from pilotage.publication import load_published
    from pilotage.publication.reconstruct import load_reconstruction
    from pilotage.publication.reconstruct.assemble import unknowns_of
    from pilotage.publication.reconstruct.ranges.table import Words

    published = load_published(study)
    unknowns = unknowns_of(study, load_reconstruction(study, published))
    words = Words(found, published, unknowns)
    with all_or_nothing(file.parent) as folder:
        text = words.csv() if file.suffix == ".csv" else words.json()
        (folder / file.name).write_text(text, encoding="utf-8")
    for line in words.lines():
        typer.echo(line)
    typer.echo(str(file))
