"""Figures as SVG, the same bytes for the same results; each with its words and its numbers."""

from pilotage.report.figures.course import course_over_time
from pilotage.report.figures.survival import time_to_event

__all__ = ["course_over_time", "time_to_event"]
