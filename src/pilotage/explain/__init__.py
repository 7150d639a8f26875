"""The life of a subject as decisions with reasons, and a value traced to the rows it comes from."""

from pilotage.explain.life import explain
from pilotage.explain.model import Day, Entry, Life, Part, Period, Source
from pilotage.explain.text import as_text, trace_text
from pilotage.explain.trace import Trace
from pilotage.explain.why import UnknownName, why

__all__ = [
    "Day",
    "Entry",
    "Life",
    "Part",
    "Period",
    "Source",
    "Trace",
    "UnknownName",
    "as_text",
    "explain",
    "trace_text",
    "why",
]
