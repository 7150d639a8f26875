"""`entries.jsonl` is read whole before anything is made: every mistake with its line."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from playing_files import (
    AT_VISIT,
    STUDY,
    VISIT,
    Line,
    act,
    begun,
    entered,
    head,
    truth_beside,
    written,
)
from test_serve import answered, pilotage
from typer import BadParameter

from pilotage.capture.planned import planned
from pilotage.capture.playing.reading import SHOWN, Entries, read_entries
from pilotage.cli.serve import serve
from pilotage.findings import InputErrors

AGE = {"item": "age", "value": "44"}


@pytest.fixture(autouse=True)
def _study(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(settings, "STUDY", str(STUDY))
    planned.cache_clear()
    yield
    planned.cache_clear()


def mistakes(read: Callable[[], Entries]) -> list[str]:
    with pytest.raises(InputErrors) as wrong:
        read()
    return [str(finding) for finding in wrong.value.findings]


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"pilotage_entries": 2}, "is no head of entries"),
        ({"study": "OTHER"}, "holds entries of the study OTHER, not of"),
        ({"study_digest": "0" * 64}, "was made for other files of the study .*pilotage rehearse"),
        ({"synthetic": False}, "does not say that it is invented"),
        ({"until": "tomorrow"}, "'until' has to be a day"),
        ({"until": "9999-12-31"}, "'until' has to be a day of 1900 to 2100"),
        ({"subjects": 0}, "'subjects' has to be a whole number from 1 to 2147483647"),
        ({"lines": None}, "'lines' has to be a whole number"),
    ],
)
def test_of_a_wrong_head_nothing_else_is_told(tmp_path, changed, words):
    path = written(tmp_path, [{"act": "nonsense"}], head(**changed))
    (said,) = mistakes(lambda: read_entries(path, planned()))
    assert re.match(rf"entries\.jsonl:1: {words}", said)


def change(**values: Any) -> dict[str, Any]:
    return dict(entered("03-01 09:10", "demography", "age", "44")) | values


def opening(**values: Any) -> Line:
    return act("03-01 09:10", "nurse", "open contact", contact=VISIT | {"order": 1} | values)


@pytest.mark.parametrize(
    "line, words",
    [
        (change(act="entre"), "'act' is 'entre'; did you mean 'enter'?"),
        (change(who="us"), "'who' is 'us' (one of: investigator, nurse"),
        (change(at="2024-03-01 09:10"), "'at' has to be a time in UTC of 1900 to 2100, as 2026"),
        (change(at="2025-01-01T00:00:00Z"), "'at' lies after the last day of the rehearsal, 2024-"),
        (change(at="9999-03-01T09:10:00Z"), "'at' has to be a time in UTC of 1900 to 2100"),
        (change(at="2024-02-01T09:10:00Z"), "'at' never goes back"),
        (change(subject="TWO-2"), "TWO-2 was not screened before"),
        (change(form="demographie"), "'form' is 'demographie'; did you mean 'demography'?"),
        (change(item="agee"), "'item' is 'agee'; did you mean 'age'?"),
        (change(repeat=0), "'repeat' has to be a whole number from 1 to 9999"),
        (change(repeat=10**30), "'repeat' has to be a whole number from 1 to 9999"),
        (change(unit="x" * 41), "'unit' has 41 characters; at most 40 are kept"),
        (change(value="\ud800"), "holds a character that no text has"),
        (change(value="\0"), "holds a character that no text has"),
        (opening(label="\udfff"), "holds a character that no text has"),
        (opening(label="x" * 121), "contact: 'label' has 121 characters; at most 120 are kept"),
        (opening(order=10**30), "contact: 'order' has to be a whole number from 0 to 9999"),
        (opening(number=float("nan")), "is no JSON object"),
        (opening(number=float("inf")), "is no JSON object"),
        (opening(number=10**400), "contact: 'number' has to be a number from -9999 to 9999"),
        (opening(number=True), "contact: 'number' has to be a number"),
        (opening(held_on="2024-02-31"), "contact: 'held_on' has to be a day, a month or a year"),
        (opening(held_on="2024-03-02"), "contact: Entry on 2024-03-02 lies after the day on which"),
        (opening(held_on="2024-04"), "contact: Entry on 2024-04 lies after the day on which it is"),
        (opening(held_on="2024-02-01T09:00"), "contact: 'held_on' has to be a day, a month or"),
        (change(missing="unknown"), "either a 'value' or why it is 'missing'"),
        (change(value=44), "'value' has to be left out, or a text"),
        (change(valeu="44"), "'valeu' is not known here; did you mean 'value'?"),
        (change(contact={**AT_VISIT, "order": 1}), "contact: ENTRY on 2024-03-01 was not opened"),
        (change(contact="ENTRY"), "'contact' has to be an object, or null"),
        (act("03-01 09:10", "nurse", "screen"), "screens ONE-1 a second time"),
        (act("03-01 09:10", "nurse", "open contact", contact=VISIT), "was opened before"),
        (act("03-01 09:10", "nurse", "open contact"), "which contact is opened"),
        (act("03-01 09:10", "investigator", "withdraw"), "'reason' has to be a text"),
        (act("03-01 09:10", "nurse", "enrol", form="visit"), "'form' is not known here"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path, line, words):
    path = written(tmp_path, [*begun(), line])
    said = mistakes(lambda: read_entries(path, planned()))
    assert said[0].startswith("entries.jsonl:4: ")
    assert words in said[0]
    assert len(said) == 1


def test_an_item_stands_once_in_one_entry(tmp_path):
    path = written(tmp_path, [*begun(), change(), change(value="45")])
    said = mistakes(lambda: read_entries(path, planned()))
    assert said == ["entries.jsonl:5: age is answered twice in one entry"]


def test_of_many_mistakes_the_first_are_shown_and_the_others_counted(tmp_path):
    path = written(tmp_path, [*begun(), *([change(item="agee")] * 25)])
    said = mistakes(lambda: read_entries(path, planned()))
    assert len(said) == SHOWN + 1
    assert said[-1] == "entries.jsonl: 5 more mistakes"


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "entries.jsonl:1: is no head"),
        (b"{not json", "entries.jsonl:1: is no head"),
        (b"\xff\n", "entries.jsonl:1: is not written in UTF-8"),
    ],
)
def test_a_file_that_holds_something_else_is_refused(tmp_path, content, words):
    path = tmp_path / "entries.jsonl"
    path.write_bytes(content)
    assert mistakes(lambda: read_entries(path, planned()))[0].startswith(words)


def test_a_character_of_two_halves_is_one(tmp_path):
    (act,) = read_entries(
        written(tmp_path, [*begun(), change(value="\U0001f600")]), planned()
    ).acts[2:]
    assert act.answers["age"].value == "\U0001f600"
    assert b"ud83d" in (tmp_path / "entries.jsonl").read_bytes()


@pytest.mark.parametrize("held_on", ["2024-02-29", "2024-02", "2024"])
def test_the_day_of_a_contact_may_be_known_in_part(tmp_path, held_on):
    path = written(tmp_path, [*begun(), opening(held_on=held_on)])
    (*_, last) = read_entries(path, planned()).acts
    assert last.contact.held_on == held_on


@pytest.mark.parametrize("kept", [1, 2, 3])
def test_a_file_that_was_cut_at_the_end_of_a_line_is_refused(tmp_path, kept):
    path = written(tmp_path, [*begun(), change()])
    assert len(read_entries(path, planned()).acts) == 3
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:kept]))
    said = mistakes(lambda: read_entries(path, planned()))
    words = f"the head says 3 lines after it, but there are {kept - 1}"
    assert said == [f"entries.jsonl: {words}: make the file anew with pilotage rehearse"]


def test_a_file_with_another_number_of_subjects_than_its_head_says_is_refused(tmp_path):
    path = written(tmp_path, begun(), head(subjects=2))
    (said,) = mistakes(lambda: read_entries(path, planned()))
    assert said.startswith("entries.jsonl: the head says 2 subjects, but there are 1")


# -- the truth ------------------------------------------------------------------------------------

SLIP = {"what": "slip", "line": 4, "item": "age"}


def test_the_slips_are_the_lines_that_the_truth_names(tmp_path):
    path = written(tmp_path, [*begun(), change()])
    assert read_entries(path, planned()).slips is None
    truth_beside(path, [SLIP, {"what": "late contact", "days": 3}])
    assert read_entries(path, planned()).slips == {4}
    truth_beside(path, [])
    assert read_entries(path, planned()).slips == frozenset()


@pytest.mark.parametrize(
    "line, words",
    [
        ({}, "cannot be read"),
        ({"what": ["slip"]}, "cannot be read"),
        ({"what": "slip"}, "is no slip of entries.jsonl"),
        (SLIP | {"line": 3}, "is no slip of entries.jsonl"),
        (SLIP | {"line": 4.0}, "is no slip of entries.jsonl"),
        (SLIP | {"line": [4]}, "is no slip of entries.jsonl"),
        (SLIP | {"item": ["age"]}, "is no slip of entries.jsonl"),
    ],
)
def test_a_line_of_the_truth_that_names_no_entered_item_is_refused(tmp_path, line, words):
    path = written(tmp_path, [*begun(), change()])
    truth_beside(path, [SLIP, line])
    (said,) = mistakes(lambda: read_entries(path, planned()))
    assert said.startswith(f"truth.jsonl:3: {words}: make both anew")


@pytest.mark.parametrize("line", ["nothing", "[" * 100_000, "[]"])
def test_a_line_of_the_truth_that_is_no_object_is_refused(tmp_path, line):
    path = written(tmp_path, [*begun(), change()])
    file = truth_beside(path, [SLIP], lines=2)
    file.write_text(file.read_text("utf-8") + line, "utf-8")
    (said,) = mistakes(lambda: read_entries(path, planned()))
    assert said.startswith("truth.jsonl:3: cannot be read: make both anew")


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"pilotage_truth": 2}, "is no head of the slips ('pilotage_truth': 1)"),
        ({"entries_sha256": "0" * 64}, "was made for another entries.jsonl"),
        ({"lines": 2}, "says 2 lines after it, but there are 1"),
        ({"synthetic": False}, "does not say that it is invented"),
    ],
)
def test_a_truth_of_other_entries_or_one_that_was_cut_is_refused(tmp_path, changed, words):
    path = written(tmp_path, [*begun(), change()])
    truth_beside(path, [SLIP], **changed)
    (said,) = mistakes(lambda: read_entries(path, planned()))
    assert said.startswith(f"truth.jsonl:1: {words}")


@pytest.mark.parametrize("content", [b"", b"\n", b'{"what": "slip", "line": 4, "item": "age"}\n'])
def test_a_truth_without_a_head_is_refused(tmp_path, content):
    path = written(tmp_path, [*begun(), change()])
    (tmp_path / "truth.jsonl").write_bytes(content)
    (said,) = mistakes(lambda: read_entries(path, planned()))
    assert said.startswith("truth.jsonl:1: is no head of the slips")


# -- the command ----------------------------------------------------------------------------------


def test_of_a_file_with_mistakes_nothing_is_made(tmp_path):
    path, data = written(tmp_path, [*begun(), change(item="agee")]), tmp_path / "data"
    code, said = answered(
        *("serve", str(STUDY), "--load", str(path), "--load-only", "--data", str(data))
    )
    assert (code, said.strip()) == (1, "entries.jsonl:4: 'item' is 'agee'; did you mean 'age'?")
    assert not data.exists()


@pytest.mark.slow
def test_load_only_ends_after_the_play_with_its_burden(tmp_path):
    path, data = written(tmp_path, [*begun(), change()]), str(tmp_path / "data")
    process = pilotage("serve", str(STUDY), "--load", str(path), "--load-only", "--data", data)
    said = process.communicate(timeout=170)[0].splitlines()  # fifteen passwords on a busy machine
    assert process.returncode == 0, said
    assert said[0] == "Played: 1 subject, 1 entry, 1 item, 0 corrections"
    assert said[-1] == f"Burden: {data}/burden.json"


def test_options_that_do_not_go_together_are_refused(tmp_path):
    with pytest.raises(BadParameter, match="leave --demo out"):
        serve(str(STUDY), demo=True, load=tmp_path / "entries.jsonl")
    with pytest.raises(BadParameter, match="needs --load FILE"):
        serve(str(STUDY), load_only=True)
