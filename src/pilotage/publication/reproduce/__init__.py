"""A published paper held against data: every claim beside ours, with a verdict, and the cause where
they differ."""

from pilotage.publication.reproduce.causes.find import with_causes
from pilotage.publication.reproduce.followed import Followed, read_followed
from pilotage.publication.reproduce.hold import reproduce
from pilotage.publication.reproduce.model import VERDICTS, Candidate, Held, Reproduction, Verdict

__all__ = [
    "VERDICTS",
    "Candidate",
    "Followed",
    "Held",
    "Reproduction",
    "Verdict",
    "read_followed",
    "reproduce",
    "with_causes",
]
