"""The JSON Schemas for editors: current, and of one mind with the loader."""

import json

import pytest
from jsonschema import Draft202012Validator

from pilotage.study.new import SCHEMAS, TEMPLATE
from pilotage.study.schema import schema_files, write_schemas
from pilotage.study.yaml_reader import read_yaml


def plain(value):
    """As an editor sees it: lists instead of tuples."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, tuple) else value


def mistakes(name: str, text: str) -> list[str]:
    schema = json.loads(schema_files()[f"{name}.schema.json"])
    value = plain(read_yaml(text.encode(), file=name).value)
    return [error.message for error in Draft202012Validator(schema).iter_errors(value)]


def test_the_files_are_those_of_the_models():
    written = {path.name: path.read_text(encoding="utf-8") for path in SCHEMAS.iterdir()}
    assert written == schema_files(), "run: python -m pilotage.study.schema"


def test_writing_the_schemas_writes_these_files(tmp_path):
    written = write_schemas(tmp_path / "schemas")
    assert {path.name: path.read_text(encoding="utf-8") for path in written} == schema_files()


@pytest.mark.parametrize("name", ["protocol", "sap", "worked_examples"])
def test_the_schema_is_a_schema_and_the_template_fits_it(name):
    Draft202012Validator.check_schema(json.loads(schema_files()[f"{name}.schema.json"]))
    assert mistakes(name, (TEMPLATE / f"{name}.yaml").read_text()) == []


def test_the_editor_shows_a_misspelled_key():
    text = (TEMPLATE / "protocol.yaml").read_text().replace("whole_numbers: true", "whole: true")
    assert mistakes("protocol", text) == [
        "Additional properties are not allowed ('whole' was unexpected)"
    ]
