"""What the trials did, scenario beside scenario, each number with its Monte-Carlo error."""

from collections.abc import Collection, Iterator, Sequence

from pilotage.report.model import Cell, Column, Note, Row, Table
from pilotage.simulation.design_report import amounts
from pilotage.simulation.design_report.points import Point, axis_of, short, value_at
from pilotage.simulation.trials.characteristics import Characteristic, Part, part_of

MOST_COMPARED = 9
"""Of more scenarios only what is side by side is shown; operating_characteristics.csv has all."""

BIAS = "BIAS"
"""Where no trial can end early there is none, by mathematics: no reason for a column of its own."""

BESIDE = 3
"""So many scenarios have room beside each other; more stand in further parts of the table."""

SIDE_BY_SIDE = {
    "TRUE_RATE": "Success rate",
    "ACCEPTED": "Accepted",
    "N": "Subjects",
    "DURATION_DAYS": "Duration, days",
    "RELAPSED": "Relapse",
    "DOSE_DAYS": "Days under drug",
    "VISITS": "Visits",
    "SAMPLES": "Samples",
}
"""What is put side by side, with its head; from DOSE_DAYS on for each subject."""

FOR_EACH = ("DOSE_DAYS", "VISITS", "SAMPLES")

COUNTED_OF = {
    "subject": "For each subject", "trial": "For each trial",
    "week": "For each week of the trial, of all subjects",
}  # fmt: skip
"""Of what something is counted, as the end of its unit says, and the heading for it."""

SIZE = "SIZE_"

OF_ALL = (", of all subjects", " by all subjects", ", each subject's rounded up")
"""Ends of labels that are wrong of a single subject, and said by the heading of a trial."""


def compared(
    points: Sequence[Point],
    parts: Sequence[Part],
    *,
    name: str,
    number: str,
    title: str,
    without: Collection[str] = (),
    notes: Sequence[str] | None = None,
) -> Table:
    """The characteristics of some parts, `without` some, a row each under the head of what they are
    counted of; for each scenario the number, its error, and the exact one where any has it. `notes`
    stand in place of those on numbers of trials."""
    listed = [each for each in wanted(points, parts) if each.name not in without]
    exact = [any(_exact(p, each.name) is not None for each in listed if each.name != BIAS)
             for p in points]  # fmt: skip
    width = sum(3 if there else 2 for there in exact)
    rows: list[Row] = []
    heading = ""
    for characteristic in listed:
        of, _ = _counted_of(characteristic)
        if of != heading:
            heading = of
            rows.append(Row((Cell(heading), *(Cell() for _ in range(width))), heading=True))
        rows.append(_row(points, characteristic, exact))
    columns = [Column("")]
    panels: list[list[int]] = []
    for place, (point, there) in enumerate(zip(points, exact, strict=True)):
        if place % BESIDE == 0:
            panels.append([0])
        group = point.name if len(points) > 1 else ""
        heads = ["Simulated", "±", *(["Exact"] if there else [])]
        panels[-1] += range(len(columns), len(columns) + len(heads))
        columns += [Column(head, "number", group) for head in heads]
    if notes is None:
        notes = tuple(_notes(points, zeros=_has_zero(points, listed)))
    return Table(
        name, number, title, tuple(columns), tuple(rows), tuple(map(Note, notes)),
        panels=tuple(map(tuple, panels)),
    )  # fmt: skip


def wanted(points: Sequence[Point], parts: Sequence[Part]) -> Iterator[Characteristic]:
    """The characteristics of the parts that any point has, each once, those that are counted of
    the same below each other, the order otherwise their own."""
    found: dict[str, Characteristic] = {}
    for point in points:
        for name, each in point.numbers.items():
            if _part(name) in parts:
                found.setdefault(name, each)
    heads = dict.fromkeys(_counted_of(each)[0] for each in found.values())
    yield from (each for head in heads for each in found.values() if _counted_of(each)[0] == head)


def _part(name: str) -> Part:
    """How large trials were belongs to the decision that ended them."""
    return "decision" if name.startswith(SIZE) else part_of(name)


def side_by_side(points: Sequence[Point], *, number: str) -> Table:
    """The scenarios below each other, with what tells them apart."""
    shown = [name for name in SIDE_BY_SIDE if any(point.get(name) for point in points)]
    texts = [
        amounts.column(
            (point.get(name) for point in points), share=_is_share(points, name), shown=1
        )
        for name in shown
    ]
    axis = axis_of(points)
    rows = tuple(
        Row((Cell(value_at(point, axis)), *(Cell(column[place]) for column in texts)))
        for place, point in enumerate(points)
    )
    columns = [Column(short(axis) if axis else "Scenario")]
    for name in shown:
        group = "For each subject" if name in FOR_EACH else ""
        columns.append(Column(SIDE_BY_SIDE[name], "number", group=group))
    said = "Accepted: the share of trials that the decision accepts."
    if "DURATION_DAYS" in shown:
        said += " Duration: of a trial, on average."
    if len(points) > MOST_COMPARED:
        said += " Every other number of so many scenarios is in operating_characteristics.csv."
    notes = (Note(said), *(Note(text) for text in _notes(points, zeros=False)))
    title = "The scenarios side by side"
    return Table("side-by-side", number, title, tuple(columns), rows, notes)


def _row(points: Sequence[Point], characteristic: Characteristic, exact: Sequence[bool]) -> Row:
    name, share = characteristic.name, is_share(characteristic)
    digits = amounts.digits_for((point.get(name) for point in points), share=share)
    cells = [Cell(_label(points, characteristic))]
    for point, there in zip(points, exact, strict=True):
        found = point.get(name)
        value, error = found or (None, None)
        cells.append(Cell(amounts.value(value, digits, share=share)))
        cells.append(Cell(amounts.error(error, digits, share=share)))
        if there:
            cells.append(Cell(amounts.value(_exact(point, name), digits, share=share)))
    return Row(tuple(cells), level=1)


def _label(points: Sequence[Point], characteristic: Characteristic) -> str:
    """What is counted, with its unit. What stands behind the colon of one scenario only is not
    true of the others."""
    name = characteristic.name
    labels = {point.numbers[name].label for point in points if name in point.numbers}
    label = characteristic.label if len(labels) == 1 else characteristic.label.partition(":")[0]
    for end in OF_ALL:
        label = label.removesuffix(end)
    _, unit = _counted_of(characteristic)
    return f"{label}, {unit}" if unit else label


def _counted_of(characteristic: Characteristic) -> tuple[str, str]:
    """Of what something is counted, for a heading, and in which unit."""
    unit = characteristic.unit
    if is_share(characteristic):
        return f"{unit[:1].upper()}{unit[1:]}, %", ""
    for whom, head in COUNTED_OF.items():
        if unit == f"of a {whom}":
            return head, ""
        if unit.endswith(f" of a {whom}"):
            what = unit.removesuffix(f" of a {whom}")
            return head, "" if what == "subjects" else what
    return f"{unit[:1].upper()}{unit[1:]}", ""


def _exact(point: Point, name: str) -> float | None:
    found = point.numbers.get(name)
    return None if found is None else found.exact


def is_share(characteristic: Characteristic) -> bool:
    """Is it written as per cent?"""
    return characteristic.unit.startswith("share")


def _is_share(points: Sequence[Point], name: str) -> bool:
    return any(is_share(point.numbers[name]) for point in points if name in point.numbers)


def _has_zero(points: Sequence[Point], listed: Sequence[Characteristic]) -> bool:
    """Does a simulated share have an error of 0, because all trials agree?"""
    found = [
        point.get(each.name)
        for point in points
        for each in listed
        if is_share(each) and _exact(point, each.name) is None
    ]
    return any(one is not None and one[1] == 0 for one in found)


def _notes(points: Sequence[Point], *, zeros: bool) -> Iterator[str]:
    trials = min(point.trials for point in points)
    if trials == 1:
        yield "One trial does not tell how far another would lie from it: it has no error."
    else:
        yield (
            "±: Monte-Carlo standard error, how far the number would move with another seed; it "
            "says nothing of how well the true values of the simulation were chosen."
        )
    if zeros:
        most = amounts.two_digits(100 * min(1.0, 3 / trials))
        yield (
            f"An error of 0: all trials agree; what happens in up to {most} % of trials may be "
            f"seen in none of {trials:,}."
        )
