"""What is kept for a study belongs to that study alone, and goes with it."""

from __future__ import annotations

import gc
import weakref

from pilotage.datasets.once import once_per_study
from pilotage.study import load_study
from pilotage.study.protocol import Protocol


class Answer:
    """Something that can be seen to be gone."""


def test_each_protocol_has_its_own_answer_worked_out_once_and_lost_with_it():
    asked = []

    @once_per_study
    def answer(protocol: Protocol) -> Answer:
        asked.append(id(protocol))
        return Answer()

    protocol = load_study("lenalidomide_cle").protocol
    other = protocol.model_copy()
    assert answer(protocol) is answer(protocol)
    assert answer(other) is not answer(protocol)
    assert asked == [id(protocol), id(other)]
    kept = weakref.ref(answer(other))
    del other
    gc.collect()
    assert kept() is None
