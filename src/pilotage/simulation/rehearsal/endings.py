"""The end of treatment or participation of an invented subject, on the form that asks for it."""

from typing import Final

from pilotage.courses.endings import reasons_asked
from pilotage.study.protocol import Protocol

COMPLETED: Final = "COMPLETED"
LOST: Final = "LOST TO FOLLOW-UP"


def on_its_form(protocol: Protocol, row: dict[str, object]) -> dict[str, object]:
    """A row of DS with the category of the form on which a site writes it down.

    A study may ask on several forms how something ended, told apart by category. The end of the
    follow-up goes to the last of those whose list of answers has the reason, any other to the
    first. The row stays as it is where a form asks without a category, no list has the reason, or
    it has a category already.
    """
    asked = list(reasons_asked(protocol))
    told = {name for target, _ in asked for name, _ in target.where}
    if any(not target.where for target, _ in asked) or told & row.keys():
        return row
    having = [target for target, codes in asked if row.get("DSDECOD") in codes]
    if not having:
        return row
    target = having[-1 if row["DSDECOD"] == COMPLETED else 0]
    return {**row, **dict(target.where)}


def end_of_participation(protocol: Protocol, reason: str) -> dict[str, object] | None:
    """What a site writes when a subject leaves before the end of the follow-up: the reason, else
    that it is over, on the last form that asks how something ended. None where that form has
    neither among its answers, and where one form asks about all of it."""
    asked = list(reasons_asked(protocol))
    if not asked or (len(asked) == 1 and reason != LOST):
        return None
    target, codes = asked[-1]
    code = next((code for code in (reason, COMPLETED) if code in codes), None)
    if code is None or (reason == LOST and code != LOST):
        return None
    return {"DSTERM": code, "DSDECOD": code, **dict(target.where)}
