"""A published paper held against itself: does every number stand beside the others? No data."""

from pilotage.publication.audit.finding import AuditFinding, Verdict
from pilotage.publication.audit.run import Audit, audit, by_arithmetic

__all__ = ["Audit", "AuditFinding", "Verdict", "audit", "by_arithmetic"]
