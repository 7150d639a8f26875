"""What is being written for one random subject: the tables, their columns, and its visits."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from random import Random

from naive_facts import History, Row

COLUMNS = {
    "dm": "STUDYID DOMAIN USUBJID AGE SEX RFICDTC",
    "ex": "STUDYID DOMAIN USUBJID EXSEQ EXTRT EXDOSE EXDOSU EXDOSFRQ EXSTDTC EXENDTC",
    "qs": "STUDYID DOMAIN USUBJID QSSEQ QSCAT QSTESTCD QSORRES QSSTRESN QSSTAT VISITNUM VISIT"
    " QSDTC",
    "lb": "STUDYID DOMAIN USUBJID LBSEQ LBTESTCD LBORRES LBORRESU LBORNRLO LBORNRHI LBSTAT LBTPT"
    " VISITNUM VISIT LBDTC",
    "fa": "STUDYID DOMAIN USUBJID FASEQ FATESTCD FAORRES FASTAT FADTC",
    "rp": "STUDYID DOMAIN USUBJID RPSEQ RPTESTCD RPORRES RPSTAT RPDTC",
    "sv": "STUDYID DOMAIN USUBJID SVSEQ VISITNUM VISIT SVSTDTC",
    "ds": "STUDYID DOMAIN USUBJID DSSEQ DSCAT DSSCAT DSDECOD DSSTDTC",
}
COLUMNS_OF = {table: columns.split() for table, columns in COLUMNS.items()}
DATES = {
    "qs": "QSDTC", "lb": "LBDTC", "fa": "FADTC", "rp": "RPDTC", "ds": "DSSTDTC", "ex": "EXSTDTC"
}  # fmt: skip
ENDS = {"ex": "EXENDTC"}


@dataclass
class Life:
    """What is being written for one subject."""

    rng: Random
    subject: str
    first: date
    rows: History = field(default_factory=lambda: {name: [] for name in COLUMNS})
    seq: Counter[str] = field(default_factory=Counter)
    visits: list[date] = field(default_factory=list)

    def add(self, table: str, **cells: str) -> Row:
        row = dict.fromkeys(COLUMNS_OF[table], "")
        row |= {"STUDYID": "ANY", "DOMAIN": table.upper(), "USUBJID": self.subject}
        if table != "dm":
            self.seq[table] += self.rng.choice((1, 1, 2))
            row[f"{table.upper()}SEQ"] = str(self.seq[table])
        self.rows[table].append(row | cells)
        return self.rows[table][-1]

    def chance(self, share: float) -> bool:
        return self.rng.random() < share
