"""A published paper's numbers: what it prints, as claims that a program can check."""

from pilotage.publication.claims import AnyClaim, Claim, Published
from pilotage.publication.load import load_published, published_findings, read_published

__all__ = [
    "AnyClaim",
    "Claim",
    "Published",
    "load_published",
    "published_findings",
    "read_published",
]
