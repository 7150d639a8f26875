"""`entries.jsonl` is read whole before anything is made: every mistake with its line."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from playing_files import AT_VISIT, STUDY, VISIT, act, begun, entered, head, written
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
    ],
)
def test_of_a_wrong_head_nothing_else_is_told(tmp_path, changed, words):
    path = written(tmp_path, [{"act": "nonsense"}], head(**changed))
    (said,) = mistakes(lambda: read_entries(path, planned()))
    assert re.match(rf"entries\.jsonl:1: {words}", said)


def change(**values: Any) -> dict[str, Any]:
    return dict(entered("03-01 09:10", "demography", "age", "44")) | values


@pytest.mark.parametrize(
    "line, words",
    [
        (change(act="entre"), "'act' is 'entre'; did you mean 'enter'?"),
        (change(who="us"), "'who' is 'us' (one of: investigator, nurse"),
        (change(at="2024-03-01 09:10"), "'at' has to be a time in UTC, as 2026-03-02T09:14:00Z"),
        (change(at="2024-02-01T09:10:00Z"), "'at' never goes back"),
        (change(subject="TWO-2"), "TWO-2 was not screened before"),
        (change(form="demographie"), "'form' is 'demographie'; did you mean 'demography'?"),
        (change(item="agee"), "'item' is 'agee'; did you mean 'age'?"),
        (change(repeat=0), "'repeat' has to be a whole number from 1 on"),
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


@pytest.mark.parametrize("line", ["{}", "nothing", '{"what": "slip", "line": 3, "item": "age"}'])
def test_a_truth_that_belongs_to_other_entries_is_refused(tmp_path, line):
    path = written(tmp_path, [*begun(), change()])
    (tmp_path / "truth.jsonl").write_text(line, "utf-8")
    (said,) = mistakes(lambda: read_entries(path, planned()))
    assert said.startswith("truth.jsonl:1: is no slip of entries.jsonl")


def test_the_slips_are_the_lines_that_the_truth_names(tmp_path):
    path = written(tmp_path, [*begun(), change()])
    assert read_entries(path, planned()).slips is None
    told = [{"what": "slip", "line": 4, "item": "age"}, {"what": "late contact", "days": 3}]
    (tmp_path / "truth.jsonl").write_text("\n".join(map(json.dumps, told)), "utf-8")
    assert read_entries(path, planned()).slips == {4}


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
