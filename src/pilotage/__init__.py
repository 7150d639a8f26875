"""Pilotage runs a small clinical trial from protocol to paper.

Nothing heavy is imported here: each station is a package of its own (see ARCHITECTURE.md).
"""

__version__ = "0.1.0"
