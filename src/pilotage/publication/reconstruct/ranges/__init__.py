"""What a paper's numbers say of its single subjects: the range of each value over all cohorts."""

from pilotage.publication.reconstruct.ranges.find import find_ranges
from pilotage.publication.reconstruct.ranges.model import Range, Ranges

__all__ = ["Range", "Ranges", "find_ranges"]
