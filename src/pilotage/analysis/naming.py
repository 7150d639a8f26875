"""How a result names the rows that it rests on, and how many of them one by one."""

from dataclasses import dataclass

import polars as pl

KEYS = ("USUBJID", "ASEQ")

MOST = 1000
"""So many rows a result names one by one."""


@dataclass(frozen=True, slots=True)
class Listed:
    """So many rows are named one by one; of more, only how many they are.

    `counted` is the limit of the rows that a result counts, `considered` of those that it looks at,
    `subjects` of the rows of ADSL behind it, which every result names. A curve has many points over
    the same rows: `points` is the limit of the names in all points of a curve together.
    """

    counted: int = MOST
    considered: int = 2 * MOST
    subjects: int = 200
    points: int = 10 * MOST


ALL = Listed(counted=2**62, considered=2**62, subjects=2**62, points=2**62)
"""Every row is named, however many they are."""


def row_names(*frames: pl.DataFrame, most: int = MOST) -> str | None:
    """The rows as USUBJID.ASEQ, in order; of very many only how many they are; None of none."""
    frames = tuple(frame for frame in frames if frame.height)
    count = sum(frame.height for frame in frames)
    if not count:
        return None
    if count > most:
        return f"{count} rows"
    # plain Python: of few rows, which are the rule, many times faster than a query
    keys = sorted(
        key
        for frame in frames
        for key in zip(frame["USUBJID"].to_list(), frame["ASEQ"].to_list(), strict=True)
    )
    return " ".join(f"{subject}.{number}" for subject, number in keys)


def named_rows(text: str | None) -> list[str] | None:
    """The rows that a text of `row_names` names; None where it only says how many they are."""
    names = (text or "").split()
    return None if names and "." not in names[0] else names
