"""JSON Schemas of the study's files, for editors that complete and check while one writes.

The files under `schemas/` are written from the models (`python -m pilotage.study.schema`); the
loader checks far more than a schema can say.
"""

from pathlib import Path

from pydantic import BaseModel

from pilotage.study.json_schema import schema_text, write_text
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
    return {
        f"{name}.schema.json": schema_text(model, f"{name}.yaml of a Pilotage study")
        for name, model in _MODELS.items()
    }


def write_schemas(folder: Path) -> list[Path]:
    """Write the schema files into a folder; returns them."""
    return [write_text(text, folder / name) for name, text in schema_files().items()]


if __name__ == "__main__":
    for file in write_schemas(SCHEMAS):
        print(file)
