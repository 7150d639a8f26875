"""Places for names beside points, where they touch neither each other nor the edge."""

from dataclasses import dataclass, field

from pilotage.report.figures.lettering import height, width

APART = 0.05
"""Inches between a point and its name."""


@dataclass(frozen=True, slots=True)
class Box:
    """Inches from the left and from the top."""

    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: "Box") -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def inside(self, other: "Box") -> bool:
        across = other.left <= self.left and self.right <= other.right
        return across and other.top <= self.top and self.bottom <= other.bottom


@dataclass(slots=True)
class Labels:
    """The names placed so far within bounds, and the boxes that they keep free of."""

    bounds: Box
    taken: list[Box] = field(default_factory=list)

    def place(self, x: float, y: float, text: str, size: float) -> tuple[float, float] | None:
        """Left end and middle of the text beside a point; None where there is no free place."""
        long, high = width(text, size), height(size)
        for turn in range(4):
            for side in (APART, -APART - long):
                for lift in (0.0, -1.0, 1.0):
                    middle = y + lift * high * (turn + 0.6)
                    left = x + side
                    box = Box(left, middle - high / 2, left + long, middle + high / 2)
                    free = not any(box.touches(other) for other in self.taken)
                    if free and box.inside(self.bounds):
                        self.taken.append(box)
                        return left, middle
        return None
