"""The words of a rehearsal, which two packages share that do not see each other."""

import re
from pathlib import Path

from pilotage.forms.acts import ANSWER, CONTACT, KEYS, PLACE, VERSION, WHO

MANUAL = (Path(__file__).parents[3] / "docs/reference/rehearsal.md").read_text("utf-8")


def test_the_words_of_a_line_are_those_that_files_were_written_with() -> None:
    """A file of an earlier version is read by this one: another word needs another VERSION."""
    assert VERSION == 1
    assert ANSWER == ("value", "unit", "low", "high", "missing", "why")
    assert CONTACT == ("planned", "number", "label", "held_on", "order")
    assert PLACE == ("planned", "held_on", "order")
    assert WHO == ("investigator", "nurse", "pharmacist", "data_manager", "monitor")
    assert KEYS["enter"] == {"contact", "form", "repeat", "item", *ANSWER}


def test_the_manual_has_a_row_for_every_act_with_all_that_it_may_say() -> None:
    table = MANUAL.partition("| Act |")[2].partition("\n\n")[0]
    told: dict[str, str] = {}
    for row in table.splitlines()[2:]:
        acts, says = row.strip("|").split("|", 1)
        told |= dict.fromkeys(re.findall("`(.*?)`", acts), says)
    assert told.keys() == KEYS.keys()
    for act, keys in KEYS.items():
        assert keys <= set(re.findall("`(.*?)`", told[act]))
