"""The JSON Schema of synthetic.yaml: current, found by the editor, and of one mind with the
loader."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from pilotage.cli import app
from pilotage.courses.load import FILE
from pilotage.courses.schema import SCHEMA, schema_text, write_schema
from pilotage.study import builtin_studies, load_study
from pilotage.study.new import TEMPLATE
from pilotage.study.yaml_reader import read_yaml


def plain(value: object) -> object:
    """As an editor sees it: lists instead of tuples."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, tuple) else value


def mistakes(text: str) -> list[str]:
    value = plain(read_yaml(text.encode(), file=FILE).value)
    return [e.message for e in Draft202012Validator(json.loads(schema_text())).iter_errors(value)]


def test_the_file_is_that_of_the_models() -> None:
    assert SCHEMA.read_text("utf-8") == schema_text(), "run: python -m pilotage.courses.schema"


def test_writing_the_schema_writes_this_file(tmp_path: Path) -> None:
    assert write_schema(tmp_path / "schemas").read_bytes() == SCHEMA.read_bytes()


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(json.loads(schema_text()))


@pytest.mark.parametrize("folder", [TEMPLATE, *(load_study(s).folder for s in builtin_studies())])
def test_every_synthetic_yaml_that_is_shipped_fits_it(folder: Path) -> None:
    assert mistakes((folder / FILE).read_text("utf-8")) == []


def test_the_editor_shows_a_misspelled_key() -> None:
    text = (TEMPLATE / FILE).read_text("utf-8").replace("true_missed_visit", "missed_visit")
    assert mistakes(text) == [
        "Additional properties are not allowed ('missed_visit' was unexpected)"
    ]


def test_a_new_study_has_the_schema_that_its_synthetic_yaml_names(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    made = CliRunner().invoke(app, ["new", str(folder)])
    assert made.exit_code == 0, made.output
    start, _, schema = (folder / FILE).read_text("utf-8").splitlines()[0].partition("$schema=")
    assert start == "# yaml-language-server: "
    assert (folder / schema).read_bytes() == SCHEMA.read_bytes()
