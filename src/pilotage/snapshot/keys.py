"""What rows are to each other: each has a key of its own, and belongs to a subject of dm."""

import polars as pl

from pilotage.snapshot.tables import LINE, Problem, nearest, sequence_of, shown

_SUGGESTIONS = 10
"""Unknown subjects for which the nearest known one is looked up (a slow search)."""


def subjects_of(frame: pl.DataFrame) -> pl.DataFrame:
    """Each USUBJID once, with its RANK in the order of the texts."""
    return frame.select(pl.col("USUBJID").drop_nulls().unique().sort()).with_row_index("RANK")


def in_key_order(
    table: str, frame: pl.DataFrame, subjects: pl.DataFrame, *, dm: str
) -> tuple[pl.DataFrame, list[Problem]]:
    """The rows in the order of their key, and the problems with their keys: subjects that are not
    in dm (`dm` is the name of its file), keys that an earlier line has already.

    The key is USUBJID in dm, USUBJID and --SEQ elsewhere. A table without --SEQ has no key: its
    rows come in the order of USUBJID, then of their cells from left to right. So the order of the
    rows in a file never matters.
    """
    rows = _ranked(frame, subjects)
    problems: list[Problem] = []
    if rows["RANK"].null_count() > frame["USUBJID"].null_count():
        problems = _unknown(rows, subjects, dm=dm)
        rows = _ranked(frame, subjects_of(frame))
    rank, key = pl.col("RANK"), ["RANK"]
    rises = rank > rank.shift(1)
    if table != "dm":
        key.append("SEQUENCE")
        if sequence_of(table) not in frame.columns:
            return _in_cell_order(frame, rows), problems
        rows = rows.with_columns(frame[sequence_of(table)].alias("SEQUENCE"))
        sequence = pl.col("SEQUENCE")
        rises |= (rank == rank.shift(1)) & (sequence > sequence.shift(1))
    if rows.select(rises.slice(1).all(ignore_nulls=False)).item():
        return frame, problems
    rows = rows.with_row_index("ROW").sort(*key, LINE, nulls_last=True)
    return frame[rows["ROW"]], problems + _repeated(table, rows, key)


def _ranked(frame: pl.DataFrame, subjects: pl.DataFrame) -> pl.DataFrame:
    rows = frame.select("USUBJID", LINE)
    return rows.join(subjects, on="USUBJID", how="left", maintain_order="left")


def _in_cell_order(frame: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    # Under names of our own: a foreign name such as "^.*$" would be read as a pattern.
    cells = [cells.alias(f"CELL{n}") for n, cells in enumerate(frame.drop("USUBJID", LINE))]
    rows = rows.with_row_index("ROW").with_columns(cells)
    return frame[rows.sort("RANK", *(cell.name for cell in cells), LINE)["ROW"]]


def _repeated(table: str, rows: pl.DataFrame, key: list[str]) -> list[Problem]:
    """Rows, in the order of their key, that have the key of the row before them."""
    again = pl.all_horizontal(pl.col(name) == pl.col(name).shift(1) for name in key)
    repeated = rows.with_columns(EARLIER=pl.col(LINE).shift(1)).filter(again)
    return [
        (
            row[LINE],
            f"subject {shown(row['USUBJID'])} is in line {row['EARLIER']} already"
            if table == "dm"
            else f"{sequence_of(table)} {row['SEQUENCE']} of {shown(row['USUBJID'])} "
            f"is in line {row['EARLIER']} already",
        )
        for row in repeated.iter_rows(named=True)
    ]


def _unknown(rows: pl.DataFrame, subjects: pl.DataFrame, *, dm: str) -> list[Problem]:
    others = rows.filter(pl.col("RANK").is_null() & pl.col("USUBJID").is_not_null())
    known = subjects["USUBJID"].to_list()
    hints = {
        subject: nearest(subject, known) if number < _SUGGESTIONS else ""
        for number, subject in enumerate(others["USUBJID"].unique(maintain_order=True))
    }
    return [
        (line, f"subject {shown(subject)} is not in {dm}{hints[subject]}")
        for subject, line in others.select("USUBJID", LINE).iter_rows()
    ]


def look_alikes(dm: pl.DataFrame) -> list[Problem]:
    """Subjects of dm whose USUBJID differ only in what cannot be seen: blanks around them, signs
    of no width, the way in which an accent or a digit is encoded."""
    plain = pl.col("USUBJID").str.normalize("NFKC").str.replace_all(r"\p{Cf}", "")
    alike = (
        dm.select("USUBJID", LINE, SEEN=plain.str.strip_chars())
        .drop_nulls()
        .unique("USUBJID", keep="first", maintain_order=True)
        .with_columns(FIRST=pl.col("USUBJID").first().over("SEEN"))
        .filter(pl.col("USUBJID") != pl.col("FIRST"))
    )
    message = "but for signs that cannot be seen; a subject has one USUBJID"
    return [
        (line, f"subject {shown(subject)} is written like {shown(first)} {message}")
        for subject, line, first in alike.select("USUBJID", LINE, "FIRST").iter_rows()
    ]
