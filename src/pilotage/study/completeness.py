"""The facts that the protocol leaves open."""

from collections.abc import Iterator

from pydantic import BaseModel

from pilotage.findings import Finding
from pilotage.study.places import Lines, Path, owner_words, parts, place_of


def not_stated(model: BaseModel, path: Path, *, where: Lines, file: str) -> list[Finding]:
    """A note for every fact that is `not stated`, whether that is written or nothing is.

    `path` is the way from the study to the model: ("protocol",) or ("sap",).
    """
    notes: list[Finding] = []
    for here in not_stated_parts(model, path):
        owner = owner_words(here[1:-1], file=file)
        place_text = place_of(where, here, file=file)
        words = f"'{here[-1]}' of {owner} is not stated"
        notes.append(Finding("note", place_text, words, kind="not-stated"))
    return notes


def not_stated_parts(model: BaseModel, path: Path) -> Iterator[Path]:
    """The way to each fact that is `not stated`."""
    for here, place, value in parts(model, path):
        if value == "not stated" and place.may_be_not_stated():
            yield here
