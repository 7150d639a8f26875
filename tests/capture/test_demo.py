"""The cohort entered through the application's actions: its cut, its advice, and a number traced
back to what was typed. One record for all of them, entered once."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import polars as pl
import pytest
from capture_records import DATA, started
from django.conf import settings
from django.db import connections

from pilotage.capture import demo, first_start, present
from pilotage.capture.actions.cutting import cut_data, lock_cut
from pilotage.capture.actions.refused import NotPermitted, Refused
from pilotage.capture.advice import advice_on
from pilotage.capture.cuts import SNAPSHOT
from pilotage.capture.models import (
    AuditEvent,
    DataCut,
    Entry,
    ItemVersion,
    Query,
    StoredFile,
    Subject,
    User,
)
from pilotage.capture.planned import planned
from pilotage.capture.present import record_of
from pilotage.capture.result_rows import trace_result
from pilotage.capture.secret import make_secret_key
from pilotage.capture.tracing import typed
from pilotage.capture.verify_trail import verify
from pilotage.datasets import derive
from pilotage.rules import advise, record
from pilotage.snapshot import Snapshot, read_snapshot

pytestmark = pytest.mark.slow

RESULT = "CR/EVALFL/-/-/count"


@dataclass(frozen=True)
class Demo:
    people: dict[str, demo.Person]
    told: list[tuple[int, int]]
    cut: DataCut
    snapshot: Snapshot
    data: Path


@pytest.fixture(scope="module")
def cohort() -> Snapshot:
    return read_snapshot(planned().folder / "cohort")


@pytest.fixture(scope="module")
def entered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demonstration, and a data cut of it."""
    engine = started("sqlite")
    data = tmp_path_factory.mktemp("demo")
    name = str(data / "pilotage.sqlite3")
    engine.copy(engine.template("empty"), name)
    engine.connect(name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DATA", data)
        patch.setattr(settings, "SYNTHETIC", True)
        told: list[tuple[int, int]] = []
        make_secret_key(data)
        first_start.open_record(demonstration=True)
        people = demo.staff()
        demo.enter_cohort(people, lambda done, every: told.append((done, every)))
        cut = cut_data("demo", by=people["data_manager"].actor)
        yield Demo(people, told, cut, read_snapshot(data / cut.folder / SNAPSHOT), data)
    connections["default"].close()


def test_the_cut_of_the_demonstration_gives_the_datasets_of_the_cohort(
    entered: Demo, cohort: Snapshot
) -> None:
    made = derive(planned(), entered.snapshot).named()
    for name, expected in derive(planned(), cohort).named().items():
        assert made[name].columns == expected.columns, name
        assert made[name].equals(expected, null_equal=True), name
    assert (entered.snapshot.synthetic, entered.snapshot.data_cut) == (True, cohort.data_cut)


def test_progress_is_told_subject_by_subject_and_a_second_start_enters_nobody_again(
    entered: Demo,
) -> None:
    assert entered.told == [(done, 15) for done in range(1, 16)]
    events = AuditEvent.objects.count()
    demo.enter_cohort(entered.people, lambda done, every: None)
    assert AuditEvent.objects.count() == events


def test_the_pictures_that_the_cohort_names_are_in_the_record(entered: Demo) -> None:
    named = ItemVersion.objects.filter(entry__form="photograph", item="picture")
    assert named
    assert {each.value for each in named} == set(
        StoredFile.objects.values_list("sha256", flat=True)
    )


def test_everybody_did_what_their_role_does(entered: Demo) -> None:
    by = set(AuditEvent.objects.exclude(subject="").values_list("role", flat=True))
    assert {"investigator", "nurse", "pharmacist", "monitor"} <= by
    assert set(Subject.objects.values_list("state", flat=True)) == {"enrolled"}
    asked = Query.objects.values_list("subject__usubjid", "state").order_by("subject__usubjid")
    assert {who for who, state in asked if state == "open"} == {"SYN-13", "SYN-14", "SYN-15"}
    assert {who for who, state in asked if state == "closed"} == {
        f"SYN-{number:02d}" for number in range(1, 13)
    }
    signed = Entry.objects.filter(state="verified and signed").values("subject").distinct()
    assert signed.count() == 15 - demo.UNFINISHED


def test_the_trail_of_the_demonstration_is_whole(entered: Demo) -> None:
    assert verify().faults == ()


def test_a_cut_is_locked_once_and_only_while_its_files_are_those_that_were_written(
    entered: Demo,
) -> None:
    by = entered.people["statistician"].actor
    made = cut_data("to-lock", by=by)
    assert made.digest == entered.cut.digest, "the same record gives the same bytes"
    file = entered.data / made.folder / SNAPSHOT / "ae.csv"
    content = file.read_bytes()
    file.write_bytes(content.replace(b"MILD", b"SEVERE"))
    with pytest.raises(Refused, match="not those that were written"):
        lock_cut(made, by=by)
    file.write_bytes(content)
    assert lock_cut(made, by=by).locked
    with pytest.raises(Refused, match="is locked already"):
        lock_cut(made, by=by)


def test_a_nurse_cuts_no_data(entered: Demo) -> None:
    with pytest.raises(NotPermitted):
        cut_data("not-hers", by=entered.people["nurse"].actor)
    assert not (entered.data / "cuts" / "not-hers").exists()


def test_advice_from_the_record_is_that_from_the_cohort(entered: Demo, cohort: Snapshot) -> None:
    study, day = planned(), cohort.data_cut
    known = record(study, cohort, derive(study, cohort))
    for usubjid in ("SYN-01", "SYN-03"):
        own = advice_on(Subject.objects.get(usubjid=usubjid), day)
        expected = advise(known, usubjid, day)
        assert own is not None
        assert (own.dosing, own.step, own.phase) == (expected.dosing, expected.step, expected.phase)
        assert (own.stopping, own.dispensing) == (expected.stopping, expected.dispensing)


def test_the_record_of_a_subject_is_kept_until_it_changes(entered: Demo) -> None:
    subject = Subject.objects.get(usubjid="SYN-02")
    present._kept.cache_clear()
    begun = perf_counter()
    first = record_of(subject)
    took = perf_counter() - begun
    assert record_of(subject) is first
    assert took < 5, "far beyond what a page may take"


def test_a_number_is_traced_to_what_was_typed(entered: Demo) -> None:
    found = trace_result(planned(), entered.snapshot, RESULT, subject="SYN-01")
    row, asked = found.rows
    assert (row.part, asked.part) == ("counted", "subjects")
    answers = typed(entered.cut, row.behind)
    assert len(answers) == len(row.behind)
    for line in row.behind:
        (score, *_) = [
            each
            for each in answers[line.subject, line.domain, line.number]
            if each.column == "QSORRES"
        ]
        version = ItemVersion.objects.get(pk=score.version)
        assert version.value == line.cells["QSORRES"]
        assert (score.by, score.role) == ("investigator", "investigator")
        event = AuditEvent.objects.get(seq=score.event)
        assert (event.subject, event.action) == ("SYN-01", "entry saved")


@pytest.mark.parametrize(
    "result, tables",
    [
        ("DSDNA_POSITIVE_SLE/SAFFL/-/-/count", {"DM", "EX", "MH", "LB"}),
        ("PRIOR_AZA/SAFFL/-/-/count Y", {"DM", "EX", "CM"}),
        ("SCREENED/SCRNFL/-/-/count", {"DM"}),
    ],
)
def test_a_number_of_a_subject_as_a_whole_is_traced_to_what_its_columns_rest_on(
    entered: Demo, result: str, tables: set[str]
) -> None:
    row = trace_result(planned(), entered.snapshot, result).rows[0]
    assert {line.domain for line in row.behind} == tables
    answers = typed(entered.cut, row.behind)
    assert {domain for _subject, domain, _number in answers} == tables
    for line in row.behind:
        if line.domain == "LB":
            assert line.cells["LBTESTCD"] == "ADSDNA"
        if line.domain == "CM":
            assert (line.cells["CMTRT"], line.cells["CMOCCUR"]) == ("AZA", "Y")


def test_the_deviations_of_a_cut_follow_from_the_record(entered: Demo, cohort: Snapshot) -> None:
    def days(table: pl.DataFrame) -> set[tuple[Any, ...]]:
        return set(table.select("USUBJID", "DVSTDTC").iter_rows())

    assert days(cohort.tables["dv"]) <= days(entered.snapshot.tables["dv"])


def command(name: str, *arguments: str) -> list[str]:
    """A command in a process of its own, as somebody on the server gives it."""
    code = f"import typer; from pilotage.cli.{name} import {name}; typer.run({name})"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_command_cuts_the_same_bytes(entered: Demo) -> None:
    said = command("cut", "lenalidomide_cle", "--data", str(entered.data), "--name", "by-command")
    assert said == [
        str(entered.data / "cuts" / "by-command" / SNAPSHOT),
        f"SHA-256 of its manifest: {entered.cut.digest}",
    ]
    event = AuditEvent.objects.order_by("-seq").first()
    assert event is not None
    assert (event.action, event.user_name, event.role) == ("data cut", "pilotage cut", "system")


def test_the_command_traces_a_number_to_the_trail(entered: Demo) -> None:
    place = ("--data", str(entered.data), "--cut", "demo", "--subject", "SYN-01")
    said = command("trace", "lenalidomide_cle", RESULT, *place)
    assert said[0] == f"{RESULT} = 12"
    assert sum(line.startswith("ADRS SYN-01.") for line in said) == 1
    typed_lines = [line for line in said if " by investigator (investigator), " in line]
    assert typed_lines
    assert all("QSORRES from clasi." in line or "QSSTRESN" in line for line in typed_lines)


def test_the_command_traces_a_number_in_a_snapshot_alone(cohort: Snapshot) -> None:
    said = command("trace", "lenalidomide_cle", RESULT, "--snapshot", str(cohort.folder))
    assert said[0] == f"{RESULT} = 12"
    counted = said.index("counted: 12 rows of ADRS")
    looked_at = said.index("looked at, not counted: 2 rows of ADRS")
    subjects = said.index("of these subjects, counted or not: 14 rows of ADSL")
    assert sum(line.startswith("ADRS SYN-") for line in said[counted:looked_at]) == 10
    assert said[looked_at - 1] == "and 2 more rows; --subject or --json shows them"
    assert sum(line.startswith("ADRS SYN-") for line in said[looked_at:subjects]) == 2
    assert said[subjects + 1] == "ADSL SYN-01.1: EVALFL Y"
    assert said[-1] == "and 4 more rows; --subject or --json shows them"


def test_the_staff_has_new_passwords_at_each_start(entered: Demo) -> None:
    again = demo.staff()
    assert {name: who.role for name, who in again.items()} == {n: n for n in demo.PEOPLE}
    nurse = User.objects.get(username="nurse")
    assert nurse.check_password(again["nurse"].password)
    assert not nurse.check_password(entered.people["nurse"].password)
    assert not nurse.must_change_password


assert DATA  # the surroundings of all tests of the application are made by then
