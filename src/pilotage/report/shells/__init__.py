"""The analysis plan before any data: every analysis in words, every output as an empty shell."""

from pilotage.report.shells.document import shell_document
from pilotage.report.shells.write import write_shells

__all__ = ["shell_document", "write_shells"]
