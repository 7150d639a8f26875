"""A comparison as one self-contained HTML file: no script, light and dark, printable."""

from collections.abc import Sequence
from importlib.resources import files

from pilotage.amendments.comparison import Comparison
from pilotage.amendments.consequences import SECTIONS, by_section
from pilotage.amendments.model import MATTERS
from pilotage.amendments.past import Difference
from pilotage.amendments.text import (
    NOTHING_ELSE,
    by_matter,
    counts,
    headline,
    how_many,
    past_words,
    place,
    study_words,
)
from pilotage.report.html import filled, style_sheet
from pilotage.report.words import Words

FIRST = 12
"""So many differences of a section stand open; the rest is behind a line that opens."""


def page(found: Comparison) -> str:
    """The page. Every text is escaped."""
    from markupsafe import Markup

    templates = files("pilotage.amendments") / "templates"

    def differences(some: Sequence[Difference]) -> Markup:
        return Markup(filled(templates / "differences.html", some=some))

    return filled(
        templates / "diff.html",
        found=found,
        title=f"What changes in {found.new.protocol.study.id}",
        old=study_words(found.old),
        new=study_words(found.new),
        style=style_sheet(templates / "diff.css"),
        words=Words(),
        counts=counts(found),
        matters=list(by_matter(found.changes)),
        matter_words=MATTERS,
        headline=headline,
        place=place,
        past_words=past_words(found.data) if found.data else "",
        nothing_else=f"{NOTHING_ELSE}.".capitalize(),
        sections=list(by_section(found.past or ())),
        section_words=SECTIONS,
        how_many=how_many,
        differences=differences,
        first=FIRST,
    )
