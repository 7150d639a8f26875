"""The JSON Schema of published.yaml for editors, and its page of the reference: both current."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

from pilotage.publication import claims, groups
from pilotage.publication.schema import SCHEMA, schema_text
from pilotage.study import builtin_studies
from pilotage.study.protocol import Part
from pilotage.study.yaml_reader import read_yaml

HERE = Path(__file__).parent
PAGE = (HERE.parents[2] / "docs/reference/published.md").read_text(encoding="utf-8")
SMALL = HERE / "a_paper.yaml"
PAPERS = [
    SMALL,
    HERE / "two_arms.yaml",
    *(folder / "published.yaml" for folder in builtin_studies().values()),
]
MODELS = [
    model
    for module in (claims, groups)
    for model in vars(module).values()
    if isinstance(model, type) and issubclass(model, Part)
]


def plain(value: Any) -> Any:
    """As an editor sees it: lists instead of tuples."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, tuple) else value


def mistakes(text: str) -> list[str]:
    value = plain(read_yaml(text.encode(), file="published.yaml").value)
    return [e.message for e in Draft202012Validator(json.loads(schema_text())).iter_errors(value)]


def test_the_file_is_that_of_the_models() -> None:
    written = SCHEMA.read_text(encoding="utf-8")
    assert written == schema_text(), "run: python -m pilotage.publication.schema"


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_schema_is_a_schema_and_the_papers_fit_it(paper: Path) -> None:
    Draft202012Validator.check_schema(json.loads(schema_text()))
    assert mistakes(paper.read_text(encoding="utf-8")) == []


def test_the_editor_shows_a_misspelled_key() -> None:
    text = SMALL.read_text(encoding="utf-8")
    assert mistakes(text.replace("    comparator:", "    compare:", 1)) != []


def test_the_page_names_every_key() -> None:
    keys = {field.alias or key for model in MODELS for key, field in model.model_fields.items()}
    assert [key for key in sorted(keys) if not re.search(rf"`{key}[`:]", PAGE)] == []


def test_the_page_names_every_kind_and_no_other() -> None:
    kinds = {
        kind
        for model in MODELS
        if "kind" in model.model_fields
        for kind in get_args(model.model_fields["kind"].annotation)
    }
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", PAGE.partition("## Kinds")[2], re.MULTILINE)
    assert {kind for row in rows for kind in re.findall(r"`(\w+)`", row)} == kinds
