"""A study under examination: its space of states, the answers of its open questions, and what was
found so far."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pilotage.check.answers import Answers, one_line, read_answers
from pilotage.check.space import Space
from pilotage.conditions import Condition
from pilotage.conditions.holds import Value
from pilotage.conditions.prove import Answer, Formula, smallest
from pilotage.findings import Finding, Kind, Severity
from pilotage.study import Study
from pilotage.study.files import QUESTIONS
from pilotage.study.places import Path
from pilotage.study.protocol import Category, Criterion, Row, text_of

State = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the protocol that findings are about: where it stands, what it is called in
    messages and, without a line, in keys, and which headings it cites."""

    path: Path
    words: str
    key: str
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StatedRow:
    """A row of a table, or a category, whose condition is stated, and its formulas."""

    at: int
    row: Row | Category
    when: Condition
    answer: Answer
    place: Place


class Examination:
    """Gathers the findings of one study. Each topic is a function that takes it."""

    def __init__(self, study: Study) -> None:
        self.study, self.protocol = study, study.protocol
        self.findings: list[Finding] = []
        questions = study.folder / QUESTIONS
        text = questions.read_text(encoding="utf-8-sig") if questions.is_file() else ""
        self.answers: Answers = read_answers(text, file=QUESTIONS)

    @cached_property
    def space(self) -> Space:
        return Space(self.study)

    def found(
        self,
        kind: Kind,
        severity: Severity,
        place: Place,
        message: str,
        *,
        key: str = "",
        example: str = "",
    ) -> None:
        """Take in a finding; `key` if it is not the class and the place alone."""
        words = one_line(f"{kind} {key or place.key}")
        self.findings.append(
            Finding(
                severity, self.study.place(*place.path), message, kind, place.source, example,
                words, self.answers.entry(words),
            )
        )  # fmt: skip

    # -- rows --------------------------------------------------------------------------------------

    def place_of_row(self, table: str, at: int, row: Row) -> Place:
        why = one_line(text_of(row.why))
        if isinstance(row, Criterion):
            path: Path = ("protocol", *table.split("."), at)
            return Place(path, f"criterion {row.id} ({why})", row.id, row.sources)
        path = ("protocol", *table.split("."), "rows", at)
        name = table.rpartition(".")[2]
        return Place(path, f"row {at + 1} of {name} ({why})", f"{name}: {why}", row.sources)

    def stated(self, table: str, rows: Sequence[Row]) -> list[StatedRow]:
        """The rows whose conditions are stated; a second row with the same reason is told apart in
        keys by its number among them."""
        found, seen = [], dict[str, int]()
        for at, row in enumerate(rows):
            place = self.place_of_row(table, at, row)
            seen[place.key] = seen.get(place.key, 0) + 1
            if seen[place.key] > 1:
                key = f"{place.key} ({seen[place.key]})"
                place = Place(place.path, place.words, key, place.source)
            if isinstance(row.when, Condition):
                answer = self.space.answer(row.when)
                found.append(StatedRow(at, row, row.when, answer, place))
        return found

    def smallest_example(
        self,
        formulas: Iterable[Formula],
        names: Iterable[str],
        fits: Callable[[State], bool],
    ) -> dict[str, Value] | None:
        """A plain reachable state in which the formulas hold, with no name that is not needed for
        it to fit."""
        found = self.space.example(formulas, names)
        if found is None:
            return None
        return smallest(found, fits) if fits(found) else found


def tables_with_any(examination: Examination) -> Iterator[tuple[str, Sequence[Row]]]:
    """The tables in which every row that is true answers, by their place in the file."""
    protocol = examination.protocol
    yield "stopping", protocol.stopping.rows
    if protocol.dispensing is not None:
        yield "dispensing", protocol.dispensing.rows
    if protocol.deviations is not None:
        yield "deviations", protocol.deviations.rows
    yield "schedule.activities", protocol.schedule.activities.rows
