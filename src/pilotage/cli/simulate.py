"""`pilotage simulate`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pilotage.cli.arguments import StudyName
from pilotage.cli.places import refuse_among_inputs
from pilotage.plural import counted
from pilotage.terminal import INTERRUPTED, counting, plain_errors, say

if TYPE_CHECKING:
    from pilotage.simulation.trials.characteristics import Characteristic
    from pilotage.simulation.trials.results import Rehearsed
    from pilotage.simulation.trials.run import Simulated

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
    rehearsals: Annotated[
        int, typer.Option(metavar="N", help="Whole rehearsals, to count alerts and queries.")
    ] = 0,
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

    Alerts and queries are counted with --rehearsals, in so many whole rehearsals of the same trial:
    some seconds each.

    A run with --out that was interrupted goes on where it was when it is typed again.
    """
    with plain_errors():
        from pilotage.simulation.burdens import check_rehearsals
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
        check_rehearsals(rehearsals, scenario)
        if cluster is not None:
            address_of(cluster)
        settings = settings_of(set_ or ())
        planned = load_study(study)
        refuse_open_errors(planned)
        with _interruptible(out, "the finished blocks"), counting("Trials") as progress:
            done = run(
                planned, trials=trials, seed=seed, subjects=subjects, scenario=scenario,
                settings=settings, workers=workers, cluster=cluster, folder=out,
                progress=progress, tell=say,
            )  # fmt: skip
        rehearsed = _rehearsed(done, rehearsals, workers, out)
        if out is not None:
            with _interruptible(out, "the trials, but not its report"):
                write_results(out, done, rehearsed)
                write_design_report(out, done, rehearsed)
    for each in done:
        _tell(each, rehearsed.get(each.case.name, ()))
    _tell_what_is_missing(done, rehearsals)
    if out is not None:
        typer.echo(f"{out}: {counted(trials, 'trial', grouped=True)}{_each(done)}, seed {seed}")


def _rehearsed(
    done: "list[Simulated]", count: int, workers: int | None, out: Path | None
) -> "Rehearsed":
    """What is counted in so many rehearsals of each scenario."""
    if not count:
        return {}
    from pilotage.simulation.burdens import rehearsals_of, rows_of

    kept = "the trials and the finished rehearsals"
    with _interruptible(out, kept), counting("Rehearsals") as progress:
        found = rehearsals_of(done, count=count, workers=workers, progress=progress)
    return {name: tuple(rows_of(each)) for name, each in found.items()}


@contextmanager
def _interruptible(out: Path | None, kept: str) -> Iterator[None]:
    """Ctrl-C ends the command with a line that says what is left of the run: what is `kept` in the
    folder, if there is one."""
    try:
        yield
    except KeyboardInterrupt:
        left = "nothing was written"
        if out is not None:
            left = f"{out} keeps {kept}; type the same again, and it goes on"
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


REHEARSED = (
    "ALERTS", "ALERTS_OF_TRIAL", "ALERTS_OF_WEEK", "QUERIES", "QUERIES_OF_TRIAL",
    "UNDECIDED_OF_TRIAL", "SLIPS_OF_TRIAL", "SLIPS_LEFT_OF_TRIAL",
)  # fmt: skip
"""What is told of the rehearsals."""


def _tell(done: "Simulated", rehearsed: "Sequence[Characteristic]" = ()) -> None:
    """One scenario, with what was counted in its rehearsals."""
    from pilotage.simulation.design.decisions import plan_of
    from pilotage.simulation.trials.characteristics import characteristics

    looked_at = len(plan_of(done.case.simulation).looks) > 1
    settings = ", ".join(f"{path} = {value:g}" for path, value in done.case.settings.items())
    typer.echo(f"{done.case.name}: {done.case.label}{f' ({settings})' if settings else ''}")
    for row in characteristics(done):
        if row.name in WITH_LOOKS and not (looked_at and row.error != 0):
            continue
        if row.name in MOST_TOLD:
            typer.echo(_line(row))
    if done.trials == 1:
        typer.echo("  one trial does not tell how far another would lie from it: it has no error")
    if rehearsed:
        count = rehearsed[0].rehearsals
        typer.echo(f"  of {counted(count, 'whole rehearsal', grouped=True)}:")
        for row in rehearsed:
            if row.name in REHEARSED:
                typer.echo(_line(row))
        if count == 1:
            typer.echo("  one rehearsal does not tell how far another would lie from it")


def _line(row: "Characteristic") -> str:
    """A number beside its error and, where there is one, the exact number."""
    number = f"{row.value:.4g}"
    if row.error is not None:
        number = f"{number} ± {row.error:.2g}"
    exact = "" if row.exact is None else f" (exactly {row.exact:.4g})"
    return f"  {number:>20}  {row.label}, {row.unit}{exact}"


def _tell_what_is_missing(done: "list[Simulated]", rehearsals: int) -> None:
    """What was neither simulated nor counted; a fixed response is all that there is."""
    if done[0].case.fixed is not None:
        return
    for words in done[0].silent:
        typer.echo(f"not simulated: {words}")
    if not rehearsals:
        words = "alerts and queries; --rehearsals 20 counts them, in so many whole rehearsals"
        typer.echo(f"not counted: {words}")
