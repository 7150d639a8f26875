"""How the columns of ADSL are derived, in words, and the table whose rows say them."""

from collections.abc import Mapping

OF_DOSES = "ex"

ADSL: Mapping[str, tuple[str, str]] = {
    "USUBJID": ("as in DM", "dm"),
    "AGE": ("as in DM", "dm"),
    "SEX": ("as in DM", "dm"),
    "RFICDTC": ("informed consent, as it was written in DM", "dm"),
    "RFICDT": ("informed consent (RFICDTC) as a date; missing where that is not complete", "dm"),
    "TRTSDT": ("the first day with a dose above 0", "ex"),
    "TRTEDT": ("the last day of the last dose; of a dose that goes on, the data cut", "ex"),
    "TRTONGFL": ("whether a dose has no end", "ex"),
    "NCYCLES": (
        "the number of treatment cycles: runs of doses with no more days without drug between "
        "them than the study says", "ex",
    ),
    "CYC1DAYS": ("first to last day of the first cycle, both counted", "ex"),
    "TRTDURD": ("days of all cycles added, those between cycles left out", "ex"),
    "TRTDURM": ("TRTDURD / 30.4375", "ex"),
    "FUPDURD": ("TRTSDT to LSTCNTDT, both counted", "ex"),
    "FUPDURM": ("FUPDURD / 30.4375", "ex"),
    "LSTCNTDT": ("the latest date in any row of any table of the subject", ""),
    "DCSREAS": ("DSDECOD of the last disposition event; milestones are none", "ds"),
    "DCSDT": ("the date of the last disposition event", "ds"),
    "DATACUT": ("the data cut", ""),
}  # fmt: skip
"""Column: how it is derived, and the table it is read from (none: any)."""

POPULATIONS: Mapping[str, tuple[str, str]] = {
    "screened": ("everybody in DM", "dm"),
    "enrolled": ("no screen failure by disposition or arm, or at least one dose", "ds"),
    "treated": ("at least one dose above 0", "ex"),
    "first cycle lasts": ("the first treatment cycle reaches the days of the plan", "ex"),
}
"""The rules of the populations."""
