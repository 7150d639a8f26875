"""Cells for people who open a CSV file in a spreadsheet."""

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What makes a spreadsheet take a cell for a formula (OWASP, CSV injection), wide letters too."""


def harmless(cell: str) -> str:
    """The cell, with an apostrophe before it where a spreadsheet would run it. A number stays."""
    if not cell.lstrip(" \ufeff").startswith(STARTS):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell
