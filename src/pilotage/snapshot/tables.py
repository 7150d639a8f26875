"""What a snapshot may hold: its tables, their required columns, their keys and their numbers."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from typing import Final

REQUIRED_TABLES: Final = ("dm", "ex", "qs")

_REQUIRED: Final = {
    "dm": "AGE SEX RFICDTC",
    "ex": "EXSEQ EXTRT EXDOSE EXDOSU EXDOSFRQ EXSTDTC EXENDTC",
    "qs": "QSSEQ QSCAT QSTESTCD QSORRES QSSTRESN VISITNUM VISIT QSDTC",
    "lb": "LBSEQ LBTESTCD LBORRES LBORRESU LBORNRLO LBORNRHI VISITNUM VISIT LBDTC",
    "ae": "AESEQ AETERM AESEV AESER AESTDTC AEENDTC",
    "ds": "DSSEQ DSDECOD DSSTDTC",
}

REQUIRED_COLUMNS: Final = {
    table: ("STUDYID", "DOMAIN", "USUBJID", *columns.split())
    for table, columns in _REQUIRED.items()
}
"""The columns without which a table cannot be read; a table not named here needs USUBJID."""

NUMBERS: Final = frozenset({"AGE", "EXDOSE", "QSSTRESN", "LBSTRESN", "VISITNUM"})
"""The columns read as numbers; --SEQ is read as a whole number; every other column stays text."""

NOT_NEGATIVE: Final = frozenset({"AGE", "EXDOSE"})

DATE_COLUMN: Final = {
    "ex": "EXSTDTC", "ae": "AESTDTC", "ds": "DSSTDTC", "sv": "SVSTDTC", "dv": "DVSTDTC",
}  # fmt: skip
"""The column of the first date of a row, where it is not --DTC."""

Problem = tuple[int, str]
"""What is wrong in a file: the line (0: the file as a whole) and what is wrong there."""

LINE: Final = "SRCLINE"
"""The column that says on which line of its file a row begins (the header is line 1)."""

# The variables that SDTM IG 3.4 knows, without the two letters of the table. A column that is
# not among them is kept, with a warning: it may be a slip of the pen in a name that matters.
_ALL_CLASSES: Final = """
SEQ GRPID REFID SPID LNKID LNKGRP DTC STDTC ENDTC DY STDY ENDY DUR TPT TPTNUM ELTM TPTREF RFTDTC
STRF ENRF EVLINT EVINTX STRTPT STTPT ENRTPT ENTPT USCHFL CAT SCAT STAT REASND LOC LAT DIR PORTOT
MODIFY
"""
_CLASSES: Final = {
    "ex": """TRT DECOD MOOD PRESP OCCUR INDC CLAS CLASCD DOSE DOSTXT DOSU DOSFRM DOSFRQ DOSTOT
        DOSRGM ROUTE LOT FAST PSTRG PSTRGU TRTV VAMT VAMTU ADJ RSDISC""",
    "qs": "",
    "lb": "",
    "ae": "",
    "ds": "",
} | dict.fromkeys(
    ("qs", "lb"),
    """TESTCD TEST TSTDTL TSTCND BDAGNT POS BODSYS ORRES ORRESU RESSCL RESTYP COLSRT ORNRLO ORNRHI
    STRESC STRESN STRESU STNRLO STNRHI STNRC NRIND RESCAT XFN NAM LOINC SPEC ANTREG SPCCND SPCUFL
    METHOD RUNID ANMETH LEAD CSTATE LOBXFL BLFL FAST DRVFL EVAL EVALID ACPTFL TOX TOXGR SEV DTHREL
    LLOQ ULOQ EXCLFL REASEX REPNUM PTFL PDUR CLSIG""",
) | dict.fromkeys(
    ("ae", "ds"),
    """TERM LLT LLTCD DECOD PTCD HLT HLTCD HLGT HLGTCD PRESP OCCUR BODSYS BDSYCD SOC SOCCD PARTY
    PRTYID SEV SER ACN ACNOTH ACNDEV REL RELNST RLDEV PATT OUT SCAN SCONG SDISAB SDTH SHOSP SLIFE
    SOD SMIE SINTV UNANT RLPRT RLPRC CONTRT TOX TOXGR""",
)  # fmt: skip
_EVERYWHERE: Final = "STUDYID DOMAIN USUBJID SPDEVID FOCID VISITNUM VISIT VISITDY TAETORD EPOCH"
_SUBJECT: Final = """
STUDYID DOMAIN USUBJID SUBJID RFSTDTC RFENDTC RFXSTDTC RFXENDTC RFCSTDTC RFCENDTC RFICDTC RFPENDTC
DTHDTC DTHFL SITEID INVID INVNAM BRTHDTC AGE AGETXT AGEU SEX RACE ETHNIC ARMCD ARM ACTARMCD ACTARM
ARMNRS ACTARMUD COUNTRY DMDTC DMDY
"""

_TABLE_NAME: Final = re.compile(r"[a-z][a-z0-9]|supp[a-z][a-z0-9]")
_OF_THE_DESIGN: Final = frozenset(["ta", "td", "te", "ti", "tm", "ts", "tv", "tx"])


@cache
def known_columns(table: str) -> frozenset[str] | None:
    """The columns that SDTM knows for a table; None for a table whose columns are not checked."""
    if table == "dm":
        return frozenset(_SUBJECT.split())
    if table not in _CLASSES:
        return None
    suffixes = f"{_ALL_CLASSES} {_CLASSES[table]}".split()
    return frozenset(_EVERYWHERE.split()) | {table.upper() + suffix for suffix in suffixes}


def table_of(file_name: str) -> str | None:
    """The table that a file holds by its name; None for a file that holds none.

    `DM.csv` and `dm.parquet` hold dm. Tables of the trial design (ts, ta, tv and so on) hold no
    subjects: they are not tables here.
    """
    stem, _, kind = file_name.lower().rpartition(".")
    if kind not in ("csv", "parquet") or stem in _OF_THE_DESIGN:
        return None
    return stem if _TABLE_NAME.fullmatch(stem) else None


def in_order(tables: Iterable[str]) -> list[str]:
    """The tables in the order in which they are read: dm first, those without required columns
    last."""
    names = set(tables)
    first = [table for table in REQUIRED_COLUMNS if table in names]
    return first + sorted(names.difference(first))


def sequence_of(table: str) -> str:
    """The name of the --SEQ column: with USUBJID the key of every table but dm."""
    return f"{table.upper()}SEQ"


def required_columns(table: str) -> tuple[str, ...]:
    return REQUIRED_COLUMNS.get(table, ("USUBJID",))


def is_date(column: str) -> bool:
    """Whether a column holds dates: any --DTC column, also of a table or a name that is not
    known."""
    return column.endswith("DTC") and column.isidentifier()


_FEW: Final = 1000  # among more names than these, the search for one that is alike takes seconds


def nearest(name: str, names: Iterable[str]) -> str:
    """`; did you mean 'X'?` for the name most like this one, or nothing."""
    names = sorted(names)
    plain = {_plain(other): other for other in reversed(names)}
    near = plain.get(_plain(name)) if _plain(name) else None
    if near is None and len(names) <= _FEW:
        near = next(iter(get_close_matches(name, names, n=1)), None)
    return f"; did you mean {shown(near)}?" if near else ""


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def shown(value: str) -> str:
    """A value as a message shows it: in quotation marks, in one line, signs that cannot be seen
    written out, and not longer than a line can bear."""
    return repr(value if len(value) <= 60 else f"{value[:57]}...")
