"""What the record of each subject shows, worked out beside the pages and kept until it changes.

To hold a subject's record against the protocol takes half a second. A page asks for the reviews of
its subjects and waits a little; what is not done by then is shown as it was before the last change,
and the page says so. One thread sees to it, so that many readers cost no more than one; under
`pilotage serve` a process of its own does the work, so that nobody who saves waits for it.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import BoundedSemaphore, Condition, Thread

from django.db import connections
from django.db.models import Max

from pilotage.capture.models import AuditEvent, Subject
from pilotage.capture.present import records_of
from pilotage.capture.reviewing_apart import Apart, Made
from pilotage.rules import Record
from pilotage.rules.departures import Review, review

PATIENCE = 1.5
"""Seconds that a page waits."""

WAITING = 6
"""Pages that wait at the same time; the next ones show what there is, so that the threads which
answer requests are never all taken by pages that wait."""

TOGETHER = 40
"""Subjects that are reviewed at once: it takes little longer than one."""

KEPT = 3000
"""Reviews that are kept; the oldest go first."""

MATTERS = (
    *("screening_log", "contacts", "doses", "stops", "stops_unknown", "supplies"),
    *("serious_events", "queries", "dv"),
)
"""The frames of a review that have rows of subjects."""

Wanted = tuple[str, date]
"""A subject and the day of the question."""


@dataclass(frozen=True, slots=True)
class Reviews:
    """The reviews by USUBJID; none for a subject of whom nothing is recorded. `behind` are the
    subjects that changed since theirs was made, or have none yet."""

    found: Mapping[str, Review]
    behind: frozenset[str]


_change = Condition()
_made: dict[Wanted, tuple[str, Review | None]] = {}
"""With the mark of the record that was reviewed."""
_queue: dict[Wanted, str] = {}
_working: list[Thread] = []
_waiting = BoundedSemaphore(WAITING)
_apart: list[Apart] = []


def work_apart() -> None:
    """From now on a process of its own makes the reviews."""
    if not _apart:
        _apart.append(Apart())


def work_here() -> None:
    """From now on this process makes them; the other one ends."""
    while _apart:
        _apart.pop().end()


def marks(subjects: Iterable[Subject]) -> dict[str, str]:
    """What stands for the present record of each subject: the hash of its last event. A subject
    without any has an empty one."""
    codes = [subject.usubjid for subject in subjects]
    newest = AuditEvent.objects.filter(subject__in=codes).order_by().values("subject")
    numbers = newest.annotate(last=Max("seq")).values_list("last", flat=True)
    found = AuditEvent.objects.filter(seq__in=list(numbers)).order_by()
    known = dict(found.values_list("subject", "hash"))
    return {code: known.get(code, "") for code in codes}


def reviews_of(subjects: Iterable[Subject], day: date, *, patience: float = PATIENCE) -> Reviews:
    """The reviews of subjects on a day, as new as they can be had in `patience` seconds."""
    present = {(code, day): mark for code, mark in marks(list(subjects)).items()}
    with _change:
        _queue.update({each: mark for each, mark in present.items() if not _fresh(each, mark)})
        if _queue and not _working:
            _working.append(Thread(target=_work, daemon=True))
            _working[0].start()
        _wait(present, patience)
        made = {each: _made.get(each, ("", None)) for each in present}
        behind = frozenset(each[0] for each, mark in present.items() if not _fresh(each, mark))
    found = {code: review for (code, _day), (_mark, review) in made.items() if review is not None}
    return Reviews(found, behind)


def _wait(wanted: Mapping[Wanted, str], patience: float) -> None:
    """Until all are made, or patience ends, or at once where enough others wait."""
    if all(_fresh(*each) for each in wanted.items()) or not _waiting.acquire(blocking=False):
        return
    try:
        _change.wait_for(lambda: all(_fresh(*each) for each in wanted.items()), patience)
    finally:
        _waiting.release()


def _fresh(wanted: Wanted, mark: str) -> bool:
    made = _made.get(wanted)
    return made is not None and made[0] == mark


def _work() -> None:
    """Work off the queue, many subjects at once, and end when it is empty."""
    try:
        while True:
            with _change:
                if not _queue:
                    _working.clear()
                    return
                day = next(iter(_queue))[1]
                codes = [code for code, on in _queue if on == day][:TOGETHER]
                for code in codes:
                    del _queue[code, day]
            made = _made_somewhere(codes, day)
            with _change:
                for code, each in made.items():
                    _made.pop((code, day), None)
                    _made[code, day] = each
                while len(_made) > KEPT:
                    del _made[next(iter(_made))]
                _change.notify_all()
    finally:
        connections.close_all()


def _made_somewhere(codes: Sequence[str], day: date) -> Made:
    """The reviews of subjects with their marks."""
    for apart in _apart:
        try:
            return apart.made(codes, day)
        except (OSError, EOFError):
            if _apart:  # otherwise it was ended on purpose
                logging.getLogger(__name__).exception("the process that reviews subjects ended")
    return made_of(codes, day)


def made_of(codes: Sequence[str], day: date) -> Made:
    """The reviews of subjects with their marks, made in this process. The marks are read before the
    record, so that a change in between is asked for again."""
    known: dict[str, str] = {}
    try:
        subjects = list(Subject.objects.filter(usubjid__in=codes).select_related("site"))
        known = marks(subjects)
        record = records_of(subjects)
        found = {} if record is None else _by_subject(record, day)
        return {code: (known.get(code, ""), found.get(code)) for code in codes}
    except Exception:
        logging.getLogger(__name__).exception("subjects were not reviewed")
        return {code: (known.get(code, ""), None) for code in codes}


def _by_subject(record: Record, day: date) -> dict[str, Review]:
    """The review of each subject: its rows of the review of all."""
    whole = review(record.study, record.snapshot, record.datasets, day)
    frames = {name: getattr(whole, name) for name in MATTERS}
    return {
        code: replace(whole, **{name: frame.filter(USUBJID=code) for name, frame in frames.items()})
        for code in record.subjects
    }
