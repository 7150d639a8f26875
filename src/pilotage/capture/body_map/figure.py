"""Which regions are drawn where, in which order, and how they are called."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pilotage.instruments import Region
from pilotage.instruments.instrument import Side

SIDES: tuple[Side, ...] = ("front", "back")


@dataclass(frozen=True, slots=True)
class Shape:
    """A region on one side: an SVG path, and where its value is written (once for each part)."""

    path: str
    at: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """The drawn body: its size in units of the drawing, its outline, its regions by code."""

    width: int
    height: int
    outline: str
    regions: Mapping[str, Mapping[Side, Shape]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A region on one side as it stands on the page.

    `id` is its own on the page. A region that is seen from both sides is reached by keyboard on the
    side where it comes first (`first`).
    """

    id: str
    code: str
    label: str
    shape: Shape
    first: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """One side of the body."""

    side: Side
    regions: tuple[Drawn, ...]


@dataclass(frozen=True, slots=True)
class BodyMap:
    """Both sides, and the labels of the regions that only the list has."""

    width: int
    height: int
    outline: str
    figures: tuple[Figure, ...]
    not_drawn: tuple[str, ...]


@cache
def drawing() -> Drawing:
    """The drawing, read once."""
    text = (files("pilotage.capture.body_map") / "regions.json").read_text(encoding="utf-8")
    data = json.loads(text)
    return Drawing(
        width=data["width"],
        height=data["height"],
        outline=data["outline"],
        regions={
            code: {
                side: Shape(shape["path"], tuple((x, y) for x, y in shape["at"]))
                for side, shape in sides.items()
            }
            for code, sides in data["regions"].items()
        },
    )


def body_map(regions: Sequence[Region]) -> BodyMap | None:
    """The map for the regions of an instrument, in their order; None where none is drawn."""
    known = drawing()
    figures = tuple(Figure(side, tuple(_drawn(known, regions, side))) for side in SIDES)
    if not any(figure.regions for figure in figures):
        return None
    return BodyMap(
        known.width,
        known.height,
        known.outline,
        figures,
        tuple(region.label for region in regions if not _sides(known, region)),
    )


def _drawn(known: Drawing, regions: Sequence[Region], side: Side) -> Iterator[Drawn]:
    for region in regions:
        seen = _sides(known, region)
        if side in seen:
            yield Drawn(
                id=f"region-{side}-{region.code}",
                code=region.code,
                label=region.label,
                shape=known.regions[region.code][side],
                first=seen[0] == side,
            )


def _sides(known: Drawing, region: Region) -> tuple[Side, ...]:
    """The sides on which the instrument has the region and the drawing shows it."""
    shown = known.regions.get(region.code, {})
    return tuple(side for side in SIDES if side in region.sides and side in shown)
