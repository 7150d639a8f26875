"""A body seen from the front and from the back, in regions that instruments declare.

The figure is eleven units tall and drawn like a pictogram, with a large head, so that the regions
of the face can be told apart. Units count from the middle (x, to the viewer's right) and from the
crown (y, downwards). Each limb has an outline; a region is what lies of a limb within a polygon.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pilotage.instruments.instrument import Side
from pilotage.report.figures.sheet import SOFT, Points, Sheet

if TYPE_CHECKING:
    from matplotlib.path import Path

Half = Literal["both", "right", "left"]
Limb = Literal["head", "trunk", "arm", "leg", "ear"]

TALL, WIDE = 11.0, 5.3

SIDES: tuple[Side, ...] = ("front", "back")

# Outlines of the half with x > 0, from top to bottom; head and trunk are closed by their mirror.
_HALVES: Mapping[Limb, Points] = {
    "head": ((0, 0), (0.42, 0.05), (0.75, 0.3), (0.86, 0.75), (0.84, 1.25), (0.7, 1.7), (0.4, 2.05),
             (0, 2.15)),
    "trunk": ((0.36, 1.95), (0.37, 2.3), (0.5, 2.48), (1.0, 2.62), (1.32, 2.8), (1.4, 3.2),
              (1.24, 3.9), (1.12, 4.5), (1.08, 5.0), (1.17, 5.5), (1.22, 6.0), (1.1, 6.35),
              (0.5, 6.5), (0, 6.55)),
    "arm": ((1.25, 2.75), (1.6, 2.85), (1.78, 3.2), (1.88, 3.9), (2.08, 4.7), (2.3, 5.45),
            (2.42, 5.75), (2.5, 6.2), (2.42, 6.6), (2.2, 6.68), (2.05, 6.4), (2.02, 6.0),
            (1.96, 5.6), (1.72, 4.9), (1.48, 4.1), (1.36, 3.4)),
    "leg": ((0.06, 6.3), (1.16, 6.15), (1.18, 6.9), (1.06, 7.7), (0.94, 8.2), (0.98, 8.9),
            (0.84, 9.7), (0.74, 10.2), (0.98, 10.6), (1.0, 10.82), (0.6, 10.9), (0.36, 10.8),
            (0.34, 10.3), (0.32, 9.6), (0.26, 8.8), (0.26, 8.1), (0.16, 7.2)),
    "ear": ((0.84, 0.85), (0.98, 0.82), (1.04, 1.0), (1.0, 1.25), (0.86, 1.34), (0.8, 1.1)),
}  # fmt: skip

_PAIRED: tuple[Limb, ...] = ("arm", "leg", "ear")


@dataclass(frozen=True, slots=True)
class Part:
    """What lies of a limb within a polygon (of x >= 0, and its mirror); empty: all of the limb."""

    limb: Limb
    within: Points = ()


def _across(top: float, bottom: float) -> Points:
    return ((-3, top), (3, top), (3, bottom), (-3, bottom))


_V = ((-0.6, 1.9), (0.6, 1.9), (0.62, 2.52), (0, 3.45), (-0.62, 2.52))
_YOKE = ((-3, 1.9), (3, 1.9), (3, 3.1), (-3, 3.1))
_NOSE = (
    (0, 0.9), (0.12, 1.16), (0.36, 1.18), (0.66, 1.1), (0.64, 1.42), (0.4, 1.62), (0.16, 1.5),
    (-0.16, 1.5), (-0.4, 1.62), (-0.64, 1.42), (-0.66, 1.1), (-0.36, 1.18), (-0.12, 1.16),
)  # fmt: skip
_HAIRLINE = ((-3, -1), (3, -1), (3, 0.7), (0.74, 0.62), (0, 0.5), (-0.74, 0.62), (-3, 0.7))

_ARM, _HAND = Part("arm", _across(2, 5.75)), Part("arm", _across(5.75, 7))
_LEG, _FOOT = Part("leg", _across(5, 10.2)), Part("leg", _across(10.2, 11))
_HEAD: tuple[tuple[Part, Half], ...] = (
    (Part("head"), "both"), (Part("ear"), "both"), (Part("trunk", _across(1.9, 2.55)), "both"),
)  # fmt: skip
_GROIN = ((-0.34, 6.02), (0.34, 6.02), (0.12, 6.6), (-0.12, 6.6))

PARTS: Mapping[tuple[str, Side], tuple[tuple[Part, Half], ...]] = {
    # regions of the skin by area, later ones lie over earlier ones
    ("FACE", "front"): ((Part("head", _across(0, 3)), "both"),),
    ("SCALP", "front"): ((Part("head", _HAIRLINE), "both"),),
    ("SCALP", "back"): ((Part("head", _across(-1, 1.62)), "both"),),
    ("EARS", "front"): ((Part("ear"), "both"),),
    ("EARS", "back"): ((Part("ear"), "both"),),
    ("NOSE", "front"): ((Part("head", _NOSE), "both"),),
    ("CHEST", "front"): ((Part("trunk", _across(1.9, 4.35)), "both"),),
    ("ABDOM", "front"): ((Part("trunk", _across(4.35, 7)), "both"),),
    ("VNECK", "front"): ((Part("trunk", _V), "both"),),
    ("BACK", "back"): ((Part("trunk", _across(3.1, 7)), "both"),),
    ("PNECK", "back"): ((Part("head", _across(1.62, 3)), "both"), (Part("trunk", _YOKE), "both")),
    **{("ARMS", side): ((_ARM, "both"),) for side in SIDES},
    **{("HANDS", side): ((_HAND, "both"),) for side in SIDES},
    **{("LEGS", side): ((_LEG, "both"),) for side in SIDES},
    **{("FEET", side): ((_FOOT, "both"),) for side in SIDES},
    # regions by share of the surface, with a right and a left of the body
    ("HEADF", "front"): _HEAD,
    ("HEADB", "back"): _HEAD,
    ("TRNKF", "front"): ((Part("trunk", _across(2.55, 7)), "both"),),
    ("TRNKB", "back"): ((Part("trunk", _across(2.55, 7)), "both"),),
    ("ARMRF", "front"): ((Part("arm"), "right"),),
    ("ARMLF", "front"): ((Part("arm"), "left"),),
    ("ARMRB", "back"): ((Part("arm"), "right"),),
    ("ARMLB", "back"): ((Part("arm"), "left"),),
    ("LEGRF", "front"): ((Part("leg"), "right"),),
    ("LEGLF", "front"): ((Part("leg"), "left"),),
    ("LEGRB", "back"): ((Part("leg"), "right"),),
    ("LEGLB", "back"): ((Part("leg"), "left"),),
    ("PERIN", "front"): ((Part("trunk", _GROIN), "both"),),
}  # fmt: skip
"""Where a region is, by its code and the side of the body."""


def drawable_regions(side: Side) -> tuple[str, ...]:
    """Codes of the regions that can be drawn on a side, in the order of drawing."""
    return tuple(code for code, known in PARTS if known == side)


def draw_body(
    sheet: Sheet,
    side: Side,
    looks: Mapping[str, Mapping[str, Any]],
    *,
    left: float,
    top: float,
    tall: float,
) -> None:
    """A body of a height in inches; `looks` says how each region is filled. Regions without a look
    stay white; those that are not known here are left out."""
    unit = tall / TALL
    middle = left + WIDE / 2 * unit

    def placed(points: Points, mirrored: bool = False) -> Points:
        sign = -1 if mirrored else 1
        return [(middle + sign * x * unit, top + y * unit) for x, y in points]

    for limb, points in _closed().items():
        for mirrored in (False, True) if limb in _PAIRED else (False,):
            outline = _smooth(placed(points, mirrored))
            sheet.path(outline, facecolor="white", edgecolor="none")
            for code, part in _parts(side, limb, mirrored):
                if code in looks:
                    corners = placed(part.within or _across(-1, 12))
                    sheet.shape(corners, clip=outline, **looks[code])
            sheet.path(outline, facecolor="none", edgecolor=SOFT, linewidth=0.6)


def _parts(side: Side, limb: Limb, mirrored: bool) -> Iterator[tuple[str, Part]]:
    """The regions of one limb on a side, in the order of drawing."""
    for code in drawable_regions(side):
        for part, half in PARTS[(code, side)]:
            if part.limb == limb and _shows(limb, mirrored, half, side):
                yield code, part


def _shows(limb: Limb, mirrored: bool, half: Half, side: Side) -> bool:
    """Is the limb on this half of the body? Seen from the front the right is on the left."""
    if half == "both" or limb not in _PAIRED:
        return True
    on_viewers_left = (half == "right") == (side == "front")
    return mirrored == on_viewers_left


def _closed() -> dict[Limb, Points]:
    """Outlines of whole limbs; of paired ones that with x > 0. A limb hides what it overlaps of
    those before it."""
    order: tuple[Limb, ...] = ("arm", "leg", "ear", "trunk", "head")
    closed: dict[Limb, Points] = {}
    for limb in order:
        half = _HALVES[limb]
        mirror = [] if limb in _PAIRED else [(-x, y) for x, y in reversed(half) if x > 0]
        closed[limb] = [*half, *mirror]
    return closed


def _smooth(points: Points) -> "Path":
    """A closed curve through the points (Catmull-Rom)."""
    from matplotlib.path import Path

    n = len(points)
    vertices: list[tuple[float, float]] = [points[0]]
    codes: list[int] = [int(Path.MOVETO)]
    for at in range(n):
        before, here, there, after = (points[(at + step) % n] for step in (-1, 0, 1, 2))
        first = (here[0] + (there[0] - before[0]) / 6, here[1] + (there[1] - before[1]) / 6)
        second = (there[0] - (after[0] - here[0]) / 6, there[1] - (after[1] - here[1]) / 6)
        vertices += [first, second, there]
        codes += [int(Path.CURVE4)] * 3
    return Path(vertices, codes)
