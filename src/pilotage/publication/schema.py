"""The JSON Schema of `published.yaml`, for editors that complete and check while one writes.

The file under `schemas/` is written from the models (`python -m pilotage.publication.schema`); the
loader checks far more than a schema can say.
"""

from pathlib import Path

from pilotage.publication.claims import Published
from pilotage.study import json_schema

SCHEMA = Path(__file__).parent / "schemas" / "published.schema.json"


def schema_text() -> str:
    """The text of the schema file, as the models have it now."""
    return json_schema.schema_text(Published, "published.yaml: the claims of a paper")


if __name__ == "__main__":
    print(json_schema.write_text(schema_text(), SCHEMA))
