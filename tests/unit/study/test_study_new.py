"""Beginning a study: the folder that `new_study` leaves."""

import pytest

from pilotage.findings import InputErrors
from pilotage.study import load_study, new_study


def test_a_new_study_loads_without_error_or_warning(tmp_path):
    folder = new_study(tmp_path / "far" / "away" / "study")
    severities = {finding.severity for finding in load_study(folder).findings}
    assert severities <= {"note"}


def test_a_new_study_has_the_files_that_one_edits_and_the_schemas_for_the_editor(tmp_path):
    folder = new_study(tmp_path)
    found = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    assert found == [
        "codelists/action.yaml", "codelists/end.yaml", "codelists/outcome.yaml",
        "codelists/relation.yaml", "codelists/severity.yaml",
        "open_questions.md", "protocol.md", "protocol.yaml", "results_text.yaml", "sap.yaml",
        "schemas/protocol.schema.json", "schemas/results_text.schema.json",
        "schemas/sap.schema.json", "schemas/worked_examples.schema.json", "simulation.yaml",
        "synthetic.yaml", "worked_examples.yaml",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["protocol.yaml", "sap.yaml", "results_text.yaml", "worked_examples.yaml"]
)
def test_the_editor_finds_the_schema_that_a_file_names(name, tmp_path):
    folder = new_study(tmp_path / "study")
    first = (folder / name).read_text().splitlines()[0]
    start, _, schema = first.partition("$schema=")
    assert start == "# yaml-language-server: "
    assert (folder / schema).is_file()


def test_a_folder_that_holds_anything_is_left_as_it_is(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputErrors) as errors:
        new_study(tmp_path)
    assert (
        str(errors.value) == f"{tmp_path}: the folder is not empty; name a new or an empty folder"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_file_is_no_place_for_a_study(tmp_path):
    file = tmp_path / "study"
    file.write_text("mine")
    with pytest.raises(InputErrors) as errors:
        new_study(file)
    assert str(errors.value) == f"{file}: is a file; name a new or an empty folder"
    assert file.read_text() == "mine"


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputErrors) as errors:
        new_study(tmp_path / "file" / "study")
    assert str(errors.value).startswith(
        f"{tmp_path / 'file' / 'study'}: the study cannot be written"
    )
