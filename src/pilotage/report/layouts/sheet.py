"""A table under construction: populations side by side, lines of cells, footnotes as they arise."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pilotage.report import formats
from pilotage.report.context import Context
from pilotage.report.lookup import Found
from pilotage.report.model import Cell, Column, Row, Table
from pilotage.report.notes import Notes
from pilotage.study.sap import Analysis, Output

VALUE, INTERVAL, EVENTS = "subjects", "interval", "events"
"""What a population may show in a line: a column each, named as in the catalogue of words."""

FEW = 5
"""A mean of fewer values moves with every single subject: tables mark it, figures leave it out."""

Entry = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Line:
    """A row before the columns are chosen: what each population shows under each column."""

    label: str
    entries: Mapping[str, Entry] = field(default_factory=dict)
    level: int = 0
    heading: bool = False
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the makers of lines share. `interval_level` is empty where the analyses differ."""

    context: Context
    output: Output
    populations: tuple[str, ...]
    notes: Notes
    interval_level: str

    def find(
        self,
        analysis: Analysis,
        population: str,
        statistic: str,
        *,
        level: str | None = None,
        visit: int | None = None,
    ) -> Found | None:
        """The row with the statistic, or the one that says why the analysis has no result."""
        results = self.context.results
        found = results.find(analysis.id, population, statistic, level=level, visit=visit)
        return found or results.nothing(analysis.id, population)

    def cell(
        self,
        text: str,
        *found: Found | None,
        missing: Found | None = None,
        detail: str = "",
        hint: str = "",
    ) -> Cell:
        """A cell with the results it shows. Footnotes say why a number is absent, and who is not in
        it (of the row `missing`)."""
        known = [row for row in found if row is not None]
        reasons = [row.reason for row in known if row.value is None and row.reason]
        if not known:
            reasons = [self.context.words("no_result")]
        return Cell(
            text,
            tuple(dict.fromkeys(row.id for row in known)),
            marks=self.marks(*reasons, *self._left_out(missing)),
            detail=detail,
            hint=hint,
        )

    def _left_out(self, missing: Found | None) -> list[str]:
        """Who is not in the number: footnotes of the cell. That some are not at risk is told once
        for the table."""
        parts = _told(missing)
        if any(_of_nobody(part) for part in parts):
            self.notes.add(self.context.words("not_at_risk"))
        return [part for part in parts if not _of_nobody(part)]

    def marks(self, *texts: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.notes.mark(text) for text in texts))

    def entries(self, analysis: Analysis, make: Callable[[str], Entry | Cell]) -> dict[str, Entry]:
        """What `make` gives for each population that the analysis is planned for; the others stay
        empty."""
        made: dict[str, Entry] = {}
        for population in self.populations:
            if population not in analysis.populations:
                self.notes.add(self.context.words("empty_cell"))
                continue
            one = make(population)
            made[population] = {VALUE: one} if isinstance(one, Cell) else one
        return made

    def not_collected(self, analysis: Analysis, label: str) -> list[Line]:
        """The one line of an analysis whose data nobody collected; no line where they were."""
        found = {
            p: row
            for p in self.populations
            if (row := self.context.results.not_collected(analysis.id, p)) is not None
        }
        if not found:
            return []
        words = self.context.words("not_collected")
        return [Line(label, {p: {VALUE: self.cell(words, row)} for p, row in found.items()})]

    def bounds(self, analysis: Analysis, text: str) -> str:
        """An interval; with its level where the table has intervals of several levels."""
        if self.interval_level or text == formats.NONE:
            return text
        return f"{text} ({level_of(analysis)})"


def _told(missing: Found | None) -> list[str]:
    """How missing values were treated, as far as there are any: a part that begins with 0 tells of
    nobody, and one without a number of a rule that holds for everybody."""
    if missing is None or missing.value is None or not missing.missing:
        return []
    return [part for part in missing.missing.split("; ") if part[0] in "123456789"]


def _of_nobody(part: str) -> bool:
    """Does the part count those who are not at risk or not asked? The denominator shows them."""
    _, _, said = part.partition(" ")
    return said.startswith(("not at risk", "not asked"))


def level_of(analysis: Analysis) -> str:
    """The confidence level of an analysis as text; empty where it has no interval."""
    stated = getattr(analysis, "level", None)
    return "" if stated is None else formats.level(stated)


def sheet(output: Output, context: Context) -> Sheet:
    """An empty sheet for an output: its populations, its footnotes, its level."""
    levels = {level_of(context.analysis(name)) for name in output.analyses} - {""}
    return Sheet(
        context,
        output,
        tuple(context.populations(output)),
        context.notes(output),
        levels.pop() if len(levels) == 1 else "",
    )


def table(made: Sheet, lines: list[Line], *, label: str, shows: tuple[str, ...]) -> Table:
    """The lines as a table: a column for each population, or several under its name."""
    context = made.context
    columns = [Column(label)]
    for population in made.populations:
        head = context.population_head(population)
        if len(shows) == 1:
            columns.append(Column(head, "number"))
        else:
            columns += [Column(_head(made, show), "number", group=head) for show in shows]
    rows = [
        Row((Cell(line.label),), level=line.level, heading=True)
        if line.heading
        else Row(
            (
                Cell(line.label, detail=line.detail),
                *(
                    line.entries.get(population, {}).get(show, Cell())
                    for population in made.populations
                    for show in shows
                ),
            ),
            level=line.level,
        )
        for line in lines
    ]
    return Table(
        made.output.id,
        context.number_of(made.output),
        context.text(made.output.title),
        tuple(columns),
        tuple(rows),
        made.notes.all(),
        empty=context.words("no_parts"),
    )


def _head(made: Sheet, show: str) -> str:
    words = made.context.words
    if show == INTERVAL:
        level = made.interval_level
        return words("interval", level=level) if level else words("interval_mixed")
    return words(show)
