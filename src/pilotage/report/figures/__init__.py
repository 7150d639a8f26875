"""Figures as SVG, the same bytes for the same results; each with its words and its numbers."""

from pilotage.report.figures.bars import waterfall
from pilotage.report.figures.body_map import body_maps
from pilotage.report.figures.course import course_over_time
from pilotage.report.figures.flow import flow
from pilotage.report.figures.individual import individual_courses
from pilotage.report.figures.laboratory import laboratory_courses
from pilotage.report.figures.paired import before_and_after
from pilotage.report.figures.survival import time_to_event
from pilotage.report.figures.swimmer import swimmer

__all__ = [
    "before_and_after",
    "body_maps",
    "course_over_time",
    "flow",
    "individual_courses",
    "laboratory_courses",
    "swimmer",
    "time_to_event",
    "waterfall",
]
