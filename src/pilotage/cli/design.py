"""`pilotage design`."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from pilotage.terminal import plain_errors, steps

if TYPE_CHECKING:
    from pilotage.progress import Steps
    from pilotage.simulation.design.choices import Choices
    from pilotage.simulation.design.designs import Designs
    from pilotage.simulation.model import Simulation

EXAMPLE = "pilotage design --null 0.2 --alternative 0.5"


def design(
    study: Annotated[
        str | None,
        typer.Argument(
            metavar="STUDY",
            help="Its simulation.yaml answers what no option does.",
            show_default=False,
        ),
    ] = None,
    null: Annotated[
        float | None,
        typer.Option("--null", metavar="RATE", help="A success rate not worth more trials."),
    ] = None,
    alternative: Annotated[
        float | None, typer.Option("--alternative", metavar="RATE", help="A rate to be found.")
    ] = None,
    alpha: Annotated[
        float | None,
        typer.Option("--alpha", metavar="CHANCE", help="To accept the first, at most; else 0.05."),
    ] = None,
    power: Annotated[
        float | None,
        typer.Option("--power", metavar="CHANCE", help="To accept the second, at least; else 0.8."),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option("--kind", metavar="KIND", help="exact, simon, bayes, or all; else all."),
    ] = None,
    largest: Annotated[
        int | None,
        typer.Option(
            "--largest-n", min=2, max=1000, metavar="N", help="No more subjects; else 100."
        ),
    ] = None,
    first: Annotated[
        int | None,
        typer.Option("--first-look", min=1, metavar="N", help="Bayes: subjects before it; else 5."),
    ] = None,
    every: Annotated[
        int | None,
        typer.Option("--every", min=1, metavar="N", help="Bayes: subjects between looks; else 5."),
    ] = None,
    futility: Annotated[
        float | None,
        typer.Option(
            "--futility", metavar="P", help="Bayes: give up below this P(rate > null); else 0.1."
        ),
    ] = None,
    toxic: Annotated[
        tuple[float, float] | None,
        typer.Option(
            "--toxic",
            metavar="LIMIT P",
            help="Bayes: stop where P(toxicity > LIMIT) is at least P.",
        ),
    ] = None,
    toxicity: Annotated[
        float | None,
        typer.Option("--toxicity", metavar="RATE", help="Its rate, for power and sizes; else 0."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document, unrounded.")] = False,
) -> None:
    """Search size and boundaries of a trial for stated errors.

    Side by side: the exact trial without looks, Simon's two stages, and a Bayesian trial with
    looks; with STUDY the kind of design that it declares, beside its trial as it stands. Every
    number says whether it was chosen, and where, or follows from the errors. Exact, by the binomial
    distribution; nothing is simulated.
    """
    with plain_errors(), steps("Search") as step:
        from pilotage.simulation.design.choices import Options, choices

        step()
        simulation = _simulation(study)
        said = Options(
            null, alternative, alpha, power, kind, largest, first, every, futility, toxic, toxicity
        )
        chosen = choices(said, simulation)
        found = _found(chosen, simulation, step)
    from pilotage.simulation.design.told import document, lines

    if as_json:
        typer.echo(json.dumps(document(found, chosen.by), indent=1, ensure_ascii=False))
    else:
        for line in lines(found, chosen.by):
            typer.echo(line)
    if not found.found:
        raise typer.Exit(1)


def _simulation(study: str | None) -> "Simulation | None":
    if study is None:
        return None
    from pilotage.simulation.load import load_simulation
    from pilotage.study import load_study

    return load_simulation(load_study(study))[0]


def _found(chosen: "Choices", simulation: "Simulation | None", step: "Steps") -> "Designs":
    """The designs. Raises InputErrors for a question that no trial can answer."""
    from dataclasses import replace

    from pilotage.findings import InputErrors, error
    from pilotage.simulation.design.designs import design_of, designs

    try:
        found = designs(chosen.question, chosen.watching, kinds=chosen.kinds, progress=step.part)
        if simulation is None:
            return found
        return replace(found, own=design_of(simulation, chosen.question))
    except ValueError as problem:
        raise InputErrors([error("design", str(problem))]) from None
