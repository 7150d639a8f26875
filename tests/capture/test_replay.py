"""The present state of every table follows from the events of the trail alone."""

import pytest
from capture_records import Engine
from random_acts import NAMES, Life

from pilotage.capture.models import AuditEvent
from pilotage.capture.replay import differences, replayed
from pilotage.capture.verify_trail import verify

ACTS = {"sqlite": 2000, "postgresql": 300}


@pytest.mark.both_engines
def test_the_record_is_what_the_events_say(record_db: str, engine: Engine) -> None:
    life = Life(seed=20261123)
    for _ in range(ACTS[engine.name]):
        life.act()
    if engine.name == "sqlite":
        for name in sorted({*NAMES} - {*life.done}) * 60:  # what chance has left out
            if name not in life.done:
                life.act(name)
        assert set(life.done) == set(NAMES), "every kind of act was done"
    replay = replayed(AuditEvent.objects.order_by("seq"))
    assert replay.faults == []
    assert list(differences(replay.tables)) == []
    assert verify().faults == ()
