"""The JSON Schema of `simulation.yaml`, for editors that complete and check while one writes.

The file under `schemas/` is written from the models (`python -m pilotage.simulation.schema`); the
loader checks far more than a schema can say.
"""

import json
from pathlib import Path

from pilotage.simulation.model import Simulation

SCHEMA = Path(__file__).parent / "schemas" / "simulation.schema.json"


def schema_text() -> str:
    """The text of the schema file, as the models have it now."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Simulation.model_json_schema(by_alias=True),
        "title": "simulation.yaml of a Pilotage study",
    }
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def write_schema(folder: Path) -> Path:
    """Write the schema file into a folder; returns it."""
    path = folder / SCHEMA.name
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(schema_text(), encoding="utf-8", newline="\n")
    return path


if __name__ == "__main__":
    print(write_schema(SCHEMA.parent))
