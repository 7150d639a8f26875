"""Filled forms and SDTM tables, each from the other; nothing is dropped without a word."""

from pilotage.capture.sdtm.filling import Filled, filled_of
from pilotage.capture.sdtm.memory import snapshot_of
from pilotage.capture.sdtm.tables import Tables, tables_of

__all__ = ["Filled", "Tables", "filled_of", "snapshot_of", "tables_of"]
