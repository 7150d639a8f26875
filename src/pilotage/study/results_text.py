"""The text of the results as data: everything that `results_text.yaml` may hold."""

from typing import Annotated, Literal

from pydantic import Field

from pilotage.study.protocol import Label, Part, Sourced


class Sentence(Sourced):
    """A sentence whose numbers are results; see `pilotage.study.placeholders`."""

    text: Label


class TextSection(Part):
    """Sentences under a heading."""

    title: Label
    sentences: Annotated[tuple[Sentence, ...], Field(min_length=1)]


class ResultsText(Part):
    """The whole of `results_text.yaml`."""

    pilotage: Annotated[Literal[1], Field(description="version of this schema")]
    sections: Annotated[tuple[TextSection, ...], Field(min_length=1)]
