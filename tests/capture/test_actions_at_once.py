"""Several people, or one impatient person, at the same moment."""

from collections.abc import Callable, Iterable
from threading import Barrier, Thread

import pytest
from acts import People, save, saved, sign
from django.db import connection

from pilotage.capture.actions import Overtaken, Refused, subjects
from pilotage.capture.actions.locking import lock_entry
from pilotage.capture.models import AuditEvent, Entry, ItemVersion, Site, Subject
from pilotage.capture.verify_trail import verify


def at_once(acts: Iterable[Callable[[], object]]) -> list[object]:
    """What each of the acts gave, or the refusal, all begun at the same moment."""
    acts = list(acts)
    start, found = Barrier(len(acts)), []

    def work(act: Callable[[], object]) -> None:
        start.wait()
        try:
            found.append(act())
        except Refused as refused:
            found.append(refused)
        finally:
            connection.close()

    threads = [Thread(target=work, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == len(acts)
    return found


@pytest.mark.both_engines
def test_a_form_sent_many_times_is_saved_once(subject: Subject, people: People) -> None:
    before = AuditEvent.objects.count()
    found = at_once(
        [lambda: save(subject, people["nurse"], revision=None, key="k") for _ in range(8)]
    )
    assert {(each.entry.pk, each.event.seq) for each in found} == {  # type: ignore[attr-defined]
        (Entry.objects.get().pk, before + 1)
    }
    assert AuditEvent.objects.count() == before + 1
    assert ItemVersion.objects.count() == 3


@pytest.mark.both_engines
def test_of_many_editors_one_is_first_and_the_others_are_told(
    subject: Subject, people: People
) -> None:
    revision = saved(subject, people["nurse"]).revision
    found = at_once(
        [
            lambda n=n: save(  # type: ignore[misc]
                subject, people["nurse"], {"version": f"v{n}"}, reason="misread", revision=revision
            )
            for n in range(6)
        ]
    )
    overtaken = [each for each in found if isinstance(each, Overtaken)]
    assert len(overtaken) == 5
    (stands,) = ItemVersion.objects.filter(item="version", number=2).values_list("value", flat=True)
    assert {each.theirs["version"].value for each in overtaken} == {stands}


@pytest.mark.both_engines
def test_saving_and_locking_at_once_leave_no_change_under_a_lock(
    subject: Subject, people: People
) -> None:
    entry = saved(subject, people["nurse"])
    sign(entry, people["investigator"])
    revision = Entry.objects.get().revision
    at_once(
        [
            lambda: save(
                subject, people["nurse"], {"version": "9"}, reason="misread", revision=revision
            ),
            lambda: lock_entry(entry, by=people["data_manager"]),
        ]
    )
    found = Entry.objects.get()
    changed = ItemVersion.objects.filter(value="9").exists()
    assert found.locked != changed
    assert verify().faults == ()


@pytest.mark.both_engines
def test_subjects_screened_at_once_have_numbers_of_their_own(site: Site, people: People) -> None:
    found = at_once([lambda: subjects.screen_subject(site, by=people["nurse"]) for _ in range(6)])
    codes = sorted(each.usubjid for each in found)  # type: ignore[attr-defined]
    assert codes == [f"01-{number:03d}" for number in range(1, 7)]
