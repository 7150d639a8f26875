"""The JSON Schema of `reconstruction.yaml`, for editors that complete and check while one writes.

The file under `schemas/` is written from the models
(`python -m pilotage.publication.reconstruct.schema`); the loader checks far more.
"""

import json
from pathlib import Path

from pilotage.publication.reconstruct.models import Reconstruction

SCHEMA = Path(__file__).parents[1] / "schemas" / "reconstruction.schema.json"


def schema_text() -> str:
    """The text of the schema file, as the models have it now."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Reconstruction.model_json_schema(by_alias=True),
        "title": "reconstruction.yaml: how a cohort is built to meet a paper",
    }
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(schema_text(), encoding="utf-8", newline="\n")
    print(SCHEMA)
