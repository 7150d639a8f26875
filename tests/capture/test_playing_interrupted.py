"""A play that is interrupted, torn or refused: nothing is lost, nothing stands there twice."""

from pathlib import Path
from typing import Any

import pytest
from capture_records import PASSWORD
from playing_files import act, begun, entered, opened, played, surroundings, written

from pilotage.capture import clock, first_start
from pilotage.capture.actions import access
from pilotage.capture.actions.acting import Actor
from pilotage.capture.models import Subject
from pilotage.capture.planned import planned
from pilotage.capture.playing import player, refusals
from pilotage.capture.playing.reading import read_entries
from pilotage.capture.playing.rehearsal import against, open_rehearsal, time_of_record
from pilotage.findings import InputErrors

assert surroundings  # of every test

REFUSED_LINES = [
    *begun(),
    act("03-01 09:10", "investigator", "enrol"),
    entered("03-01 09:20", "demography", "age", "44"),
    act("03-01 09:30", "investigator", "enrol"),
    entered("03-01 09:40", "demography", "sex", "M"),
]


@pytest.mark.parametrize("killed", ["before the commit", "after the commit"])
def test_a_play_that_is_killed_loses_no_refusal_and_tells_none_twice(
    empty_db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed: str
) -> None:
    monkeypatch.setattr(player, "TOGETHER", 3)
    entries, people = opened(written(tmp_path, REFUSED_LINES))
    write = player.write_refusals

    def dies(*_any: object) -> None:
        raise KeyboardInterrupt

    def written_then_dies(found: list[refusals.Refusal]) -> None:
        write(found)
        dies()

    if killed == "before the commit":
        monkeypatch.setattr(player, "write_refusals", written_then_dies)
    with pytest.raises(KeyboardInterrupt):
        player.play(entries, people, dies)
    monkeypatch.setattr(player, "write_refusals", write)
    assert Subject.objects.count() == (killed == "after the commit")
    clock.follow(time_of_record())
    again = player.play(entries, people, lambda done, of: None)
    assert [each.line for each in again] == [4, 6]
    assert player.play(entries, people, lambda done, of: None) == again


def test_a_line_of_the_refusals_that_was_torn_off_is_left_out(
    empty_db: str, tmp_path: Path
) -> None:
    _entries, refused = played(written(tmp_path, REFUSED_LINES))
    file = tmp_path / refusals.REFUSED
    file.write_bytes(file.read_bytes()[:-9])
    assert refusals.refused_until(99) == refused[:1]


def test_a_play_of_which_nothing_was_possible_is_not_over(empty_db: str, tmp_path: Path) -> None:
    entries, people = opened(written(tmp_path, begun()))
    nurse = access.User.objects.get(username="nurse")
    (role,) = access.Membership.objects.filter(user=nurse)
    clock.follow(time_of_record())
    access.end_role(role, by=Actor.system("tests"), reason="Left")
    with pytest.raises(InputErrors, match=r"nothing of it could be played: 2 acts.*; line 2: "):
        player.play(entries, people, lambda done, of: None)
    assert not player.is_played()
    assert "--load" in against(None)[0]


@pytest.mark.parametrize("role", ["nurse", "monitor"])
def test_a_start_that_is_killed_before_a_role_is_given_gives_it_the_next_time(
    empty_db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    entries = read_entries(written(tmp_path, begun()), planned())
    open_rehearsal(entries)
    grant = access.grant_role

    def dies(user: access.User, given: str, *where: Any, **by: Any) -> access.Membership:
        if given == role:
            raise KeyboardInterrupt
        return grant(user, given, *where, **by)

    monkeypatch.setattr(access, "grant_role", dies)
    with pytest.raises(KeyboardInterrupt):
        first_start.invented_staff()
    monkeypatch.setattr(access, "grant_role", grant)
    assert not access.User.objects.filter(username=role).exists(), "an account has its role"
    once = access.add_user(
        role, by=Actor.system("tests"), first_name="A", last_name="B", password=PASSWORD
    )
    people = first_start.invented_staff()
    assert [each.role for each in access.Membership.objects.filter(user=once)] == [role]
    assert player.play(entries, people, lambda done, of: None) == []
