"""The sentences of the results with patterns in the places of their numbers."""

from pilotage.report.context import Context
from pilotage.report.layouts.sheet import level_of
from pilotage.report.patterns import BOUNDS, COUNT, ONE, PERCENT, SHARE, P
from pilotage.report.sentence_numbers import SHARES, WHOLE
from pilotage.study.consistency.results_text import labelled
from pilotage.study.placeholders import Asked, Named, Piece, read_template
from pilotage.study.plan_statistics import OF_A_CATEGORY, SIGNIFICANT


def template_text(context: Context, template: str) -> str:
    """A sentence of the results with a pattern in each place."""
    return "".join(_piece(context, piece) for piece in read_template(template))


def _piece(context: Context, piece: Piece) -> str:
    match piece:
        case str():
            return piece
        case Named():
            return context.text(labelled(context.study.protocol, context.study.sap)[piece.name])
        case Asked():
            pattern = _pattern(context, piece)
            return pattern if piece.nouns is None else f"{pattern} {piece.nouns[1]}"


def _pattern(context: Context, asked: Asked) -> str:
    name, form = asked.statistic, asked.form
    if name == "level":
        return level_of(context.analysis(asked.analysis))
    if name == "visit":
        week = getattr(context.analysis(asked.analysis), "week", None) or asked.week
        return f"{context.words('week').lower()} {COUNT}" if week else context.words("visit")
    if name == SIGNIFICANT:
        return f"{context.words('week').lower()} {COUNT} ({ONE}, P = {P})"
    if form == "share" or name == "counts":
        return SHARE
    if name in ("interval", "range"):
        return BOUNDS
    if form == "p" or name.startswith("p_"):
        return P
    if form == "percent" or name in SHARES:
        return PERCENT
    whole = name in WHOLE or name.startswith(OF_A_CATEGORY[0]) or form == "0"
    return COUNT if whole else ONE if form in ("", "1") else f"xx.{'x' * int(form)}"
