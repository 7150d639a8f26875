"""ADQS: every questionnaire row, the totals of its items, baseline, change and analysis visit."""

from dataclasses import dataclass

import polars as pl

from pilotage.datasets.placing import Measured, unplaced
from pilotage.datasets.questions import PAIR, question_table, scales_of
from pilotage.datasets.remarks import Check, remarks
from pilotage.datasets.score_names import number_text, restated, unrecognised
from pilotage.datasets.scores import with_totals
from pilotage.datasets.small_plans import as_written, improved
from pilotage.instruments.units import number_columns
from pilotage.study.protocol import Protocol

CARRIED = ("STUDYID", "DOMAIN", "VISIT", "VISITNUM")
"""What a total has from the rows of its items."""


@dataclass(frozen=True, slots=True)
class Questionnaires:
    """The values of QS and of the totals of items, and what their questions mean."""

    measured: Measured
    questions: pl.DataFrame
    findings: list[pl.LazyFrame]


def questionnaires(qs: pl.DataFrame, protocol: Protocol, *, file: str) -> Questionnaires:
    """Every row of QS with AVAL, and the totals that the items give.

    AVAL is QSSTRESN, else QSORRES where it is a number, else missing. A score outside its range is
    an error of the input.
    """
    scales = scales_of(protocol)
    names = qs.lazy().select(PAIR).unique().pipe(improved).rows()
    questions = question_table(names, scales, protocol)
    rows = _valued(qs, questions)
    stated = rows.filter(rows["OWN"])
    findings = [
        *_value_findings(stated, questions, file),
        *unrecognised(qs, names, scales.instruments, protocol, file=file),
        *restated(qs, scales.instruments, protocol, file=file),
    ]
    rows, totals, found = with_totals(rows, stated, scales, file=file)
    rows = rows[_KEPT]
    source = qs.drop("SRCLINE")
    if totals is not None:
        added, of_source = _added(totals, qs, questions)
        rows = pl.concat([rows, added], rechunk=True)
        source = pl.concat([source, of_source], how="diagonal", rechunk=True)
    measured = Measured(rows.rename({"QSDTC": "DTC"}), source)
    return Questionnaires(measured, questions, findings + found)


_KEPT = [
    *("ROW", "USUBJID", "QSDTC", "AVAL", "SEQ", "SRCLINE", "SRCITEMS"),
    *("QUESTION", "CODE", "SERIES"),
]


_UNREAD = pl.when(pl.col("QSSTRESN").is_null()).then("QSORRES").alias("UNREAD")
_AVAL = pl.coalesce("QSSTRESN", number_columns("UNREAD")).alias("AVAL")


def _valued(qs: pl.DataFrame, questions: pl.DataFrame) -> pl.DataFrame:
    """The rows with the number of their question and AVAL; ROW is their number. SRCITEMS is for the
    totals of items."""
    known = questions.lazy().select(*PAIR, "QUESTION", "CODE", "OWN", "ITEM", SERIES="CODE")
    return (
        qs.lazy()
        .select("USUBJID", *PAIR, "QSDTC", "QSORRES", "QSSTRESN", "SRCLINE", SEQ="QSSEQ")
        .with_row_index("ROW")
        .join(known, on=PAIR, how="left", nulls_equal=True, maintain_order="left")
        .with_columns(_UNREAD)
        .with_columns(_AVAL, SRCITEMS=pl.lit(None, dtype=pl.String))
        .drop("UNREAD")
        .pipe(improved)
    )


def _added(
    totals: pl.DataFrame, qs: pl.DataFrame, questions: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows for totals that no row states, and what they say in the columns of the source."""
    number = pl.int_range(qs.height, qs.height + pl.len(), dtype=pl.UInt32)
    rows = (
        totals.lazy()
        .select("USUBJID", *PAIR, "QSDTC", AVAL="TOTAL", SEQ="ITEMSEQ", SRCITEMS="ITEMS")
        .with_columns(ROW=number, SRCLINE=pl.lit(None, dtype=pl.Int64))
        .join(
            questions.lazy().select(*PAIR, "QUESTION", "CODE", SERIES="CODE"),
            on=PAIR,
            how="left",
            maintain_order="left",
        )
        .pipe(as_written)
    )
    carried = qs[[column for column in CARRIED if column in qs.columns]][totals["ROW"]]
    return rows[_KEPT], totals[["USUBJID", *PAIR, "QSDTC"]].hstack(carried)


def questionnaire_dataset(
    placed: pl.DataFrame, given: Questionnaires, protocol: Protocol, *, file: str
) -> tuple[pl.DataFrame, list[pl.LazyFrame]]:
    """ADQS of the placed rows. Returns rows, findings."""
    source = given.measured.source[placed["ROW"]]
    said = given.questions[["PARAM", "AVALU"]][placed["QUESTION"]]
    named = [
        source["QSTESTCD"].alias("PARAMCD"),
        source["QSCAT"].alias("PARCAT1"),
        pl.Series("SRCDOM", ["QS"]).new_from_index(0, source.height),
        source["QSSEQ"].alias("SRCSEQ"),
    ]
    rows = placed.hstack([*named, *said])
    own = [code for code, parameter in protocol.parameters.items() if parameter.domain == "QS"]
    carried = [column for column in source.columns if column != "USUBJID"]
    return source[carried].hstack(rows[_DERIVED]), unplaced(rows, own, "QSDTC", file)


_DERIVED = [
    *("USUBJID", "AVAL", "SEQ", "SRCITEMS", "SRCLINE", "DATE_FIRST", "DATE_LAST", "TIME"),
    *("TRTSDT", "TRTSDT_MIN", "TRTSDT_MAX", "ADT", "ADTF", "POST", "ADY"),
    *("PARAMCD", "PARCAT1", "PARAM", "AVALU", "SRCDOM", "SRCSEQ"),
    *("BASE", "ABLFL", "CHG", "PCHG", "AVISITN", "AVISIT"),
    *("ANL01FL", "ANL02FL", "CYCLE", "ONTRTFL"),
]


def _value_findings(stated: pl.DataFrame, questions: pl.DataFrame, file: str) -> list[pl.LazyFrame]:
    """Errors: stated scores outside their range, or not whole where only whole ones exist. A text
    where a number should be is a finding."""
    if stated.is_empty():
        return []
    said = questions.select("LOW", "HIGH", "WHOLE", "EXPECTED")[stated["QUESTION"]]
    code, value = pl.col("QSTESTCD"), pl.col("AVAL")
    wrong = ~value.is_between("LOW", "HIGH") | (pl.col("WHOLE") & (value != value.round(0)))
    words = pl.format("{} is {}; it must be {}", code, number_text(value), "EXPECTED")
    text = value.is_null() & pl.col("QSORRES").is_not_null()
    no_number = pl.format("{} is '{}', not a number: the value is missing", code, "QSORRES")
    checks = [Check(wrong, words, severity="error"), Check(text, no_number)]
    return remarks(stated.hstack(said), checks, file=file)
