"""Stretches of time in which every visit found and decided the same as the one before."""

from collections.abc import Iterator, Sequence

from pilotage.explain.model import Day, Entry, Period
from pilotage.explain.words import number_words
from pilotage.plural import counted
from pilotage.rules import Input

LEAST = 3
"""So many days alike after the first are told in one line."""

QUIET = ("state", "visit", "response", "dose", "stopping", "dispensing", "activity", "deviation")
"""What a quiet day may hold. Anything else is told."""


def with_periods(days: Sequence[Day], *, least: int = LEAST) -> tuple[Day | Period, ...]:
    """The days in their order; where at least `least` follow a day and say the same, they are one
    period. The first of such days is told in full: the reasons stand there."""
    story: list[Day | Period] = []
    for run in _runs(days):
        if len(run) > least:
            story += [run[0], Period(tuple(run[1:]), _summary(run[1:]))]
        else:
            story += run
    return tuple(story)


def _runs(days: Sequence[Day]) -> Iterator[list[Day]]:
    run: list[Day] = []
    for day in days:
        if run and not (_quiet(day) and _quiet(run[0]) and day.sameness == run[0].sameness):
            yield run
            run = []
        run.append(day)
    if run:
        yield run


def _quiet(day: Day) -> bool:
    return day.week is not None and all(entry.kind in QUIET for entry in day.entries)


def _summary(days: Sequence[Day]) -> str:
    """`weeks 12 to 48: 9 visits likewise; complete response; SCORE 0 to 1; 5 mg QD kept`."""
    first, last = days[0].week, days[-1].week
    when = f"week {first}" if first == last else f"weeks {first} to {last}"
    noun = "visit" if all(_visited(day) for day in days) else "day"
    said = [entry.short for entry in days[0].entries if entry.short and entry.kind != "visit"]
    values = [_values(days)] if _values(days) else []
    response = [e.short for e in days[0].entries if e.kind == "response" and e.mark != "unknown"]
    others = [each for each in said if each not in response]
    return (
        f"{when}: {counted(len(days), noun)} likewise; {'; '.join([*response, *values, *others])}"
    )


def _visited(day: Day) -> bool:
    return any(entry.kind == "visit" for entry in day.entries)


def _values(days: Sequence[Day]) -> str:
    """The lowest and the highest value of what the response is judged by."""
    found = [each for day in days for each in _judged(day.entries)]
    numbers = [each.value for each in found if isinstance(each.value, int | float)]
    if not numbers:
        return ""
    low, high = (number_words(end(numbers)) for end in (min, max))
    return f"{found[0].name} {low if low == high else f'{low} to {high}'}"


def _judged(entries: Sequence[Entry]) -> list[Input]:
    return [e.inputs[0] for e in entries if e.kind == "response" and e.inputs and not e.mark]
