"""The life of a subject as one self-contained HTML file: no script, light and dark, printable."""

import re
from collections.abc import Sequence
from importlib.resources import files

from pilotage.explain.model import Day, Entry, Life, Period, Source
from pilotage.explain.words import capital, inputs_words
from pilotage.report.html import filled, style_sheet
from pilotage.report.words import Words
from pilotage.rules import Input
from pilotage.rules.advice import UNNAMED
from pilotage.study import Study

COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
MANY = 4
"""Parts that are shown at once; more are behind a line that opens."""


def page(life: Life, study: Study, drawing: tuple[str, str]) -> str:
    """The page. `drawing` is the curve as SVG and the words that stand for it."""
    from markupsafe import Markup

    templates = files("pilotage.explain") / "templates"
    svg, told = drawing

    def values(inputs: Sequence[Input]) -> list[str]:
        return inputs_words(inputs, study.namespace)

    return filled(
        templates / "life.html",
        life=life,
        style=style_sheet(templates / "life.css"),
        words=Words(),
        svg=Markup(COMMENT.sub("", svg)),
        told=told,
        values=values,
        is_period=lambda each: isinstance(each, Period),
        capital=capital,
        counted=counted,
        visible=_visible,
        headings=headings(life),
        versions=versions(life),
    )


def _visible(entry: Entry) -> bool:
    """Is what the entry says short enough to stand open?"""
    return len(entry.parts) <= MANY


def counted(day: Day) -> str:
    """`day 29, week 4`."""
    said = [] if day.study_day is None else [f"day {str(day.study_day).replace('-', '−')}"]
    said += [] if day.week is None else [f"week {day.week}"]
    return ", ".join(said)


def headings(life: Life) -> list[Source]:
    """The headings of the protocol that are cited, each once, in their order. One that a decision
    may not name is not named here either."""
    found: dict[str, Source] = {}
    for entry in (entry for day in (*life.days, life.now) for entry in day.entries):
        for source in (*entry.sources, *(s for part in entry.parts for s in part.sources)):
            if source.id not in found or source.heading == UNNAMED:
                found[source.id] = source
    return [found[id_] for id_ in sorted(found)]


def versions(life: Life) -> str:
    """The versions of the protocol that were in force on the days that are told."""
    return ", ".join(dict.fromkeys(day.version for day in life.days if day.version)) or "none"
