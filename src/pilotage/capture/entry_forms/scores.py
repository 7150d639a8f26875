"""The live score of a page: what the instrument itself makes of the answers so far."""

from collections.abc import Mapping
from dataclasses import dataclass

from pilotage.capture.answer import Answer
from pilotage.capture.entry_forms.page import FormPage
from pilotage.instruments import instruments
from pilotage.instruments.units import parse_number
from pilotage.report.formats import plain


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
    values = {item.code: _points(answers.get(item.code.lower(), Answer())) for item in scale.items}
    labels = {item.code: item.label for item in scale.items}
    found = []
    for score in scale.scores:
        scored = scale.score(score.code, values)
        opened = scored.open_items
        found.append(
            LiveScore(
                score.code,
                score.label,
                score.low,
                score.high,
                scored.total,
                tuple(code.lower() for code in opened),
                tuple(labels[code] for code in opened),
            )
        )
    return tuple(found)


def _points(answer: Answer) -> float | None:
    return None if answer.missing else parse_number(answer.value, None).value
