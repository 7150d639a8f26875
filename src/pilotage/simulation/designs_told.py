"""Designs in words: lines for a terminal, and one document for programs."""

from collections.abc import Iterator
from typing import Any

from pilotage.simulation.designs import Design, Designs
from pilotage.statistics.interim import Look
from pilotage.statistics.rounding import text

COLUMNS = ("", "n", "type I", "power", "n expected at null", "at alternative", "ends early at null")


def lines(found: Designs) -> Iterator[str]:
    """The designs side by side, then each with its boundaries, what was chosen and what follows."""
    question = found.question
    yield (
        f"A success rate of {question.null:g} is not enough, one of {question.alternative:g} is "
        f"to be found with a power of {question.power:g}, and the first accepted at most "
        f"{question.alpha:g} of the times."
    )
    if question.toxicity:
        yield f"The chance of a toxicity is taken as {question.toxicity:g}."
    yield ""
    if found.found:
        yield from _table([COLUMNS, *(_row(design) for design in found.found)])
    for design in found.found:
        yield ""
        yield from _told(design)
    for why in found.none:
        yield ""
        yield why


def document(found: Designs) -> dict[str, Any]:
    """Everything, unrounded."""
    question = found.question
    return {
        "pilotage": 1,
        "chosen": {
            "null": question.null, "alternative": question.alternative, "alpha": question.alpha,
            "power": question.power, "largest_n": question.largest_n,
            "toxicity": question.toxicity,
        },
        "designs": [
            {
                "name": design.name,
                "kind": design.kind,
                "source": design.source,
                "chosen": dict(design.chosen),
                "derived": dict(design.derived),
                "looks": [
                    {"n": look.n, "accept_at": look.accept_at, "give_up_at": look.give_up_at,
                     "toxic_at": look.toxic_at}
                    for look in design.plan.looks
                ],
                "type_1_error": design.type_1_error,
                "power": design.power,
                **{
                    where: {
                        "rate": at.p, "expected_n": at.expected_n, "ends_early": at.early,
                        "accepted": at.accepted, "given_up": at.given_up,
                        "too_toxic": at.too_toxic, "bias": at.bias, "coverage_95": at.coverage(),
                    }
                    for where, at in (
                        ("at_null", design.at_null), ("at_alternative", design.at_alternative)
                    )
                },
            }
            for design in found.found
        ],
        "none": list(found.none),
    }  # fmt: skip


def boundaries(look: Look, *, last: bool) -> str:
    """What ends the trial at a look, in words."""
    parts = []
    if look.toxic_at is not None and look.toxic_at <= look.n:
        parts.append(f"stop with {look.toxic_at} toxicities or more")
    if look.accept_at is not None and look.accept_at <= look.n:
        parts.append(f"accept with {look.accept_at} successes or more")
    if last and parts:
        parts.append("else give up")
    elif look.give_up_at is not None and look.give_up_at >= 0:
        few = "without a success" if not look.give_up_at else f"with {look.give_up_at} or fewer"
        parts.append(f"give up {few}")
    return ", ".join(parts) or "go on"


def _told(design: Design) -> Iterator[str]:
    yield f"{design.name} ({design.source})"
    last = design.plan.looks[-1]
    for look in design.plan.looks:
        yield f"  after {look.n} subjects: {boundaries(look, last=look is last)}"
    for title, numbers in (("chosen", design.chosen), ("follows", design.derived)):
        for name, value in numbers:
            yield f"  {title}: {name}: {_number(value)}"


def _row(design: Design) -> tuple[str, ...]:
    null, alternative = design.at_null, design.at_alternative
    return (
        design.name,
        str(design.plan.n),
        text(design.type_1_error, 3),
        text(design.power, 3),
        text(null.expected_n, 1),
        text(alternative.expected_n, 1),
        text(null.early, 3),
    )


def _table(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[at]) for row in rows) for at in range(len(COLUMNS))]
    for row in rows:
        first = row[0].ljust(widths[0])
        yield "  ".join(
            [first, *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))]
        )


def _number(value: float | int | str) -> str:
    return text(value, 4) if isinstance(value, float) and value != round(value, 4) else str(value)
