"""The JSON Schema of `published.yaml`, for editors that complete and check while one writes.

The file under `schemas/` is written from the models (`python -m pilotage.publication.schema`); the
loader checks far more than a schema can say.
"""

import json
from pathlib import Path

from pilotage.publication.claims import Published

SCHEMA = Path(__file__).parent / "schemas" / "published.schema.json"


def schema_text() -> str:
    """The text of the schema file, as the models have it now."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Published.model_json_schema(by_alias=True),
        "title": "published.yaml: the claims of a paper",
    }
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(schema_text(), encoding="utf-8", newline="\n")
    print(SCHEMA)
