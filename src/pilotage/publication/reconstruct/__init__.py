"""A synthetic cohort that meets what a paper prints, as far as the printed numbers allow it."""

from pilotage.publication.reconstruct.assemble import Cohort, write_reconstruction
from pilotage.publication.reconstruct.load import load_reconstruction, reconstruction_findings

__all__ = ["Cohort", "load_reconstruction", "reconstruction_findings", "write_reconstruction"]
