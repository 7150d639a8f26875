"""What the snapshot and the datasets record under a name: an item of a form, a parameter.

Measured numbers are those of the datasets (ADQS, ADLB), never read again. Every other answer is
read where its item says that it lives. A row that says that nothing was done is no record; a row
whose value cannot be used (no number, no unit, no answer of the codelist, open items) is one, and
its value is null.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pilotage.datasets import Datasets
from pilotage.datasets.facts import Target, read_target
from pilotage.instruments import instruments
from pilotage.instruments.ctcae import grade_columns
from pilotage.rules.ages import doubtful_ages, with_doubt
from pilotage.rules.readings import read
from pilotage.snapshot import Snapshot
from pilotage.study.protocol import Form, Item, Protocol

HAPPENED = ("ae", "ce", "ds", "ex", "pr", "sv")
"""Tables whose --STDTC is the day of the record where there is no --DTC. (The start of a history or
of an earlier treatment lies long before the day on which it was asked.)"""

COLUMNS: Mapping[str, pl.DataType] = {
    "USUBJID": pl.String(),
    "DTC": pl.String(),
    "ORDER": pl.Int64(),
    "WRITTEN": pl.String(),
    "UNIT": pl.String(),
    "SRCDOM": pl.String(),
    "SRCSEQ": pl.Int64(),
    "SRCITEMS": pl.String(),
}
"""What each record has beside its VALUE: the subject, its date as written and the order of records
of one time, value and unit as written, and the rows of the snapshot that say it."""

NO_REASON = "an end without a reason"
"""What is recorded of a dated end whose reason is missing."""

CHANGES = ("BASE", "CHG", "PCHG", "ATOXGR", "ABLFL")
AS_BASELINE = "GRADE_AS_BASELINE"
"""The grade of a laboratory value that is its own baseline, as the last one before the first dose
is: a later baseline is not known yet."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where records are found."""

    protocol: Protocol
    snapshot: Snapshot
    datasets: Datasets

    def of(self, name: str) -> pl.DataFrame:
        """Every record of a parameter or an item (`form.item`); none for an unknown name."""
        first, _, part = name.partition(".")
        if first in self.protocol.parameters:
            return self._parameter(first)
        form = self.protocol.forms.get(first)
        if form is None:
            return _none()
        item = form.items.get(part)
        return self._instrument(form, part) if item is None else self._item(item, first)

    # -- what the datasets hold -------------------------------------------------------------------

    def _parameter(self, code: str) -> pl.DataFrame:
        if self.protocol.parameters[code].domain == "QS":
            return self._questionnaire(pl.col("PARAMCD") == code)
        return self._laboratory(pl.col("PARAMCD") == code, self.protocol.parameters[code].grade)

    def _questionnaire(self, chosen: pl.Expr) -> pl.DataFrame:
        # of a total that was not stated the items may be there all the same, and they win
        has_items = pl.col("SRCITEMS").is_not_null()
        was_done = [each | has_items for each in done(self.datasets.adqs, "QS")]
        rows = self.datasets.adqs.lazy().filter(chosen, *was_done)
        total = pl.coalesce(_as_text("AVAL"), pl.lit("items are open"))
        stated = pl.coalesce("QSORRES", _as_text("QSSTRESN"))
        written = pl.when(has_items).then(total).otherwise(stated)
        return _kept(rows, self.datasets.adqs, "QSDTC", written, pl.col("AVALU"))

    def _laboratory(self, chosen: pl.Expr, term: str | None = None) -> pl.DataFrame:
        rows = self.datasets.adlb.lazy().filter(chosen, *done(self.datasets.adlb, "LB"))
        unit, toxicity = pl.col("LBORRESU"), self.protocol.toxicity
        more = {}
        if term is not None and toxicity is not None:
            more[AS_BASELINE] = grade_columns(term, version=toxicity.version, baseline="AVAL")
        return _kept(rows, self.datasets.adlb, "LBDTC", pl.col("LBORRES"), unit, **more)

    def _instrument(self, form: Form, part: str) -> pl.DataFrame:
        """An item or a score of an instrument. A score is found under the name of its parameter."""
        code = part.upper()
        for name, parameter in self.protocol.parameters.items():
            if parameter.instrument == form.instrument and parameter.score == code:
                return self._parameter(name)
        instrument = instruments.get(form.instrument or "")
        if instrument is None:
            return _none()
        own = (pl.col("QSCAT") == instrument.category) & (pl.col("QSTESTCD") == code)
        return self._questionnaire(own)

    # -- what the tables hold ---------------------------------------------------------------------

    def _item(self, item: Item, form: str) -> pl.DataFrame:
        target = read_target(item.target)
        if item.type in ("integer", "number") and target.variable in ("LBORRES", "QSORRES"):
            return self._measured(item, target)
        table = self.snapshot.tables.get(target.domain)
        wanted = {target.variable, *(column for column, _ in target.where)}
        if table is None or not wanted <= set(table.columns):
            return _none()
        rows = table.filter(
            *(is_named(table, *pair) for pair in target.where), *done(table, target.domain.upper())
        )
        ended = self._ended(item, target, form, table.columns)
        if not target.variable.endswith("ORRES"):
            there = pl.col(target.variable).is_not_null()
            rows = rows.filter(there | ended | _of_unknown_day(target, table.columns))
        dated = _dated(rows, target, self.snapshot.tables)
        found = read(dated, target, item, self.protocol).with_columns(
            WRITTEN=pl.when(ended)
            .then(pl.coalesce("WRITTEN", pl.lit(NO_REASON)))
            .otherwise("WRITTEN")
        )
        if (target.domain, target.variable) == ("dm", "AGE"):
            found = _without_doubt(found, self.protocol)
        return found.select(*COLUMNS, "VALUE")

    def _ended(self, item: Item, target: Target, form: str, columns: list[str]) -> pl.Expr:
        """Does a row hold the date of an end, of which the item is the reason? Such a row is a
        record of it, also where its reason is missing."""
        ends = self.protocol.schedule.ends
        for name in (ends.treatment, ends.study):
            if name is not None and name.partition(".")[0] == form:
                ended = read_target(self.protocol.forms[form].items[name.partition(".")[2]].target)
                if is_reason(item, target, ended) and ended.variable in columns:
                    return pl.col(ended.variable).is_not_null()
        return pl.lit(False)

    def _measured(self, item: Item, target: Target) -> pl.DataFrame:
        """A number of the laboratory or of a questionnaire: the value that the dataset has."""
        dataset = self.datasets.adlb if target.domain == "lb" else self.datasets.adqs
        if not {column for column, _ in target.where} <= set(dataset.columns):
            return _none()
        chosen = pl.all_horizontal(
            pl.lit(True), *(is_named(dataset, column, value) for column, value in target.where)
        )
        if target.domain == "qs":
            return self._questionnaire(chosen)
        same = (pl.col("AVALU") == item.unit).fill_null(False) if item.unit else pl.lit(True)
        return self._laboratory(chosen).with_columns(VALUE=pl.when(same).then("VALUE"))


def _without_doubt(ages: pl.DataFrame, protocol: Protocol) -> pl.DataFrame:
    """Ages in doubt (`ages`) have no value; what is written of them says why."""
    known = pl.col("DOUBT").is_null()
    return with_doubt(ages, doubtful_ages(ages, protocol)).with_columns(
        VALUE=pl.when(known).then("VALUE"),
        UNIT=pl.when(known).then("UNIT"),
        WRITTEN=pl.coalesce("DOUBT", "WRITTEN"),
    )


def _of_unknown_day(target: Target, columns: list[str]) -> pl.Expr:
    """Is there a result beside the date that an item asks for? Without its date it is a record all
    the same, of a day that nobody knows."""
    prefix = target.domain.upper()
    result = f"{prefix}ORRES"
    if target.variable == f"{prefix}DTC" and result in columns:
        return pl.col(result).is_not_null()
    return pl.lit(False)


def is_reason(item: Item, target: Target, ended: Target) -> bool:
    """Does an item say, by a code and on the row that holds the date of an end, why it ended?"""
    same = (target.domain, target.where) == (ended.domain, ended.where)
    return item.type == "choice" and same


def _as_text(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String).str.strip_suffix(".0")


def _none() -> pl.DataFrame:
    return pl.DataFrame(schema={**COLUMNS, "VALUE": pl.Float64})


def _kept(
    rows: pl.LazyFrame,
    dataset: pl.DataFrame,
    date: str,
    written: pl.Expr,
    unit: pl.Expr,
    **more: pl.Expr,
) -> pl.DataFrame:
    """Rows of a dataset as records. ASEQ is the order that the dataset gives them."""
    changes = [column for column in CHANGES if column in dataset.columns]
    items = pl.col("SRCITEMS") if "SRCITEMS" in dataset.columns else pl.lit(None, pl.String)
    return rows.select(
        "USUBJID",
        DTC=date,
        ORDER="ASEQ",
        WRITTEN=written,
        UNIT=unit,
        SRCDOM="SRCDOM",
        SRCSEQ="SRCSEQ",
        SRCITEMS=items,
        VALUE="AVAL",
        AVALU="AVALU",
        **{column: pl.col(column) for column in changes},
        **more,
    ).collect(engine="in-memory")


def done(rows: pl.DataFrame, prefix: str) -> list[pl.Expr]:
    """A row that says that nothing was done (--STAT) is no record."""
    column = f"{prefix}STAT"
    return [pl.col(column).ne_missing("NOT DONE")] if column in rows.columns else []


def is_named(rows: pl.DataFrame, column: str, value: str) -> pl.Expr:
    """Does a column hold the value that a target names?"""
    if rows.schema[column].is_numeric():
        return pl.col(column).cast(pl.Float64) == pl.lit(value).cast(pl.Float64, strict=False)
    return pl.col(column).cast(pl.String) == value


def _dated(rows: pl.DataFrame, target: Target, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Add DTC, ORDER and the row that is the source. DM and its supplements have no date of their
    own: they count from the day of informed consent."""
    domain, prefix = target.domain, target.domain.upper()
    if domain == "dm":
        consented = pl.col("RFICDTC") if "RFICDTC" in rows.columns else pl.lit(None, pl.String)
        return rows.with_columns(_source("DM", pl.lit(0)), DTC=consented, ORDER=pl.lit(0))
    if domain.startswith("supp"):
        return _supplement(rows, domain.removeprefix("supp"), tables)
    sequence = f"{prefix}SEQ"
    number = pl.col(sequence) if sequence in rows.columns else pl.lit(0)
    source = _source(prefix, number)
    return rows.with_columns(source, DTC=_date(rows, domain), ORDER=number.cast(pl.Int64))


def _date(rows: pl.DataFrame, domain: str) -> pl.Expr:
    """The day of an answer: when it was written down, else when the event began."""
    prefix = domain.upper()
    names = [f"{prefix}DTC"]
    if domain in HAPPENED:
        names.append(f"{prefix}STDTC")
    found = [pl.col(name) for name in names if name in rows.columns]
    return pl.coalesce(found) if found else pl.lit(None, pl.String)


def _supplement(
    rows: pl.DataFrame, parent: str, tables: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """The date of a supplement is that of the row that it belongs to."""
    prefix = parent.upper()
    above = tables.get(parent)
    if parent == "dm" and above is not None:
        dates = above.select(pl.col("USUBJID").cast(pl.String), DTC="RFICDTC", ORDER=pl.lit(0))
        found = rows.with_columns(pl.col("USUBJID").cast(pl.String))
        return found.join(dates, on="USUBJID", how="left").with_columns(_source("DM", pl.lit(0)))
    sequence = f"{prefix}SEQ"
    if above is None or sequence not in above.columns or "IDVARVAL" not in rows.columns:
        nothing = pl.lit(None, pl.Int64)
        return rows.with_columns(
            _source(prefix, nothing), DTC=pl.lit(None, pl.String), ORDER=pl.lit(0, pl.Int64)
        )
    keyed = above.select(
        pl.col("USUBJID").cast(pl.String),
        ORDER=pl.col(sequence).cast(pl.Int64),
        DTC=_date(above, parent),
    )
    number = pl.when(pl.col("IDVAR") == sequence).then(
        pl.col("IDVARVAL").cast(pl.Int64, strict=False)
    )
    return (
        rows.with_columns(pl.col("USUBJID").cast(pl.String), ORDER=number)
        .join(keyed, on=["USUBJID", "ORDER"], how="left")
        .with_columns(_source(prefix, pl.col("ORDER")))
    )


def _source(domain: str, number: pl.Expr) -> list[pl.Expr]:
    return [
        pl.lit(domain).alias("SRCDOM"),
        number.cast(pl.Int64).alias("SRCSEQ"),
        pl.lit(None, pl.String).alias("SRCITEMS"),
    ]
