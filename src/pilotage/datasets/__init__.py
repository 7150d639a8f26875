"""From a snapshot (SDTM-shaped) to analysis datasets (ADaM-shaped): one file per dataset, and the
derivations they share beside them."""

from pilotage.datasets.derive import NAMES, Datasets, derive
from pilotage.datasets.reading import read_for
from pilotage.datasets.write import write_datasets

__all__ = ["NAMES", "Datasets", "derive", "read_for", "write_datasets"]
