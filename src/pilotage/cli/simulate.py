"""`pilotage simulate`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pilotage.cli.arguments import StudyName
from pilotage.cli.places import refuse_among_inputs
from pilotage.terminal import counting, plain_errors, say

if TYPE_CHECKING:
    from pilotage.simulation.trials.run import Simulated

EXAMPLE = "pilotage simulate lenalidomide_cle --trials 10000 --seed 1"
INTERRUPTED = 130
"""As a shell says of a command that was ended by Ctrl-C."""


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
    cluster: Annotated[
        str | None,
        typer.Option(metavar="WHERE", help="A Ray cluster: auto, or ray://HOST:PORT."),
    ] = None,
) -> None:
    """Simulate trials under the study's own rules.

    simulation.yaml says how trials run, synthetic.yaml what their subjects are like. Doses, visits,
    stops and tapers are decided by the study's decision tables. Every number stands beside its
    Monte-Carlo standard error; the subjects are invented, and nothing is shown about the drug.

    A run with --out that was interrupted goes on where it was when it is typed again.
    """
    with plain_errors():
        from pilotage.simulation.design_report import write_design_report
        from pilotage.simulation.refusals import refuse_open_errors, settings_of
        from pilotage.simulation.trials.cluster import address_of
        from pilotage.simulation.trials.plans import check_numbers
        from pilotage.simulation.trials.results import write_results
        from pilotage.simulation.trials.run import simulate as run
        from pilotage.study import load_study, study_folder

        if out is not None:
            refuse_among_inputs(out, {"study": study_folder(study)})
        check_numbers(trials=trials, seed=seed, subjects=subjects, workers=workers)
        if cluster is not None:
            address_of(cluster)
        settings = settings_of(set_ or ())
        planned = load_study(study)
        refuse_open_errors(planned)
        with _interruptible(out), counting("Trials") as progress:
            done = run(
                planned, trials=trials, seed=seed, subjects=subjects, scenario=scenario,
                settings=settings, workers=workers, cluster=cluster, folder=out,
                progress=progress, tell=say,
            )  # fmt: skip
        if out is not None:
            write_results(out, done)
            write_design_report(out, done)
    for each in done:
        _tell(each)
    if done[0].case.fixed is None:
        for words in done[0].silent:
            typer.echo(f"not simulated: {words}")
    if out is not None:
        typer.echo(f"{out}: {trials:,} trials{_each(done)}, seed {seed}")


@contextmanager
def _interruptible(out: Path | None) -> Iterator[None]:
    """Ctrl-C ends the command with a line that says what is left of the run."""
    try:
        yield
    except KeyboardInterrupt:
        left = "nothing was written"
        if out is not None:
            left = f"{out} keeps the finished blocks; type the same again, and it goes on"
        say(f"interrupted: {left}")
        raise typer.Exit(INTERRUPTED) from None


def _each(done: "list[Simulated]") -> str:
    return f" of each of {len(done)} scenarios" if len(done) > 1 else ""


WITH_LOOKS = ("EARLY", "N", "BIAS")
MOST_TOLD = (
    "ACCEPTED", *WITH_LOOKS, "COVERAGE_95", "SUCCESSES", "RELAPSED", "STOPPED", "TOX",
    "DROPPED_OUT", "EVENTS", "VISITS", "SAMPLES", "UNKNOWN_DECISIONS", "DURATION_DAYS",
)  # fmt: skip
"""What is told of each scenario here, some of it where trials are looked at before their end; the
files have all of it."""


def _tell(done: "Simulated") -> None:
    from pilotage.simulation.design.decisions import plan_of
    from pilotage.simulation.trials.characteristics import characteristics

    looked_at = len(plan_of(done.case.simulation).looks) > 1
    settings = ", ".join(f"{path} = {value:g}" for path, value in done.case.settings.items())
    typer.echo(f"{done.case.name}: {done.case.label}{f' ({settings})' if settings else ''}")
    for row in characteristics(done):
        if row.name in WITH_LOOKS and not (looked_at and row.error != 0):
            continue
        if row.name in MOST_TOLD:
            number = f"{row.value:.4g}"
            if row.error is not None:
                number = f"{number} ± {row.error:.2g}"
            exact = "" if row.exact is None else f" (exactly {row.exact:.4g})"
            typer.echo(f"  {number:>20}  {row.label}, {row.unit}{exact}")
    if done.trials == 1:
        typer.echo("  one trial does not tell how far another would lie from it: it has no error")
