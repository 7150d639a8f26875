"""ADQS: every questionnaire row, the totals of its items, baseline, change and analysis visit."""

from dataclasses import dataclass

import polars as pl

from pilotage.datasets.placing import Measured, unplaced
from pilotage.datasets.questions import PAIR, question_table, scales_of
from pilotage.datasets.remarks import Check, remarks
from pilotage.datasets.score_names import number_text, restated, unrecognised
from pilotage.datasets.scores import with_totals
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
    names = qs.lazy().select(PAIR).unique().collect(engine="in-memory").rows()
    questions = question_table(names, scales, protocol)
    rows = _valued(qs, questions)
    findings = [
        *_value_findings(rows, questions, file),
        *unrecognised(qs, names, scales.instruments, protocol, file=file),
        *restated(qs, scales.instruments, protocol, file=file),
    ]
    rows, totals, found = with_totals(rows, scales, file=file)
    rows = rows.select(*_KEPT)
    source = qs.drop("SRCLINE")
    if totals is not None:
        added, of_source = _added(totals, qs, questions)
        rows = pl.concat([rows, added])
        source = pl.concat([source, of_source], how="diagonal", rechunk=True)
    measured = Measured(rows.rename({"QSDTC": "DTC"}), source)
    return Questionnaires(measured, questions, findings + found)


_KEPT = (
    "ROW",
    "USUBJID",
    "QSDTC",
    "AVAL",
    "SEQ",
    "SRCLINE",
    "SRCITEMS",
    "QUESTION",
    "CODE",
    "SERIES",
)


def _valued(qs: pl.DataFrame, questions: pl.DataFrame) -> pl.DataFrame:
    """The rows with the number of their question and AVAL; ROW is their number."""
    known = questions.lazy().select(*PAIR, "QUESTION", "CODE", "OWN", "ITEM", SERIES="CODE")
    return (
        qs.lazy()
        .select("USUBJID", *PAIR, "QSDTC", "QSORRES", "QSSTRESN", "SRCLINE", SEQ="QSSEQ")
        .with_row_index("ROW")
        .join(known, on=PAIR, how="left", nulls_equal=True, maintain_order="left")
        .with_columns(UNREAD=pl.when(pl.col("QSSTRESN").is_null()).then("QSORRES"))
        .with_columns(AVAL=pl.coalesce("QSSTRESN", number_columns("UNREAD")))
        .drop("UNREAD")
        .collect(engine="in-memory")
    )


def _added(
    totals: pl.DataFrame, qs: pl.DataFrame, questions: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows for totals that no row states, and what they say in the columns of the source."""
    known = questions.select(*PAIR, "QUESTION", "CODE", SERIES="CODE")
    rows = totals.join(known, on=PAIR, how="left", maintain_order="left").select(
        *("USUBJID", "QSDTC", "QUESTION", "CODE", "SERIES"),
        ROW=pl.int_range(qs.height, qs.height + pl.len(), dtype=pl.UInt32),
        AVAL="TOTAL",
        SEQ="ITEMSEQ",
        SRCITEMS="ITEMS",
        SRCLINE=pl.lit(None, dtype=pl.Int64),
    )
    carried = qs.select(column for column in CARRIED if column in qs.columns)[totals["ROW"]]
    return rows.select(_KEPT), totals.select("USUBJID", *PAIR, "QSDTC").hstack(carried)


def questionnaire_dataset(
    placed: pl.DataFrame, given: Questionnaires, protocol: Protocol, *, file: str
) -> tuple[pl.DataFrame, list[pl.LazyFrame]]:
    """ADQS of the placed rows. Returns rows, findings."""
    source = given.measured.source[placed["ROW"]]
    said = given.questions.select("PARAM", "AVALU")[placed["QUESTION"]]
    rows = placed.with_columns(
        PARAMCD=source["QSTESTCD"],
        PARCAT1=source["QSCAT"],
        SRCDOM=pl.lit("QS"),
        SRCSEQ=source["QSSEQ"],
    ).hstack(said)
    own = [code for code, parameter in protocol.parameters.items() if parameter.domain == "QS"]
    derived = rows.select(_DERIVED)
    return source.drop("USUBJID").hstack(derived), unplaced(rows, own, "QSDTC", file)


_DERIVED = [
    *("USUBJID", "AVAL", "SEQ", "SRCITEMS", "SRCLINE", "DATE_FIRST", "DATE_LAST", "TIME"),
    *("TRTSDT", "TRTSDT_MIN", "TRTSDT_MAX", "ADT", "ADTF", "POST", "ADY"),
    *("PARAMCD", "PARCAT1", "PARAM", "AVALU", "SRCDOM", "SRCSEQ"),
    *("BASE", "ABLFL", "CHG", "PCHG", "AVISITN", "AVISIT"),
    *("ANL01FL", "ANL02FL", "CYCLE", "ONTRTFL"),
]


def _value_findings(rows: pl.DataFrame, questions: pl.DataFrame, file: str) -> list[pl.LazyFrame]:
    """Errors: stated scores outside their range, or not whole where only whole ones exist. A text
    where a number should be is a finding."""
    stated = rows.filter("OWN")
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
