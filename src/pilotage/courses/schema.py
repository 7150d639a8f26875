"""The JSON Schema of `synthetic.yaml`, for editors that complete and check while one writes.

The file under `schemas/` is written from the models (`python -m pilotage.courses.schema`); the
loader checks far more than a schema can say.
"""

from pathlib import Path

from pilotage.courses.nature import Nature
from pilotage.study import json_schema

SCHEMA = Path(__file__).parent / "schemas" / "synthetic.schema.json"


def schema_text() -> str:
    """The text of the schema file, as the models have it now."""
    return json_schema.schema_text(Nature, "synthetic.yaml of a Pilotage study")


def write_schema(folder: Path) -> Path:
    """Write the schema file into a folder; returns it."""
    return json_schema.write_text(schema_text(), folder / SCHEMA.name)


if __name__ == "__main__":
    print(write_schema(SCHEMA.parent))
