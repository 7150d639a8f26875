"""How often a dose is taken, and the mean dose per day that follows from it."""

from collections.abc import Mapping

DOSES_PER_DAY: Mapping[str, tuple[int, int]] = {
    "QID": (4, 1),
    "TID": (3, 1),
    "BID": (2, 1),
    "QD": (1, 1),
    "QOD": (1, 2),
    "TIW": (3, 7),
    "BIW": (2, 7),
    "QW": (1, 7),
    "Q2W": (1, 14),
    "Q3W": (1, 21),
    "Q4W": (1, 28),
}
"""Doses and days by the text of EXDOSFRQ: TIW is 3 doses in 7 days.

Source: CDISC controlled terminology, FREQ."""


def mean_daily_dose(dose: float, frequency: str | None) -> float | None:
    """The mean dose per day, in the unit of the dose; 0 for dose 0 whatever the frequency.

    None where the frequency is missing or not one of `DOSES_PER_DAY`.
    """
    if dose == 0:
        return 0.0
    doses, days = DOSES_PER_DAY.get(frequency or "", (None, 1))
    return None if doses is None else dose * doses / days
