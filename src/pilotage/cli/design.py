"""`pilotage design`."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from pilotage.terminal import plain_errors, steps

if TYPE_CHECKING:
    from pilotage.progress import Steps
    from pilotage.simulation.designs import Designs, Kind

EXAMPLE = "pilotage design --null 0.2 --alternative 0.5"


def design(
    null: Annotated[
        float, typer.Option("--null", metavar="RATE", help="A success rate not worth more trials.")
    ],
    alternative: Annotated[
        float, typer.Option("--alternative", metavar="RATE", help="A rate that must be found.")
    ],
    alpha: Annotated[
        float, typer.Option("--alpha", metavar="CHANCE", help="To accept the first, at most.")
    ] = 0.05,
    power: Annotated[
        float, typer.Option("--power", metavar="CHANCE", help="To accept the second, at least.")
    ] = 0.8,
    kind: Annotated[
        str, typer.Option("--kind", metavar="KIND", help="exact, simon, bayes, or all.")
    ] = "all",
    largest: Annotated[
        int, typer.Option("--largest-n", min=2, max=500, metavar="N", help="No more subjects.")
    ] = 100,
    first: Annotated[
        int, typer.Option("--first-look", min=1, metavar="N", help="Bayes: subjects before it.")
    ] = 5,
    every: Annotated[
        int, typer.Option("--every", min=1, metavar="N", help="Bayes: subjects between looks.")
    ] = 5,
    futility: Annotated[
        float,
        typer.Option("--futility", metavar="P", help="Bayes: give up below this P(rate > null)."),
    ] = 0.1,
    toxic: Annotated[
        tuple[float, float] | None,
        typer.Option(
            "--toxic",
            metavar="LIMIT P",
            help="Bayes: stop where P(toxicity > LIMIT) is at least P.",
        ),
    ] = None,
    toxicity: Annotated[
        float, typer.Option("--toxicity", metavar="RATE", help="The toxicity that is assumed.")
    ] = 0.0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document, unrounded.")] = False,
) -> None:
    """Search size and boundaries of a trial for stated errors.

    Side by side: the exact trial without looks, Simon's two stages, and a Bayesian trial with
    looks. Every number says whether it was chosen or follows from the errors. Exact, by the
    binomial distribution; nothing is simulated.
    """
    with plain_errors(), steps("Search") as step:
        step()
        found = _found(
            (null, alternative, alpha, power, largest, toxicity),
            (first, every, futility, toxic),
            _kinds(kind),
            step,
        )
    from pilotage.simulation.designs_told import document, lines

    if as_json:
        typer.echo(json.dumps(document(found), indent=1, ensure_ascii=False))
    else:
        for line in lines(found):
            typer.echo(line)
    if not found.found:
        raise typer.Exit(1)


def _found(
    question: tuple[float, float, float, float, int, float],
    watching: tuple[int, int, float, tuple[float, float] | None],
    kinds: "tuple[Kind, ...]",
    step: "Steps",
) -> "Designs":
    """The designs. Raises InputErrors for a question that no trial can answer."""
    from pilotage.findings import InputErrors, error
    from pilotage.simulation.designs import Question, Watching, designs

    first, every, futility, toxic = watching
    try:
        return designs(
            Question(*question),
            Watching(first, every, futility=futility, toxic=toxic),
            kinds=kinds,
            progress=step.part,
        )
    except ValueError as problem:
        raise InputErrors([error("design", str(problem))]) from None


def _kinds(named: str) -> "tuple[Kind, ...]":
    from typing import get_args

    from pilotage.findings import InputErrors, error
    from pilotage.simulation.designs import Kind

    every: tuple[Kind, ...] = get_args(Kind)
    if named == "all":
        return every
    if found := tuple(kind for kind in every if kind == named):
        return found
    words = f"'{named}' is no kind of design; write {', '.join(every)} or all"
    raise InputErrors([error("--kind", words)])
