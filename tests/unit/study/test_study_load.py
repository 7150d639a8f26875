"""Loading a study: where it lies, what it gives, what it does not need."""

import hashlib
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from pilotage.findings import InputErrors
from pilotage.study import builtin_studies, load_study, new_study, version_on

SMALL_STUDY = Path(__file__).parents[2] / "small_study"


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return load_study(shutil.copytree(SMALL_STUDY, tmp_path_factory.mktemp("studies") / "pilot"))


def refused(where) -> list[str]:
    with pytest.raises(InputErrors) as errors:
        load_study(where)
    return [str(finding) for finding in errors.value.findings]


def test_every_built_in_study_loads_by_its_name():
    for name, folder in builtin_studies().items():
        assert load_study(name).folder == folder == load_study(folder).folder


def test_a_folder_that_is_not_there_is_named(tmp_path):
    (message,) = refused(tmp_path / "nowhere")
    assert message.startswith(f"{tmp_path / 'nowhere'}: no such study folder")


def test_a_file_is_no_study_folder(tmp_path):
    (tmp_path / "study.yaml").write_text("a: 1")
    (message,) = refused(tmp_path / "study.yaml")
    assert message.startswith(f"{tmp_path / 'study.yaml'}: is a file, not a study folder")


def test_a_name_that_no_folder_can_have_is_no_crash():
    (message,) = refused("x" * 5000)
    assert ": the folder cannot be opened: " in message


def test_the_nearest_built_in_study_is_offered(monkeypatch):
    names = {"pilot_in_pain": Path("x"), "other": Path("y")}
    monkeypatch.setattr("pilotage.study.load.builtin_studies", lambda: names)
    assert refused("pilot_in_pian") == [
        "pilot_in_pian: no such study folder; did you mean 'pilot_in_pain'?"
    ]
    assert refused("zzz") == ["zzz: no such study folder; built-in studies: pilot_in_pain, other"]


def test_a_name_means_the_built_in_study_and_a_path_the_folder(study, tmp_path, monkeypatch):
    monkeypatch.setattr("pilotage.study.load.builtin_studies", lambda: {"pilot": study.folder})
    monkeypatch.chdir(tmp_path)
    new_study(Path("pilot"))
    assert load_study("pilot").folder == study.folder
    assert load_study("./pilot").folder == Path("pilot")


def test_the_headings_of_the_protocol_have_ids_and_titles(study):
    assert study.headings["P-21"] == "Raise the dose"


def test_every_part_has_its_place(study):
    assert study.place("protocol", "dosing", "rows", 0) == "protocol.yaml:191"
    assert study.place("protocol", "dosing", "rows", 2, "to") == "protocol.yaml:195"
    assert study.place("sap", "analyses", 2, "event") == "sap.yaml:40"
    assert study.where[("protocol", "codelists", "severity", "SEVERE")] == (
        "codelists/severity.yaml", 4,
    )  # fmt: skip


def test_a_part_that_is_not_written_has_the_place_of_what_holds_it(study):
    assert study.place("protocol", "study", "ethics") == study.place("protocol", "study")


def test_a_codelist_file_is_a_codelist_of_the_protocol(study):
    assert study.protocol.codelists["severity"] == {
        "MILD": "mild", "MODERATE": "moderate", "SEVERE": "severe",
    }  # fmt: skip


def test_the_digest_is_what_sha256sum_prints(study):
    names = [
        "codelists/severity.yaml",
        "open_questions.md",
        "protocol.md",
        "protocol.yaml",
        "sap.yaml",
    ]
    lines = [
        f"{hashlib.sha256((study.folder / name).read_bytes()).hexdigest()}  {name}\n"
        for name in names
    ]
    assert study.digest == hashlib.sha256("".join(lines).encode()).hexdigest()


def test_the_digest_changes_with_every_file_of_the_study(study, tmp_path):
    for name in ("codelists/severity.yaml", "open_questions.md", "protocol.md"):
        folder = shutil.copytree(SMALL_STUDY, tmp_path / name.replace("/", "_"))
        with (folder / name).open("a") as file:
            file.write("\n")
        assert load_study(folder).digest != study.digest


def test_a_label_is_given_in_the_language_asked_for_else_in_the_first(study):
    assert study.text("Response") == "Response"
    assert study.text({"es": "Respuesta", "en": "Response"}) == "Response"
    assert study.text({"es": "Respuesta", "en": "Response"}, "es") == "Respuesta"
    assert study.text({"es": "Respuesta", "en": "Response"}, "ca") == "Response"


def test_what_the_protocol_does_not_state_is_a_note_at_its_line(study):
    notes = [str(found) for found in study.findings if found.severity == "note"]
    assert notes == [
        "protocol.yaml:8: 'registration' of study is not stated",
        "protocol.yaml:8: 'publication' of study is not stated",
        "protocol.yaml:8: 'ethics' of study is not stated",
    ]


def test_not_stated_is_found_wherever_it_is_legal(tmp_path):
    folder = shutil.copytree(SMALL_STUDY, tmp_path / "study")
    path = folder / "protocol.yaml"
    text = path.read_text()
    for old, new in (
        ("route: oral", "route: not stated"),
        ("when: NEUT.GRADE >= 3", "when: not stated"),
        ("window: [2, 2]", "window: not stated"),
        (
            "title: A pilot study of the study drug in adults with the condition",
            "title: not stated",
        ),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    path.write_text(text)
    notes = [str(found) for found in load_study(folder).findings]
    assert "protocol.yaml:31: 'route' of treatment is not stated" in notes
    assert "protocol.yaml:185: 'window' of entry 1 of schedule.series is not stated" in notes
    assert "protocol.yaml:203: 'when' of entry 1 of stopping.rows is not stated" in notes
    assert not [words for words in notes if "'title'" in words]  # there it is the title itself


def test_a_visit_is_bound_to_the_version_in_force_on_its_day(tmp_path):
    folder = new_study(tmp_path / "study")
    path = folder / "protocol.yaml"
    first = '  - {id: "1.0", date: 2024-01-15, summary: First version}\n'
    second = '  - {id: "2.0", date: 2024-06-01, summary: Second version}\n'
    path.write_text(path.read_text().replace(first, first + second))
    protocol = load_study(folder).protocol
    found = {
        day: getattr(version_on(protocol, day), "id", None)
        for day in (date(2024, 1, 14), date(2024, 1, 15), date(2024, 5, 31), date(2024, 6, 1))
    }
    assert list(found.values()) == [None, "1.0", "1.0", "2.0"]


def test_importing_the_study_package_loads_no_heavy_library():
    heavy = ("polars", "scipy", "numpy", "matplotlib", "pilotage.instruments")
    program = f"import sys, pilotage.study; print([m for m in {heavy} if m in sys.modules])"
    shown = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert shown.stdout == "[]\n"
