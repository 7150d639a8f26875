"""A second, independent derivation of the analysis datasets: plain Python, standard library only.

Written from the study's definitions and not from the package, one subject and one row at a
time, so that an agreement with the package means something. It is slow and knows no errors:
its input must be a valid snapshot. Tables are lists of rows of text; a missing cell is "".

A row of a result holds only the columns that the definitions settle; a column that they leave
open is left out of the row and is not compared.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from oracle_dates import When, read_when, study_day
from oracle_doses import Treatment, read_treatment
from oracle_findings import (
    Out,
    Row,
    analysed,
    as_number,
    finding_row,
    read_lab,
    read_score,
    with_item_totals,
)
from oracle_responses import response_rows, time_rows

Tables = Mapping[str, Sequence[Row]]

EVALUABLE_DAYS = 28
SEVERITIES = ("MILD", "MODERATE", "SEVERE")
EMERGENT_DAYS = timedelta(days=30)
NAMES = ("adsl", "adqs", "adrs", "adtte", "adlb", "adae", "adex")


@dataclass(frozen=True, slots=True)
class Subject:
    """The rows of one subject and the treatment read from them."""

    name: str
    tables: dict[str, list[Row]]
    treatment: Treatment


def data_cut(tables: Tables) -> date:
    """Without a manifest, the latest date anywhere in the snapshot."""
    return max(_dates(row for rows in tables.values() for row in rows))


def derive(tables: Tables, *, cut: date | None = None) -> dict[str, list[Out]]:
    """The datasets of a snapshot, as lists of rows in no particular order."""
    cut = cut or data_cut(tables)
    result: dict[str, list[Out]] = {name: [] for name in NAMES}
    by_subject: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for name, rows in tables.items():
        for row in rows:
            by_subject[row["USUBJID"]][name].append(row)
    for name, own in by_subject.items():
        subject = Subject(name, own, read_treatment(own["ex"], cut))
        for dataset, rows in subject_datasets(subject).items():
            result[dataset] += [{"USUBJID": name} | row for row in rows]
    return result


def subject_datasets(subject: Subject) -> dict[str, list[Out]]:
    first = subject.treatment.first_dose
    scores = with_item_totals([read_score(row) for row in subject.tables["qs"]])
    scores = analysed(scores, first)
    values = analysed([read_lab(row) for row in subject.tables["lb"]], first)
    return {
        "adsl": [subject_row(subject)],
        "adqs": [finding_row("QSSEQ", each, first) for each in scores],
        "adlb": [finding_row("LBSEQ", each, first) for each in values],
        "adrs": response_rows(subject.treatment, scores),
        "adtte": time_rows(subject.treatment, scores),
        "adae": [event_row(row, subject.treatment) for row in subject.tables["ae"]],
        "adex": exposure_rows(subject.treatment),
    }


def subject_row(subject: Subject) -> Out:
    treatment, first = subject.treatment, subject.treatment.first_dose
    row: Out = {
        "SAFFL": "Y" if first else "N",
        "EVALFL": "Y" if first and treatment.cycles[0].days >= EVALUABLE_DAYS else "N",
        "TRTSDT": first,
        "TRTEDT": treatment.last_dose,
    }
    if (contact := last_contact(subject)) is not None:
        row["LSTCNTDT"] = contact
        row["FUPDURD"] = (contact - first).days + 1 if first else None
    if first:
        row["TRTONGFL"] = "Y" if treatment.ongoing else "N"
        row["NCYCLES"] = len(treatment.cycles)
        row["CYC1DAYS"] = treatment.cycles[0].days
        row["TRTDURD"] = sum(cycle.days for cycle in treatment.cycles)
    return row


def last_contact(subject: Subject) -> date | None:
    """The latest date of the subject in any table; None where a partial date may be later."""
    rows = [row for rows in subject.tables.values() for row in rows]
    if any(row[name].startswith("-") for row in rows for name in row if name.endswith("DTC")):
        return None
    latest = max(_dates(rows))
    return None if any(when.last > latest for when in _written(rows)) else latest


def _dates(rows: Iterable[Row]) -> list[date]:
    """Every completely known date of the rows."""
    return [when.day for when in _written(rows) if when.day]


def _written(rows: Iterable[Row]) -> list[When]:
    read = (read_when(row[name]) for row in rows for name in row if name.endswith("DTC"))
    return [when for when in read if when]


def event_row(row: Row, treatment: Treatment) -> Out:
    text = row["AESTDTC"]
    start, end = read_when(text), read_when(row["AEENDTC"])
    first = treatment.first_dose
    without_year = text.startswith("-")
    out: Out = {
        "AESEQ": int(row["AESEQ"]),
        "AETERM": row["AETERM"].strip() or None,
        "AESER": spelt(row["AESER"], {"Y": "Y", "YES": "Y", "N": "N", "NO": "N"}),
        "AESEV": spelt(row["AESEV"], {code: code for code in SEVERITIES}),
        "TRTEMFL": emergent_any_year(text, treatment)
        if without_year
        else emergent(start, treatment),
        "ASTDT": start.day if start else None,
        "ASTDY": study_day(start.day if start else None, first),
        "AENDT": end.day if end else None,
        "AENDY": study_day(end.day if end else None, first),
    }
    if start or without_year:
        out["ASTDTF"] = start.missing_part if start else "Y"
    return out


def spelt(text: str, codes: Mapping[str, str]) -> str | None:
    """The code behind a text in letters of any case; None where there is none."""
    return codes.get(text.strip().upper())


def emergent(start: When | None, treatment: Treatment) -> str | None:
    """Y from the first dose to 30 days after the last; a partial date is Y unless excluded."""
    if start is None or treatment.first_dose is None or treatment.last_dose is None:
        return None
    too_early = start.last < treatment.first_dose
    too_late = start.first > treatment.last_dose + EMERGENT_DAYS
    return "N" if too_early or too_late else "Y"


def emergent_any_year(text: str, treatment: Treatment) -> str | None:
    """Y where some day of the time that counts has the known month and day, whatever its year."""
    first, last = treatment.first_dose, treatment.last_dose
    if first is None or last is None:
        return None
    # --03-15 is 15 March, --03 a day in March, ----15 the 15th of some month
    known = re.compile(rf"\d{{4}}-{text[2:]}" if text[2] != "-" else rf"\d{{4}}-\d\d-{text[4:]}")
    days = (last + EMERGENT_DAYS - first).days
    return "Y" if any(known.match(f"{first + timedelta(n)}") for n in range(days + 1)) else "N"


def exposure_rows(treatment: Treatment) -> list[Out]:
    cycle_of = {seq: cycle.number for cycle in treatment.cycles for seq in cycle.rows}
    rows = []
    for each in treatment.exposures:
        row: Out = {
            "EXSEQ": each.seq,
            "ASTDT": each.start,
            "AVAL": as_number(each.mean_daily_dose),
            "ADURN": (each.end - each.start).days + 1,
        }
        if each.dose > 0:
            row["CYCLE"] = cycle_of[each.seq]
        if not each.ongoing:
            row["AENDT"] = each.end
        rows.append(row)
    return rows
