"""What the study's rules let happen to a planned subject: entry, and the supply of drug."""

from collections import ChainMap
from typing import cast

from pilotage.rules import Standing, State, Value, check_eligibility, decide_any
from pilotage.rules.state import days_between


def check_eligible(standing: Standing, subject: str) -> None:
    """Raise ValueError unless every criterion is known to be passed before the first dose."""
    answers = check_eligibility(standing.protocol.eligibility, standing.state(1))
    if wrong := [answer.criterion.id for answer in answers if not answer.passed]:
        raise ValueError(f"{subject} may not enter: {', '.join(wrong)} is not passed")


def blocked(standing: Standing, day: int) -> str | None:
    """Why the study's rules let no drug be handed out on this day; None where they do."""
    table = standing.protocol.dispensing
    blocks = decide_any(table, with_dates(standing, day)) if table else ()
    return blocks[0].reason if blocks else None


def with_dates(standing: Standing, day: int) -> State:
    """The state of the day, and the days since what has a date of its own."""
    since: dict[str, Value] = {
        name: days_between(standing.answers[variable.of][1], day)
        for name, variable in standing.protocol.state.items()
        if variable.derivation == "days since" and variable.of in standing.answers
    }
    return ChainMap(since, cast(dict[str, Value], standing.state(day)))


def departures(standing: Standing, day: int) -> list[str]:
    """The rules of the study's table of deviations that are known to hold."""
    table = standing.protocol.deviations
    found = decide_any(table, standing.state(day)) if table else ()
    return [decision.reason for decision in found if decision.known]
