"""How far beyond its window a contact was held, and with it the tests that share its sheet."""

from collections.abc import Iterator

from pilotage.courses.calendar import Contact, targets
from pilotage.study.protocol import Schedule


def days_beyond(schedule: Schedule, contact: Contact, day: int) -> int:
    """Days by which a planned visit, held on a day, missed its window; 0 in it, before it, for a
    test, and where the study does not state the window."""
    if not contact.visit or contact.number is None:
        return 0
    afterwards = schedule.afterwards.window if schedule.afterwards else None
    windows = {visit.number: visit.window for visit in schedule.visits}
    window = windows.get(contact.number, afterwards)
    if window is None or isinstance(window, str):
        return 0
    return max(0, day - contact.day - window[1])


def late_tests(schedule: Schedule, contact: Contact, day: int) -> Iterator[tuple[str, int, int]]:
    """The tests of a planned contact that its day made late: form, the day on which the test was
    due, and by how many days it missed its window (its very day, where the study states none)."""
    for series in schedule.series:
        if series.form not in contact.forms:
            continue
        before, after = (0, 0) if isinstance(series.window, str) else series.window
        last = contact.day + before
        near = [due for due in targets(series, last) if contact.day <= due + after]
        due = min(near, key=lambda due: abs(due - contact.day), default=day)
        if day > due + after:
            yield series.form, due, day - due - after
