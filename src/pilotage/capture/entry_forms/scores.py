"""The live score of a page: what the instrument itself makes of the answers so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pilotage.capture.entry_forms.page import FormPage
from pilotage.forms.answer import Answer
from pilotage.instruments import Scored, instruments
from pilotage.instruments.units import parse_number
from pilotage.report.formats import plain

KEPT: Final = 256
"""Answers to an instrument whose scores are kept."""


@dataclass(frozen=True, slots=True)
class LiveScore:
    """A total, or None with the labels of the items that keep it open."""

    code: str
    label: str
    low: int
    high: int
    total: float | None
    open_items: tuple[str, ...] = ()
    open_labels: tuple[str, ...] = ()

    @property
    def written(self) -> str:
        """The total as text; empty where it is open."""
        return "" if self.total is None else plain(self.total)


def score_of(page: FormPage, answers: Mapping[str, Answer]) -> tuple[LiveScore, ...]:
    """Every score of the form's instrument; none for a form without one. An answer that is missing,
    or that the instrument does not allow, is open: it never counts as 0."""
    scale = instruments.get(page.instrument or "")
    if scale is None:
        return ()
    labels = {item.code: item.label for item in scale.items}
    scored = _scored(scale.name, tuple(_typed(answers, item.code) for item in scale.items))
    return tuple(
        LiveScore(
            score.code,
            score.label,
            score.low,
            score.high,
            found.total,
            tuple(code.lower() for code in found.open_items),
            tuple(labels[code] for code in found.open_items),
        )
        for score, found in zip(scale.scores, scored, strict=True)
    )


def _typed(answers: Mapping[str, Answer], code: str) -> str:
    answer = answers.get(code.lower())
    return "" if answer is None or answer.missing else answer.value


@lru_cache(maxsize=KEPT)
def _scored(instrument: str, typed: tuple[str, ...]) -> tuple[Scored, ...]:
    """What the instrument makes of the texts of the answers, in the order of its items. One save
    asks several times."""
    scale = instruments[instrument]
    values = {
        item.code: parse_number(text, None).value
        for item, text in zip(scale.items, typed, strict=True)
    }
    return tuple(scale.score(score.code, values) for score in scale.scores)
