"""What a study file says of the end of treatment and of participation, and of reporting."""

import shutil
from pathlib import Path

import pytest

from pilotage.findings import InputErrors
from pilotage.study import builtin_studies, load_study


@pytest.mark.parametrize(
    "key, item, words",
    [
        ("study: ", "end_of_study.ended", "did you mean 'ended_on'"),
        ("study: ", "end_of_study.words", "'end_of_study.words' is not a date"),
        ("reported: ", "adverse_event.term", "'adverse_event.term' is not a date"),
    ],
)
def test_the_items_of_ends_and_clock_hold_a_date(
    tmp_path: Path, key: str, item: str, words: str
) -> None:
    folder = tmp_path / "study"
    shutil.copytree(
        builtin_studies()["lenalidomide_cle"], folder, ignore=shutil.ignore_patterns("cohort")
    )
    file = folder / "protocol.yaml"
    text = file.read_text(encoding="utf-8")
    named = {"study: ": "end_of_study.ended_on", "reported: ": "adverse_event.reported"}[key]
    assert text.count(key + named) == 1
    file.write_text(text.replace(key + named, key + item), encoding="utf-8")
    with pytest.raises(InputErrors) as refused:
        load_study(folder)
    assert words in str(refused.value)
