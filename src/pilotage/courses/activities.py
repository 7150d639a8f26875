"""The forms that the table of activities asks for on a day, and that are not filled yet."""

from collections.abc import Mapping

from pilotage.conditions import Condition, holds, names_in
from pilotage.courses.permission import with_dates
from pilotage.rules import Standing, Value
from pilotage.study.protocol import ActivityTable


def asked_for(
    table: ActivityTable,
    standing: Standing,
    filled: Mapping[str, int],
    day: int,
    *,
    visit: bool,
) -> list[str]:
    """The forms of the rows that hold; not what was filled since the answer that asks for it.
    `filled` has the last day on which each form was filled. What is to be done again after some
    days waits for a visit."""
    state, found = with_dates(standing, day), []
    since_dates = {
        name for name, known in standing.protocol.state.items() if known.derivation == "days since"
    }
    for row in table.rows:
        if not isinstance(row.when, Condition):
            continue
        values = {name: state.get(name) for name in names_in(row.when)}
        if not visit:
            values |= dict.fromkeys(since_dates & values.keys())
        if holds(row.when, values) is not True:
            continue
        since = _last_answer(row.when, values, standing)
        if since is None or filled.get(row.form, -1000) < since:
            found.append(row.form)
    return found


def _last_answer(when: Condition, values: Mapping[str, Value], standing: Standing) -> int | None:
    """The day of the last of the answers without which the condition would not hold; None where
    something else than an answer is among them."""
    needed = [name for name in values if holds(when, {**values, name: None}) is not True]
    given = [standing.answers[name][1] for name in needed if name in standing.answers]
    return max(given, default=0) if len(given) == len(needed) else None
