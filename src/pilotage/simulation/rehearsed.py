"""Do the answers of a rehearsal fit the forms of the study?"""

from collections.abc import Iterator, Sequence
from typing import Final

from pilotage.simulation.model import Rehearsed
from pilotage.study.names import did_you_mean, listed
from pilotage.study.places import Path
from pilotage.study.protocol import Item, Protocol

NUMBERS: Final = ("integer", "number")
PART: Final = "rehearsed"
NEAR_ONE: Final = 0.001
"""Probabilities may miss 1 by so little: three times 0.333 is meant as certain."""


def wrong_answers(protocol: Protocol, rehearsed: Rehearsed) -> Iterator[tuple[Path, str]]:
    """Every mistake, with the part of the file that holds it."""
    for name, choices in rehearsed.answers.items():
        path: Path = (PART, "answers", name)
        item = _item(protocol, name)
        if item is None:
            yield path, _no_item(protocol, name)
        elif item.type in NUMBERS:
            yield path, f"'{name}' is a number; put it under 'numbers'"
        elif item.type not in ("choice", "yes_no", "text"):
            yield (
                path,
                f"'{name}' is a {item.type}; it is not drawn, leave it out",
            )
        else:
            yield from _of_choices(protocol, path, item, list(choices))
        total = sum(choices.values())
        if abs(total - 1) > NEAR_ONE:
            yield path, f"the probabilities of {name} add up to {total:.4g}; they must add up to 1"
    for name, spread in rehearsed.numbers.items():
        path, item = (PART, "numbers", name), _item(protocol, name)
        low, high = spread.range
        if item is None:
            yield path, _no_item(protocol, name)
        elif item.type not in NUMBERS:
            yield path, f"'{name}' is no number; put it under 'answers'"
        elif low > high:
            yield path, f"range is {low:g} to {high:g}; the lower one comes first"
        elif item.range and not (min(item.range) <= low and high <= max(item.range)):
            least, most = sorted(item.range)
            words = f"the range {low:g} to {high:g} is not inside {least:g} to {most:g}"
            yield path, f"{words}, which the form expects"


def _item(protocol: Protocol, name: str) -> Item | None:
    form, _, code = name.partition(".")
    found = protocol.forms.get(form)
    return found.items.get(code) if found and not found.repeating else None


def _no_item(protocol: Protocol, name: str) -> str:
    items = [
        f"{code}.{item}"
        for code, form in protocol.forms.items()
        for item in form.items
        if not form.repeating
    ]
    hint = did_you_mean(name, items)
    return f"'{name}' is no item of a form that is filled at a contact{hint}"


def _of_choices(
    protocol: Protocol, path: Path, item: Item, given: Sequence[str]
) -> Iterator[tuple[Path, str]]:
    if item.type == "text":
        return
    codes = protocol.codelists.get(item.codelist or "", {})
    allowed = ("Y", "N") if item.type == "yes_no" else tuple(codes)
    for answer in given:
        if answer not in allowed:
            words = f"'{answer}' is no answer here; allowed are {listed(allowed)}"
            yield (*path, answer), words
