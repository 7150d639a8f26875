"""What is told of a subject, kept until its record changes."""

from datetime import date
from functools import lru_cache

from pilotage.capture.models import Subject
from pilotage.capture.present import record_of
from pilotage.explain import Life, explain
from pilotage.explain.case import case_of
from pilotage.explain.curve import curve


@lru_cache(maxsize=300)
def life_of(usubjid: str, mark: str, day: date) -> Life | None:
    """The life as decisions with reasons; None for a subject of whom nothing is recorded. `mark` is
    that of its present record."""
    known = record_of(Subject.objects.get(usubjid=usubjid))
    return None if known is None else explain(known.study, known.snapshot, usubjid, day)


@lru_cache(maxsize=300)
def drawing_of(usubjid: str, mark: str, day: date) -> tuple[str, str]:
    """The course as SVG with the words that stand for it; both empty where there is none yet."""
    known = record_of(Subject.objects.get(usubjid=usubjid))
    if known is None:
        return "", ""
    return curve(case_of(known.study, known.snapshot, usubjid, day))
