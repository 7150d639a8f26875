"""The seriousness and severity of adverse events as the study's codes, however they are spelt: a
severe event counts as severe whether it was written `SEVERE`, `Severe` or `severe `."""

from collections.abc import Mapping

import polars as pl

from pilotage.datasets.remarks import remark
from pilotage.study.protocol import Protocol

SERIOUS = {"Y": "Y", "YES": "Y", "N": "N", "NO": "N"}


def with_codes(
    ae: pl.DataFrame, protocol: Protocol, *, file: str
) -> tuple[pl.DataFrame, list[pl.LazyFrame]]:
    """AE with the codes of AESER and AESEV, and AETERM without surrounding blanks. Returns rows,
    findings.

    Small and capital letters and surrounding blanks do not matter; a note names each spelling that
    was read. What is no code is missing, and a warning names the text.
    """
    severities = {code.casefold(): code for code in protocol.adverse_events.severity}
    serious = {spelling.casefold(): code for spelling, code in SERIOUS.items()}
    findings: list[pl.LazyFrame] = []
    rows = ae.with_columns(_without_blanks("AETERM"))
    for column, known in (("AESER", serious), ("AESEV", severities)):
        if not known:
            continue
        spellings = ae[column].drop_nulls().unique().to_list()
        read = {text: known.get(text.strip().casefold()) for text in spellings}
        if all(text == code for text, code in read.items()):
            continue
        rows = rows.with_columns(
            pl.col(column).replace_strict(read, default=None, return_dtype=pl.String)
        )
        findings += _findings(ae, column, read, list(dict.fromkeys(known.values())), file)
    return rows, findings


def _findings(
    ae: pl.DataFrame, column: str, read: Mapping[str, str | None], known: list[str], file: str
) -> list[pl.LazyFrame]:
    """A note for each spelling that was read as a code, a warning for each row that was not. A cell
    of nothing but blanks is empty, and nothing is said of it."""
    text = pl.col(column)
    spelt = {text: code for text, code in read.items() if code is not None and text != code}
    notes = ae.filter(text.is_in(list(spelt))).unique(column)
    meant = text.replace_strict(spelt, default=None, return_dtype=pl.String)
    words = pl.format(column + " '{}' is read as {}", text, meant)
    note = remark(notes, words, file=file, severity="note")
    strange = [text for text, code in read.items() if code is None and text.strip()]
    unknown = pl.format(
        column + " '{}' is not known, and missing in ADAE; known are " + ", ".join(known), text
    )
    return [
        note.with_columns(WHERE=pl.lit(file), USUBJID=pl.lit(None, pl.String)),
        remark(ae, unknown, when=text.is_in(strange), file=file),
    ]


def _without_blanks(column: str) -> pl.Expr:
    """The text without surrounding blanks; missing where there is nothing else."""
    stripped = pl.col(column).str.strip_chars()
    return pl.when(stripped != "").then(stripped).alias(column)
