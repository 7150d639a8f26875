"""A rehearsal's entries, played: the record is the one that the file describes, at its times."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from doors import Browser
from playing_files import ONE, STUDY, act, begun, entered, opened, played, surroundings, written

from pilotage.capture import clock, first_start, trail, unsafe_database
from pilotage.capture.actions import access, subjects
from pilotage.capture.actions.acting import Actor, acting
from pilotage.capture.actions.cutting import cut_data
from pilotage.capture.cuts import SNAPSHOT
from pilotage.capture.models import AuditEvent, Entry, ItemVersion, Query, Subject
from pilotage.capture.permissions import PERMISSIONS
from pilotage.capture.planned import planned
from pilotage.capture.playing import burden, player, refusals
from pilotage.capture.playing.play import Ready
from pilotage.capture.playing.reading import read_entries
from pilotage.capture.playing.rehearsal import against, present_rehearsal, time_of_record
from pilotage.capture.today import today
from pilotage.capture.verify_trail import verify
from pilotage.forms.acts import KEYS, WHO
from pilotage.simulation.rehearsal import rehearse, told, write_rehearsal
from pilotage.study import load_study

SUBJECTS, SEED = 3, 3

assert surroundings  # of every test


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rehearsal of the study that `pilotage new` makes."""
    made = tmp_path_factory.mktemp("rehearsal")
    study = load_study(STUDY)
    found = rehearse(study, seed=SEED, subjects=SUBJECTS, progress=lambda done, of: None)
    write_rehearsal(made, told(found))
    return made


def lines_of(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()[1:]]


def test_every_act_of_every_role_that_a_file_may_hold_can_be_played() -> None:
    assert player.DO.keys() == KEYS.keys()
    assert PERMISSIONS.keys() >= set(WHO)


@pytest.mark.both_engines
def test_a_cut_after_the_play_holds_the_rows_of_the_rehearsal(
    empty_db: str, folder: Path, tmp_path: Path
) -> None:
    entries, people = opened(folder / "entries.jsonl")
    assert player.play(entries, people, lambda done, of: None) == []
    cut = cut_data("rehearsed", by=people["data_manager"].actor)
    made, expected = tmp_path / cut.folder / SNAPSHOT, folder / "snapshot"
    tables = sorted(path.name for path in expected.glob("*.csv"))
    assert tables == sorted(path.name for path in made.glob("*.csv"))
    for name in tables:
        assert (made / name).read_text("utf-8") == (expected / name).read_text("utf-8"), name
    assert json.loads((made / "manifest.json").read_bytes())["synthetic"] is True


def test_every_event_has_the_time_and_the_role_of_its_line_and_the_trail_is_sound(
    empty_db: str, folder: Path
) -> None:
    path = folder / "entries.jsonl"
    played(path)
    lines = lines_of(path)
    told = {(line["subject"], line["at"], line["who"]) for line in lines}
    done = AuditEvent.objects.exclude(subject="").order_by("seq")
    assert done
    for event in done:
        at = event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        assert (event.subject, at, event.role) in told
    first = AuditEvent.objects.get(seq=1).at
    assert first == datetime.fromisoformat(lines[0]["at"])
    assert verify().faults == ()
    assert set(Subject.objects.values_list("state", flat=True)) <= {"enrolled", "completed"}
    assert not Query.objects.exclude(state="closed")


def test_lines_of_one_moment_and_form_are_one_save(empty_db: str, tmp_path: Path) -> None:
    lines = [
        *begun(),
        entered("03-01 09:10", "demography", "age", "44"),
        entered("03-01 09:10", "demography", "sex", "M"),
        entered("03-01 09:12", "demography", "consent", "2024-03-01"),
    ]
    played(written(tmp_path, lines))
    saves = AuditEvent.objects.filter(action="entry saved").order_by("seq")
    assert [json.loads(each.details)["changed"] for each in saves] == [["age", "sex"], ["consent"]]


def test_after_the_play_the_day_is_the_last_one_and_the_clock_goes_on_from_there(
    empty_db: str, tmp_path: Path
) -> None:
    played(written(tmp_path, begun()))
    assert today() == date(2024, 12, 31)
    first, second = clock.now(), clock.now()
    assert datetime(2024, 12, 31, tzinfo=UTC) <= first <= second
    assert second - first < timedelta(minutes=5)
    clock.follow(None)
    assert clock.now() - second > timedelta(days=300)
    clock.ask(time_of_record)  # as every command does that opens the record
    assert abs(clock.now() - second) < timedelta(minutes=5)
    first_start.invented_staff()
    assert verify().faults == ()


def test_a_play_that_was_interrupted_goes_on_where_it_was(
    empty_db: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(player, "TOGETHER", 7)
    entries, people = opened(folder / "entries.jsonl")
    of = len(entries.acts)

    def stop(done: int, every: int) -> None:
        assert every == of
        if done >= 21:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        player.play(entries, people, stop)
    assert "--load" in against(None)[0]
    assert against(entries) == []
    clock.follow(time_of_record())
    people, done = first_start.invented_staff(), []
    player.play(entries, people, lambda now, every: done.append(now))
    assert 21 < done[0] <= 28, "acts that had nothing to do leave no event"
    assert done[-1] == of
    assert against(None) == []
    keys = AuditEvent.objects.filter(key__startswith=entries.mark).values_list("key", flat=True)
    lines = {key.split(":")[1] for key in keys} - {"mark", "played"}
    quiet = {"answer queries", "close queries", "sign"}
    expected = {str(a.line) for a in entries.acts if a.act not in quiet}
    assert expected <= lines
    assert ItemVersion.objects.count() == sum(len(a.answers or ()) for a in entries.acts)
    assert verify().faults == ()


def test_what_is_refused_is_told_with_its_line_and_stops_nothing(
    empty_db: str, tmp_path: Path
) -> None:
    lines = [
        *begun(),
        entered("03-01 09:10", "demography", "age", "44"),
        entered("03-02 09:10", "demography", "age", "45"),
        act("03-02 09:15", "investigator", "enrol"),
        act("03-02 09:20", "monitor", "sign"),
        entered("03-03 09:10", "demography", "sex", "M"),
    ]
    entries, refused = played(written(tmp_path, lines))
    assert [(each.line, each.act, each.subject) for each in refused] == [
        (5, "enter", ONE),
        (6, "enrol", ONE),
    ]
    assert "reason" in refused[0].why
    assert ItemVersion.objects.get(item="age").value == "44"
    assert ItemVersion.objects.get(item="sex").value == "M"
    assert refusals.refused_until(len(lines) + 1) == refused
    said = burden.words(burden.burden_of(entries, refused))
    assert "Refused: 2 acts" in said
    assert f"  line 6: {ONE} enrol: {refused[1].why}" in said


def test_a_subject_may_fail_screening_or_withdraw_and_queries_wait_for_their_answer(
    empty_db: str, tmp_path: Path
) -> None:
    lines = [
        *begun(),
        entered("03-01 09:10", "blood_count", "neut", "60", unit="10*9/L"),
        act("03-01 10:00", "data_manager", "close queries"),
        act("03-01 10:00", "nurse", "answer queries"),
        act("03-02 10:00", "nurse", "screen failure", reason="did not want to"),
    ]
    played(written(tmp_path, lines))
    query = Query.objects.get()
    assert (query.state, query.origin) == ("answered", "blood_count.check.1")
    assert Subject.objects.get().state == "screen failure"


def test_the_burden_is_kept_and_a_second_play_writes_nothing(empty_db: str, tmp_path: Path) -> None:
    entries, people = opened(written(tmp_path, begun()))
    words, path = Ready(entries, people).play(lambda done, of: None)
    assert words[0].startswith("Played: 1 subject")
    kept = json.loads(path.read_text("utf-8"))
    assert (kept["synthetic"], kept["subjects"], kept["refused"]) == (True, 1, [])
    events = AuditEvent.objects.count()
    assert Ready(entries, people).play(lambda done, of: None) == (["Played before"], path)
    assert AuditEvent.objects.count() == events


def test_the_pages_of_a_rehearsal_say_that_it_is_synthetic_and_which_day_it_is(
    empty_db: str, tmp_path: Path
) -> None:
    entries, people = opened(written(tmp_path, begun()))
    player.play(entries, people, lambda done, of: None)
    browser = Browser()
    browser.post("/sign-in/", {"name": "nurse", "password": people["nurse"].password})
    code = re.search(
        r'id="demonstration-code">(\d{6})<', browser.get("/sign-in/code/").content.decode()
    )
    assert code
    assert browser.post("/sign-in/code/", {"code": code[1]}).status_code == 302
    page = browser.get("/").content.decode()
    assert "Synthetic data: no real person is described" in page
    assert "2024-12-31" in page


# -- no other record ------------------------------------------------------------------------------


def test_an_invented_time_cannot_be_written_into_a_record_that_is_no_rehearsal(
    record_db: str,
) -> None:
    nurse = Actor(access.User.objects.get(username="nurse"))
    site = access.Site.objects.get()
    before = AuditEvent.objects.count()
    clock.follow(clock.Invented(lambda: datetime(2030, 1, 1, tzinfo=UTC)))
    with pytest.raises(RuntimeError, match="no place in another record"):
        subjects.screen_subject(site, by=nurse)
    assert AuditEvent.objects.count() == before


def test_a_mark_that_comes_later_makes_no_rehearsal_of_a_record(record_db: str) -> None:
    with acting(trail.REHEARSAL, by=Actor.system("somebody"), key=None, asked={}) as late:
        late.told = {"entries": "0" * 64, "until": "2030-01-01"}
    assert trail.rehearsal() is None
    assert present_rehearsal() is None


def test_entries_are_played_into_their_own_rehearsal_alone(record_db: str, tmp_path: Path) -> None:
    entries = read_entries(written(tmp_path, begun()), planned())
    assert "is no rehearsal" in against(entries)[0]
    with pytest.raises(RuntimeError, match="not the rehearsal of these entries"):
        player.play(entries, {}, lambda done, of: None)
    assert not Entry.objects.exists()


def test_another_file_is_refused_and_the_cohort_stays_out_of_a_rehearsal(
    empty_db: str, tmp_path: Path
) -> None:
    played(written(tmp_path, begun()))
    other = read_entries(written(tmp_path, begun()[:1]), planned())
    assert "the rehearsal of another file" in against(other)[0]
    reasons = unsafe_database.refusals(unsafe_database.present_standing(), demo=False, amended="")
    assert "the record is a demonstration or a rehearsal" in reasons[-1]
    accounts = first_start.demonstration_accounts(lambda done, of: None)
    assert {role for _name, _password, role in accounts} >= {"nurse", "monitor"}
    assert [each.usubjid for each in Subject.objects.all()] == [ONE]
