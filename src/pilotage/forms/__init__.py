"""Filled forms and SDTM tables, each from the other; nothing is dropped without a word."""

from pilotage.forms.filling import Filled, filled_of
from pilotage.forms.memory import snapshot_of
from pilotage.forms.tables import Tables, tables_of

__all__ = ["Filled", "Tables", "filled_of", "snapshot_of", "tables_of"]
