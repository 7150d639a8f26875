"""A published paper held against data: every claim beside ours, with a verdict."""

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
]
