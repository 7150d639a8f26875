"""What stands under every output: who is counted, how, how numbers are rounded, of which data."""

from dataclasses import replace
from typing import TypeVar

import polars as pl

from pilotage.report import formats
from pilotage.report.context import Context
from pilotage.report.kinds import SHOWN
from pilotage.report.layouts.change_table import population_of
from pilotage.report.layouts.subjects import enrolled
from pilotage.report.model import Figure, Note, Part
from pilotage.study.sap import Output

P = TypeVar("P", bound=Part)

OF_ALL = ("deviations", "adverse event listing", "laboratory listing", "flow")
OF_ENROLLED = ("subjects", "narratives")
"""Layouts without analyses that do not look at the treated subjects."""

DIGITS = 16
"""Characters of a digest that tell two studies apart; the whole of it stands at the end."""


def stamped(part: P, output: Output, context: Context) -> P:
    """The part with a last footnote that says where it comes from."""
    first, *others = _sentences(output, context)
    # figures name the population that they show themselves
    said = isinstance(part, Figure) and any(n.text.startswith(_named(context)) for n in part.notes)
    sentences = others if said else (first, *others)
    note = Note(" ".join(f"{sentence}." for sentence in sentences))
    return replace(part, notes=(*part.notes, note))


def _named(context: Context) -> str:
    return context.words("shown_in", population="").rstrip(".")


def _sentences(output: Output, context: Context) -> list[str]:
    words = context.words
    said = [words("stamp_population", who=_who(output, context))]
    if methods := methods_of(output, context):
        said.append(words("stamp_method", method="; ".join(methods)))
    said.append(words("stamp_rounding", rule=words("rounding_rule")))
    cut = formats.day(context.datasets.data_cut)
    return [*said, words("stamp_data", cut=cut, digest=context.study.digest[:DIGITS])]


def _who(output: Output, context: Context) -> str:
    """The populations with their sizes."""
    if output.layout == "changes" and (population := population_of(output, context)):
        return context.population_head(population)
    if populations := context.populations(output):
        return ", ".join(context.population_head(name) for name in populations)
    adsl, words = context.datasets.adsl, context.words
    if output.layout in OF_ALL:
        name, n = words("screened"), adsl.height
    elif output.layout in OF_ENROLLED:
        name, n = words("enrolled"), enrolled(context).height
    elif output.layout == "results text":
        return words("named_in_text")
    else:
        name, n = words("treated"), adsl.filter(pl.col("TRTSDT").is_not_null()).height
    return f"{name} ({formats.size(n)})"


def methods_of(output: Output, context: Context) -> list[str]:
    """How the numbers come about, each way once; of a figure what its footnotes do not tell."""
    if output.kind == "text":
        return [context.words(f"how_{output.layout.replace(' ', '_')}")]
    if not output.analyses:
        return [context.words("how_rows")]
    shown = [SHOWN[type(context.analysis(name))] for name in output.analyses]
    keys = [one.how_drawn if output.kind == "figure" else one.how for one in shown]
    return [context.words(key) for key in dict.fromkeys(keys) if key]
