"""The text of a JSON Schema, as every file of a study has it, and its place on disk."""

import json
from pathlib import Path

from pydantic import BaseModel


def schema_text(model: type[BaseModel], title: str) -> str:
    """The schema of a model, indented, with a line end."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **model.model_json_schema(by_alias=True),
        "title": title,
    }
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def write_text(text: str, path: Path) -> Path:
    """Write the text of a schema, making its folder; returns the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
