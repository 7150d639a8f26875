"""The audit of a paper as one page: its sentences with their numbers marked, and every finding."""

from pilotage.publication.audit.html.page import page

__all__ = ["page"]
