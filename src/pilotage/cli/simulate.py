"""`pilotage simulate`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pilotage.cli.arguments import StudyName
from pilotage.cli.places import refuse_among_inputs
from pilotage.terminal import counting, plain_errors, say

if TYPE_CHECKING:
    from pilotage.simulation.run import Simulated

EXAMPLE = "pilotage simulate lenalidomide_cle --trials 10000 --seed 1"


def simulate(
    study: StudyName,
    trials: Annotated[int, typer.Option(metavar="N", help="Number of trials.")] = 1000,
    subjects: Annotated[
        int | None,
        typer.Option(metavar="N", help="Subjects of a trial, else as simulation.yaml says."),
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Same seed, same bytes.")] = 1,
    scenario: Annotated[
        str, typer.Option(metavar="NAME", help="A scenario or grid of simulation.yaml.")
    ] = "base",
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Another true value; may be repeated."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="The folder to write to.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(metavar="N", help="Threads; all cores if left out.", show_default=False),
    ] = None,
) -> None:
    """Simulate trials under the study's own rules.

    simulation.yaml says how trials run, synthetic.yaml what their subjects are like. Doses, visits,
    stops and tapers are decided by the study's decision tables. Every number stands beside its
    Monte-Carlo standard error; the subjects are invented, and nothing is shown about the drug.
    """
    with plain_errors():
        from pilotage.simulation.refusals import refuse_open_errors, settings_of
        from pilotage.simulation.results import write_results
        from pilotage.simulation.run import check_numbers
        from pilotage.simulation.run import simulate as run
        from pilotage.study import load_study, study_folder

        if out is not None:
            refuse_among_inputs(out, {"study": study_folder(study)})
        check_numbers(trials=trials, seed=seed, subjects=subjects, workers=workers)
        settings = settings_of(set_ or ())
        planned = load_study(study)
        refuse_open_errors(planned)
        with counting("Trials") as progress:
            done = run(
                planned, trials=trials, seed=seed, subjects=subjects, scenario=scenario,
                settings=settings, workers=workers, folder=out, progress=progress, tell=say,
            )  # fmt: skip
        if out is not None:
            write_results(out, done)
    for each in done:
        _tell(each)
    if done[0].case.fixed is None:
        for words in done[0].silent:
            typer.echo(f"not simulated: {words}")
    if out is not None:
        typer.echo(f"{out}: {trials:,} trials{_each(done)}, seed {seed}")


def _each(done: "list[Simulated]") -> str:
    return f" of each of {len(done)} scenarios" if len(done) > 1 else ""


MOST_TOLD = ("SUCCESSES", "RELAPSED", "STOPPED", "TOX", "DROPPED_OUT", "EVENTS", "VISITS",
             "SAMPLES", "UNKNOWN_DECISIONS", "DURATION_DAYS")  # fmt: skip
"""What is told of each scenario here; the files have all of it."""


def _tell(done: "Simulated") -> None:
    from pilotage.simulation.results import characteristics

    settings = ", ".join(f"{path} = {value:g}" for path, value in done.case.settings.items())
    typer.echo(f"{done.case.name}: {done.case.label}{f' ({settings})' if settings else ''}")
    for row in characteristics(done):
        if row.name in MOST_TOLD and not (done.case.fixed is not None and row.name != "SUCCESSES"):
            number = f"{row.value:.4g} ± {row.error:.2g}"
            typer.echo(f"  {number:>20}  {row.label}, {row.unit}")
