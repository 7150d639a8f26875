"""The order in which findings about a snapshot are told."""

from collections.abc import Iterable

from pilotage.findings import Finding
from pilotage.snapshot.tables import in_order, table_of


def in_file_order(findings: Iterable[Finding]) -> list[Finding]:
    """First what is said of the folder, the manifest and whole files, as it comes; then line by
    line, the tables in the order in which they are read. What is said twice is told once."""
    told = list(dict.fromkeys(findings))
    ranks = {table: rank for rank, table in enumerate(in_order(filter(None, map(_table, told))))}

    def place(finding: Finding) -> tuple[int, int]:
        table, line = _table(finding), finding.where.rpartition(":")[2]
        return (ranks[table], int(line)) if table else (-1, 0)

    return sorted(told, key=place)


def _table(finding: Finding) -> str | None:
    """The table on a line of which the finding stands, if it does."""
    file, _, line = finding.where.rpartition(":")
    return table_of(file) if line.isdecimal() else None
