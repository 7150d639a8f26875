"""JSON Schemas of the study's files, for editors that complete and check while one writes.

The files under `schemas/` are written from the models (`python -m pilotage.study.schema`); the
loader checks far more than a schema can say.
"""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from pilotage.study.new import SCHEMAS
from pilotage.study.protocol import Protocol
from pilotage.study.results_text import ResultsText
from pilotage.study.sap import Sap
from pilotage.study.worked_examples import WorkedExamples

_MODELS: dict[str, type[BaseModel]] = {
    "protocol": Protocol,
    "sap": Sap,
    "results_text": ResultsText,
    "worked_examples": WorkedExamples,
}


def schema_files() -> dict[str, str]:
    """The name and the text of every schema file, as the models have it now."""
    return {f"{name}.schema.json": _text(name, model) for name, model in _MODELS.items()}


def write_schemas(folder: Path) -> list[Path]:
    """Write the schema files into a folder; returns them."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in schema_files().items():
        path = folder / name
        path.write_text(text, encoding="utf-8", newline="\n")
        written.append(path)
    return written


def _text(name: str, model: type[BaseModel]) -> str:
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **model.model_json_schema(by_alias=True),
        "title": f"{name}.yaml of a Pilotage study",
    }
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for file in write_schemas(SCHEMAS):
        print(file)
