"""From datasets to results: one unrounded number per row."""

from pilotage.analysis.results import SCHEMA
from pilotage.analysis.run import analyse, write_results

__all__ = ["SCHEMA", "analyse", "write_results"]
