"""The columns of the datasets that the peer of `derive` makes, and words of the study."""

from typing import Final

import polars as pl

QUESTIONS = {
    "CLASIACT": ("CLASI activity", "points"),
    "CLASIDAM": ("CLASI damage", "points"),
    "SLEDAI": ("SLEDAI-2K", "points"),
}
TESTS = {"NEUT": "Neutrophils", "PLAT": "Platelets"}
STEPS = {"TIW": "5 mg TIW", "QOD": "5 mg QOD", "QD": "5 mg QD"}
PER_DAY = {"TIW": 3 / 7, "QOD": 0.5, "QD": 1.0}
WEEKS = (2, 4, 8, 12, 16, 20, 24, 36, 48)
LAST_DAYS = (22, 43, 71, 99, 127, 155, 211, 295, 379)
FIRST_DAYS = (2, 23, 44, 72, 100, 128, 156, 212, 296)
DAYS_PER_MONTH = 30.4375
NOT_COLLECTED = (
    *("RACE", "SUBTYPE", "DLEEXT", "SLE", "PHOTOSEN", "NEPHHX", "ANA", "PRAZA", "PRHCQ", "PRMMF"),
    *("PROCS", "PRTCS", "PRTHAL", "THALNOEF", "THALSEV", "THALEFF", "PARAESTH", "SOMNOLEN"),
    *("NCSWORSE", "THROMBOS", "MENSCHNG", "ARTHRITI", "SYSTEMIC", "PUBCONS"),
)
OF_ADSL = (
    *("STUDYID", "USUBJID", "ASEQ", "DOMAIN", "AGE", "SEX", "RFICDTC", "RFICDT", "TRTSDT"),
    *("TRTEDT", "NCYCLES", "CYC1DAYS", "TRTDURD", "LSTCNTDT", "DCSREAS", "DCSREASP", "DCSDT"),
    *("TRTONGFL", "FUPDURD", "FUPDURM", "TRTDURM", "DATACUT", "SRCDOM", "SRCSEQ", "SCRNFL"),
    *("ENRLFL", "SAFFL", "EVALFL", "RACE", "SUBTYPE", "DLEEXT", "SLE", "PHOTOSEN", "NEPHHX"),
    *("ANA", "DSDNABL", "PRAZA", "PRHCQ", "PRMMF", "PROCS", "PRTCS", "PRTHAL", "THALNOEF"),
    *("THALSEV", "THALEFF", "BSABL", "CLASIABL", "CLASIDBL", "SLEDAIBL", "PARAESTH", "SOMNOLEN"),
    *("NCSWORSE", "THROMBOS", "MENSCHNG", "ARTHRITI", "SYSTEMIC", "PUBCONS"),
)
OF_ADQS = (
    *("STUDYID", "USUBJID", "ASEQ", "DOMAIN", "QSSEQ", "QSCAT", "QSTESTCD", "QSORRES", "QSSTRESN"),
    *("VISITNUM", "VISIT", "QSDTC", "AVAL", "SRCITEMS", "TRTSDT", "ADT", "ADTF", "ADY", "PARAMCD"),
    *("PARCAT1", "PARAM", "AVALU", "SRCDOM", "SRCSEQ", "BASE", "ABLFL", "CHG", "PCHG", "AVISITN"),
    *("AVISIT", "ANL01FL", "ANL02FL", "CYCLE", "ONTRTFL"),
)
OF_ADLB = (
    *("STUDYID", "USUBJID", "ASEQ", "DOMAIN", "LBSEQ", "LBTESTCD", "LBORRES", "LBORRESU"),
    *("LBORNRLO", "LBORNRHI", "VISITNUM", "VISIT", "LBDTC", "PARAMCD", "AVAL", "ANRLO", "ANRHI"),
    *("AVALU", "TRTSDT", "ADT", "ADTF", "ADY", "PARAM", "SRCDOM", "SRCSEQ", "BASE", "ABLFL", "CHG"),
    *("PCHG", "ATOXGR", "ATOXHI", "AVISITN", "AVISIT", "ANL01FL", "ANL02FL", "CYCLE", "ONTRTFL"),
)
OF_ADRS = (
    *("STUDYID", "USUBJID", "ASEQ", "PARAMCD", "PARAM", "AVALC", "AVAL", "ADT", "ADTF", "ADY"),
    *("AVISITN", "AVISIT", "ONTRTFL", "CYCLE", "SRCDOM", "SRCSEQ", "SRCITEMS", "DOSEBEF"),
)
OF_ADTTE = (
    *("STUDYID", "USUBJID", "ASEQ", "PARAMCD", "PARAM", "STARTDT", "ADT", "AVAL", "AVALWK"),
    *("CNSR", "EVNTDESC", "SRCDOM", "SRCSEQ", "SRCITEMS"),
)
OF_ADEX = (
    *("STUDYID", "USUBJID", "ASEQ", "DOMAIN", "EXSEQ", "EXTRT", "EXDOSE", "EXDOSU", "EXDOSFRQ"),
    *("EXSTDTC", "EXENDTC", "ASTDT", "AENDT", "CYCLE", "TRTSDT", "DOSESTEP", "PARAMCD", "PARAM"),
    *("AVAL", "AVALU", "ADURN", "ONGOFL", "SRCDOM", "SRCSEQ", "ASTDY", "AENDY"),
)

ENGINE: Final = "in-memory"
"""The streaming engine took twice as long."""
YES = pl.lit("Y")
NO_TEXT = pl.lit(None, dtype=pl.String)
SUBJECT = "USUBJID"
ASEQ = pl.int_range(1, pl.len() + 1).over(SUBJECT).alias("ASEQ")
