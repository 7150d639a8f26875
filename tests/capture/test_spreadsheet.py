"""What somebody typed does not run when the audit trail is opened in a spreadsheet."""

import csv
import io

import pytest
from acts import People
from django.urls import reverse
from doors import signed_in

from pilotage.capture.actions.subjects import record_screen_failure
from pilotage.capture.models import Subject
from pilotage.capture.spreadsheet import harmless

RUN = (
    *('=HYPERLINK("http://elsewhere.example")', "+1+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1"),
    *("\n=1", " =1", "\ufeff=1", "\uff1d1", "\uff0b1x", "\uff0dx", "\uff20x"),
)


@pytest.mark.parametrize("cell", RUN)
def test_a_cell_that_would_run_has_an_apostrophe_before_it(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "a", "2026-01-05", "-5", "+0.5", "1-2", "a=b", "a@b"])
def test_a_number_and_an_ordinary_text_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


def test_no_cell_of_the_exported_trail_runs(people: People, subject: Subject) -> None:
    record_screen_failure(subject, by=people["nurse"], reason=RUN[0])
    answer = signed_in("monitor").get(reverse("trail_file"))
    lines = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    cells = [cell for row in csv.reader(io.StringIO(lines, newline="")) for cell in row]
    assert [cell for cell in cells if harmless(cell) != cell] == []
    assert f"'{RUN[0]}" in cells
