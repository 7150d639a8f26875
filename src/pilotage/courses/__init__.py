"""Synthetic subjects that live under the study's own schedule and rules, as SDTM-shaped rows."""

from pilotage.courses.cohort import cohort_tables, write_cohort
from pilotage.courses.load import load_nature, nature_findings

__all__ = ["cohort_tables", "load_nature", "nature_findings", "write_cohort"]
