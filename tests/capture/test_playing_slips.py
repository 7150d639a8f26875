"""Slips of typing in a rehearsal: which of them the edit checks asked about."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from playing_files import (
    AT_VISIT,
    ONE,
    STUDY,
    VISIT,
    Line,
    act,
    begun,
    entered,
    played,
    surroundings,
    truth_beside,
    written,
)

from pilotage.capture.planned import planned
from pilotage.capture.playing import burden, caught

assert surroundings  # of every test


def test_slips_are_caught_missed_or_asked_about_without_need(empty_db: str, tmp_path: Path) -> None:
    log = {"contact": AT_VISIT, "reason": "Mistyped"}
    lines = [
        *begun(),
        entered("03-01 09:10", "blood_count", "neut", "400", unit="10*9/L"),  # 4: caught
        entered("03-01 09:20", "symptoms", "score", "5"),  # 5: not asked about
        act("03-02 09:00", "nurse", "screen", "TWO-2"),
        act("03-02 09:05", "nurse", "open contact", "TWO-2", contact=dict(AT_VISIT, label="Entry")),
        entered("03-02 09:10", "blood_count", "neut", "55", subject="TWO-2", unit="10*9/L"),
        entered("03-03 09:00", "blood_count", "neut", "4.00", unit="10*9/L", **log),
        entered("03-03 09:10", "symptoms", "score", "6", **log),
    ]
    path = written(tmp_path, lines)
    truth = [
        {"what": "slip", "line": 4, "item": "neut"},
        {"what": "slip", "line": 5, "item": "score"},
        {"what": "missed contact", "subject": ONE},
    ]
    truth_beside(path, truth)
    entries, refused = played(path)
    found = burden.burden_of(entries, refused)
    assert found.slips is not None
    assert (found.slips.played, found.slips.caught) == (2, 1)
    assert (found.slips.missed, found.slips.false_alarms) == ((5,), 1)
    assert (found.subjects, found.entries, found.items, found.corrections) == (2, 3, 3, 2)
    assert found.asked >= 2
    assert found.queries["open"] == 1, "the corrected value closed the other one"
    assert set(found.alerts) == {"stop", "ask", "note"}


CROSS_FORM = """    checks:
      - holds: blood_count.neut <= 20
        message: Neutrophils of this visit are high
        source: P-41
  blood_count:
    label: Blood count
"""


@pytest.fixture
def checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the study, a check of one form looks at a value of another."""
    shutil.copytree(STUDY, tmp_path / "study")
    file = tmp_path / "study" / "protocol.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("  blood_count:\n    label: Blood count\n", CROSS_FORM), "utf-8")
    monkeypatch.setattr(settings, "STUDY", str(tmp_path / "study"))
    planned.cache_clear()


def slips_in(folder: Path, lines: list[Line], *slips: int) -> caught.Slips:
    """What becomes of the slips at these lines, which are all of one item."""
    path = written(folder, lines)
    truth_beside(path, [{"what": "slip", "line": line, "item": "neut"} for line in slips])
    entries, refused = played(path)
    assert refused == []
    found = burden.burden_of(entries, refused).slips
    assert found is not None
    return found


def test_a_check_of_another_form_asks_about_the_page_that_gave_the_value(
    empty_db: str, tmp_path: Path, checked: None
) -> None:
    values = ("2.71", "30", "40")  # a harmless slip, a true value that is asked about, a slip
    lines: list[Line] = [act("03-01 09:00", "nurse", "screen")]
    for month, value in enumerate(values, start=3):
        held = {"held_on": f"2024-0{month}-01"}
        at = {"contact": AT_VISIT | held, "subject": ONE}
        moments = [f"0{month}-01 09:{minute}" for minute in (10, 20, 30)]
        lines += [
            act(moments[0], "nurse", "open contact", contact=VISIT | held),
            entered(moments[1], "blood_count", "neut", value, unit="10*9/L", **at),
            entered(moments[2], "symptoms", "score", "5", **at),
        ]
    found = slips_in(tmp_path, lines, 4, 10)
    assert (found.played, found.caught, found.missed, found.false_alarms) == (2, 1, (4,), 1)


def test_a_check_that_asks_only_after_the_correction_has_not_caught_the_slip(
    empty_db: str, tmp_path: Path, checked: None
) -> None:
    lines = [
        *begun(),
        entered("03-01 09:10", "blood_count", "neut", "2.71", unit="10*9/L"),  # 4: no check asks
        entered("03-02 09:10", "blood_count", "neut", "30", unit="10*9/L", reason="Mistyped"),
        entered("03-02 09:20", "symptoms", "score", "5"),  # asks about the true value
    ]
    found = slips_in(tmp_path, lines, 4)
    assert (found.played, found.caught, found.missed, found.false_alarms) == (1, 0, (4,), 1)


def test_a_check_has_not_caught_a_slip_that_was_typed_after_it_had_asked(
    empty_db: str, tmp_path: Path, checked: None
) -> None:
    lines = [
        *begun(),
        entered("03-01 09:10", "blood_count", "neut", "30", unit="10*9/L"),
        entered("03-01 09:20", "symptoms", "score", "5"),  # asks about the true value
        entered("03-02 09:10", "blood_count", "neut", "40", unit="10*9/L", reason="Mistyped"),  # 6
    ]
    found = slips_in(tmp_path, lines, 6)
    assert (found.played, found.caught, found.missed, found.false_alarms) == (1, 0, (6,), 1)


def test_a_page_that_was_entered_after_the_question_is_not_what_the_check_looked_at(
    empty_db: str, tmp_path: Path, checked: None
) -> None:
    """The check finds the value of the visit before; later the form of its own visit comes."""
    held = {"held_on": "2024-04-01"}
    at = {"contact": AT_VISIT | held}
    lines = [
        *begun(),
        entered("03-01 09:10", "blood_count", "neut", "30", unit="10*9/L"),  # 4: asked about
        act("04-01 09:00", "nurse", "open contact", contact=VISIT | held),
        entered("04-01 09:10", "symptoms", "score", "5", **at),
        entered("04-02 09:10", "blood_count", "neut", "2.71", unit="10*9/L", **at),
    ]
    found = slips_in(tmp_path, lines, 4)
    assert (found.played, found.caught, found.missed, found.false_alarms) == (1, 1, (), 0)
