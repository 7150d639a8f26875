"""The JSON Schema of `reconstruction.yaml`, for editors that complete and check while one writes.

The file under `schemas/` is written from the models
(`python -m pilotage.publication.reconstruct.schema`); the loader checks far more.
"""

from pathlib import Path

from pilotage.publication.reconstruct.models import Reconstruction
from pilotage.study import json_schema

SCHEMA = Path(__file__).parents[1] / "schemas" / "reconstruction.schema.json"


def schema_text() -> str:
    """The text of the schema file, as the models have it now."""
    return json_schema.schema_text(
        Reconstruction, "reconstruction.yaml: how a cohort is built to meet a paper"
    )


if __name__ == "__main__":
    print(json_schema.write_text(schema_text(), SCHEMA))
