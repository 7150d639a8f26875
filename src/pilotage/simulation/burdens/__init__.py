"""What a trial asks of those who conduct it, counted in whole rehearsals: alerts, queries,
decisions that could not be made, slips of typing."""

from pilotage.simulation.burdens.counts import Counts, Rehearsals
from pilotage.simulation.burdens.rows import rows_of
from pilotage.simulation.burdens.run import check_rehearsals, rehearsals_of, seeds_of

__all__ = ["Counts", "Rehearsals", "check_rehearsals", "rehearsals_of", "rows_of", "seeds_of"]
