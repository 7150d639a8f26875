"""The facts that the protocol leaves open."""

from pydantic import BaseModel

from pilotage.findings import Finding, note
from pilotage.study.places import Lines, Path, owner_words, parts, place_of


def not_stated(model: BaseModel, path: Path, *, where: Lines, file: str) -> list[Finding]:
    """A note for every fact that is `not stated`, whether that is written or nothing is.

    `path` is the way from the study to the model: ("protocol",) or ("sap",).
    """
    notes: list[Finding] = []
    for here, place, value in parts(model, path):
        if value != "not stated" or not place.may_be_not_stated():
            continue
        owner = owner_words(here[1:-1], file=file)
        place_text = place_of(where, here, file=file)
        notes.append(note(place_text, f"'{here[-1]}' of {owner} is not stated"))
    return notes
