"""The body from the front and from the back, in the regions that an instrument declares.

The drawing is data (`regions.json`), by the code of the region: what has no drawing there is filled
in from the list beside the map, as everything can be.
"""

from pilotage.capture.body_map.figure import BodyMap, Drawn, Figure, body_map, drawing

__all__ = ["BodyMap", "Drawn", "Figure", "body_map", "drawing"]
