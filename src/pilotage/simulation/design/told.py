"""Designs in words: lines for a terminal, and one document for programs."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from pilotage.simulation.design.designs import Design, Designs
from pilotage.simulation.design.watching import By, Chosen
from pilotage.statistics.interim import Look
from pilotage.statistics.rounding import text

NOBODY: Mapping[str, By] = MappingProxyType({})
"""Where it is not told who chose a number."""
RATE = "rate_of_toxicity"
COLUMNS = ("", "n", "type I", "power", "n expected at null", "at alternative", "ends early at null")


def lines(found: Designs, by: Mapping[str, By] = NOBODY) -> Iterator[str]:
    """The designs side by side, then each with its boundaries, what was chosen, by whom (`by`, by
    key), and what follows."""
    question = found.question
    yield (
        f"A success rate of {question.null:g} is not enough, one of {question.alternative:g} is "
        f"to be found with a power of {question.power:g}, and the first accepted at most "
        f"{question.alpha:g} of the times."
    )
    if question.toxicity:
        yield (
            f"Power and sizes are those with a rate of toxicity of {question.toxicity:g}; type I "
            "is that without toxicity, where it is largest."
        )
    for key, value in _asked(found, by).items():
        yield f"  chosen: {key.replace('_', ' ')}: {value:g}{_by(by, key)}"
    every = (*((found.own,) if found.own else ()), *found.found)
    if every:
        yield ""
        yield from _table([COLUMNS, *(_row(design) for design in every)])
    for design in every:
        yield ""
        yield from _told(design, by)
    for why in found.none:
        yield ""
        yield why


def document(found: Designs, by: Mapping[str, By] = NOBODY) -> dict[str, Any]:
    """Everything, unrounded."""
    return {
        "pilotage": 1,
        "chosen": _asked(found, by),
        "chosen_by": dict(by),
        "study": _document(found.own) if found.own else None,
        "designs": [_document(design) for design in found.found],
        "none": list(found.none),
    }


def _document(design: Design) -> dict[str, Any]:
    return {
        "name": design.name,
        "kind": design.kind,
        "source": design.source,
        "chosen": {each.key: each.value for each in design.chosen},
        **({"chosen_by": own} if (own := {c.key: c.by for c in design.chosen if c.by}) else {}),
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
                "rate": at.p, "rate_of_toxicity": at.toxicity, "expected_n": at.expected_n,
                "ends_early": at.early, "accepted": at.accepted, "given_up": at.given_up,
                "too_toxic": at.too_toxic, "bias": at.bias, "coverage_95": at.coverage(),
            }
            for where, at in (
                ("at_null", design.at_null), ("at_alternative", design.at_alternative)
            )
        },
    }  # fmt: skip


def _asked(found: Designs, by: Mapping[str, By]) -> dict[str, float | int]:
    """The numbers of the question, by key; the rate of toxicity where it matters."""
    q = found.question
    asked = {
        "null": q.null, "alternative": q.alternative, "alpha": q.alpha, "power": q.power,
        "largest_n": q.largest_n,
    }  # fmt: skip
    return asked | ({RATE: q.toxicity} if q.toxicity or RATE in by else {})


def _by(by: Mapping[str, By], key: str) -> str:
    if key == "looks" and "first_look" in by:
        first, every = by["first_look"], by["every"]
        return f" ({first})" if first == every else f" (first look: {first}; every: {every})"
    return f" ({by[key]})" if key in by else ""


def _who(each: Chosen, by: Mapping[str, By]) -> str:
    return f" ({each.by})" if each.by else _by(by, each.key)


def boundaries(look: Look, *, last: bool) -> str:
    """What ends the trial at a look, in words."""
    parts = []
    toxicities = "toxicity" if look.toxic_at == 1 else "toxicities"
    successes = "success" if look.accept_at == 1 else "successes"
    if look.toxic_at is not None and look.toxic_at <= look.n:
        parts.append(f"stop with {look.toxic_at} {toxicities} or more")
    if look.accept_at is not None and look.accept_at <= look.n:
        parts.append(f"accept with {look.accept_at} {successes} or more")
    if last and parts:
        parts.append("else give up")
    elif look.give_up_at is not None and look.give_up_at >= 0:
        few = "without a success" if not look.give_up_at else f"with {look.give_up_at} or fewer"
        parts.append(f"give up {few}")
    return ", ".join(parts) or "go on"


def _told(design: Design, by: Mapping[str, By]) -> Iterator[str]:
    yield f"{design.name} ({design.source})"
    last = design.plan.looks[-1]
    for look in design.plan.looks:
        subjects = "subject" if look.n == 1 else "subjects"
        yield f"  after {look.n} {subjects}: {boundaries(look, last=look is last)}"
    for each in design.chosen:
        yield f"  chosen: {each.name}: {_number(each.value)}{_who(each, by)}"
    for name, value in design.derived:
        yield f"  follows: {name}: {_number(value)}"


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
