"""Exposure: every period of a dose, and how much of the treatment each subject took."""

from typing import Any

import polars as pl

from pilotage.report import formats
from pilotage.report.context import Context
from pilotage.report.layouts.listings import Shown, date_of, listing
from pilotage.report.layouts.subject_columns import dose_text
from pilotage.report.model import Cell, Column, Row, Table
from pilotage.study.sap import Output


def exposure(output: Output, context: Context) -> Table:
    """Every dose with its days; an ongoing one goes on at the data cut."""
    words, adex = context.words, context.datasets.adex
    unit = context.study.protocol.treatment.unit
    columns = [
        Shown(words("cycle"), lambda row: formats.count(row["CYCLE"]), "number"),
        Shown(words("dose"), lambda row: _dose(context, row)),
        Shown(words("started"), lambda row: date_of(row, "ASTDT", "EXSTDTC")),
        Shown(words("ended"), lambda row: _end(context, row)),
        Shown(words("from_day"), lambda row: formats.count(row["ASTDY"]), "number"),
        Shown(words("to_day"), lambda row: formats.count(row["AENDY"]), "number"),
        Shown(words("days"), lambda row: formats.count(row["ADURN"]), "number"),
        Shown(
            f"{words('mean_daily_dose')}, {unit}",
            lambda row: formats.number(row["AVAL"], context.places("ADEX", "AVAL")),
            "number",
        ),
    ]
    return listing(output, context, "ADEX", adex, columns, empty=words("no_dose"))


def compliance(output: Output, context: Context) -> Table:
    """Each treated subject: days in treatment cycles, days with drug, and their share; the total
    and the mean of the doses taken. Nothing where a dose or a date of it is not known."""
    words, notes = context.words, context.notes(output)
    unit = context.study.protocol.treatment.unit
    found = taken(context.datasets.adsl, context.datasets.adex)
    heads = (
        Column(words("subject")),
        Column(words("adsl_NCYCLES"), "number"),
        Column(words("days_in_cycles"), "number"),
        Column(words("days_with_drug"), "number"),
        Column(words("share_with_drug"), "number"),
        Column(f"{words('total_dose')}, {unit}", "number"),
        Column(f"{words('mean_of_days')}, {unit}", "number"),
    )
    rows = [Row(_taken_cells(row)) for row in found.iter_rows(named=True)]
    notes.add(words("compliance_rule"))
    accounted = "da" in context.datasets.collected
    notes.add(words("accountability" if accounted else "no_accountability"))
    if any(cell.text == formats.NONE for row in rows for cell in row.cells):
        notes.add(words("not_recorded"))
    return Table(
        output.id,
        context.number_of(output),
        context.text(output.title),
        heads,
        tuple(rows),
        notes.all(),
        empty=words("no_subject").capitalize(),
    )


def taken(adsl: pl.DataFrame, adex: pl.DataFrame) -> pl.DataFrame:
    """Treated subjects with NCYCLES, TRTDURD (days in cycles), DAYS with drug, SHARE of these in
    per cent, TOTAL dose and MEAN dose of a day in a cycle, and ROWS, the ASEQ of their doses.

    DAYS counts a day of two overlapping doses twice, so the share can exceed 100; all but TRTDURD
    are missing where the days or the mean daily dose of a row with drug are.
    """
    dosed = adex.filter(pl.col("EXDOSE") > 0)
    known = pl.all_horizontal(pl.col("ADURN", "AVAL").is_not_null()).all()
    sums = dosed.group_by("USUBJID", maintain_order=True).agg(
        DAYS=pl.when(known).then(pl.col("ADURN").sum()),
        TOTAL=pl.when(known).then((pl.col("ADURN") * pl.col("AVAL")).sum()),
        ROWS=pl.col("ASEQ"),
    )
    treated = adsl.filter(pl.col("TRTSDT").is_not_null())
    return (
        treated.select("USUBJID", "ASEQ", "NCYCLES", "TRTDURD")
        .join(sums, on="USUBJID", how="left", maintain_order="left")
        .with_columns(
            SHARE=pl.col("DAYS") / pl.col("TRTDURD"), MEAN=pl.col("TOTAL") / pl.col("TRTDURD")
        )
    )


def _taken_cells(row: dict[str, Any]) -> tuple[Cell, ...]:
    subject = row["USUBJID"]
    own = f"ADSL {subject}.{row['ASEQ']}"
    doses = "\n".join([own, *(f"ADEX {subject}.{aseq}" for aseq in row["ROWS"] or ())])
    return (
        Cell(subject, source=own),
        Cell(formats.count(row["NCYCLES"]), source=own),
        Cell(formats.count(row["TRTDURD"]), source=own),
        Cell(formats.count(row["DAYS"]), source=doses),
        Cell(formats.percent(row["SHARE"]), source=doses),
        Cell(formats.number(row["TOTAL"], 1), source=doses),
        Cell(formats.number(row["MEAN"], 2), source=doses),
    )


def _dose(context: Context, row: dict[str, Any]) -> str:
    return formats.NONE if row["DOSESTEP"] is None else dose_text(context, row["DOSESTEP"])


def _end(context: Context, row: dict[str, Any]) -> str:
    return context.words("ongoing") if row["ONGOFL"] == "Y" else date_of(row, "AENDT", "EXENDTC")
