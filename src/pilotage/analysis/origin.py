"""What an analysis rests on: the columns it reads, the tables behind them, and whether these hold
any value. What nobody collected or recorded is never counted as 0."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import polars as pl

from pilotage.conditions import Condition, columns, names_in
from pilotage.datasets import Datasets
from pilotage.datasets.facts import read_target
from pilotage.study import Study
from pilotage.study.parameters_read import codes_read
from pilotage.study.protocol import Protocol
from pilotage.study.sap import Analysis

TABLE = {
    "ADSL": "dm",
    "ADQS": "qs",
    "ADRS": "qs",
    "ADTTE": "qs",
    "ADLB": "lb",
    "ADAE": "ae",
    "ADEX": "ex",
}
"""The SDTM table behind each dataset. Some may be absent: of these nothing is known."""

FROM_DISPOSITION: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"DCSREAS": (), "DCSREASP": ("DSTERM",), "DCSDT": ()}
)
"""Columns of ADSL that come from DS, with the columns of it that may be absent. That nobody has one
is an answer: nobody ended."""

CONDITIONS = ("where", "among", "event", "competing")
COLUMNS = ("variable", "term", "by", "record", "competing_on")
"""The parts of an analysis that name columns."""


def named(analysis: Analysis) -> tuple[str, ...]:
    """The columns that an analysis names, each once."""
    conditions = (getattr(analysis, part, None) for part in CONDITIONS)
    names = [name for each in conditions if each is not None for name in names_in(each)]
    names += [name for part in COLUMNS if (name := getattr(analysis, part, None))]
    return tuple(dict.fromkeys(names))


# -- collected -----------------------------------------------------------------------------------


def not_collected(analysis: Analysis, study: Study, datasets: Datasets) -> str | None:
    """Why the snapshot cannot hold what the analysis reads: a table or a column that is absent;
    None where all are there."""
    table = TABLE[analysis.dataset]
    if table not in datasets.collected:
        return f"the snapshot has no table {table}"
    own = () if analysis.dataset == "ADSL" else datasets.named()[analysis.dataset.lower()].columns
    for name in named(analysis):
        if name not in own and (reason := column_not_collected(name, study, datasets)):
            return reason
        if name not in own and name not in datasets.adsl.columns:
            return f"the table {table} of the snapshot has no column {name}"
    return None


def column_not_collected(name: str, study: Study, datasets: Datasets) -> str | None:
    """Why the snapshot cannot hold a column of ADSL; None where its table and column are there."""
    table, needed = _source(name, study.protocol)
    if table not in datasets.collected:
        return f"the snapshot has no table {table}, from which {name} is taken"
    present = datasets.columns.get(table)
    missing = [] if present is None else [column for column in needed if column not in present]
    if missing:
        said = f"the table {table} of the snapshot has no column {missing[0]}"
        return said if missing == [name] else f"{said}, from which {name} is taken"
    return None


def _source(name: str, protocol: Protocol) -> tuple[str, tuple[str, ...]]:
    """The table behind a column of ADSL, and the columns of it that are needed."""
    if name in FROM_DISPOSITION:
        return "ds", FROM_DISPOSITION[name]
    fact = protocol.subject_facts.get(name)
    if fact is None:
        return "dm", ()
    if fact.baseline is not None:
        return protocol.parameters[fact.baseline].domain.lower(), ()
    form, _, item = (fact.item or "").partition(".")
    target = read_target(protocol.forms[form].items[item].target)
    return target.domain, (target.variable, *(column for column, _ in target.where))


# -- parameters ----------------------------------------------------------------------------------


def behind(code: str, dataset: str, protocol: Protocol) -> str:
    """The measured parameter behind a parameter of a dataset: that of its classification, or of the
    relapse that a time leads to."""
    if dataset not in ("ADRS", "ADTTE"):
        return code
    for name, classification in protocol.classifications.items():
        if code == name or code in classification.summaries:
            return classification.parameter
    if protocol.relapse is not None:
        return protocol.classifications[protocol.relapse.classification].parameter
    return code


# -- recorded ------------------------------------------------------------------------------------


def no_value(analysis: Analysis, study: Study, datasets: Datasets) -> str | None:
    """Why there is nothing to count although the tables are there: nobody in the data, of whatever
    population, has a value of what the analysis is about. None where somebody has."""
    if analysis.dataset == "ADAE":
        return None
    adsl = datasets.adsl
    for name in _decides_alone(analysis):
        if name not in FROM_DISPOSITION and adsl[name].null_count() == adsl.height:
            return f"no value of {name} in the data"
    event = getattr(analysis, "event", None)
    if analysis.dataset == "ADSL":
        return None if event is None else _undecided(event, adsl)
    codes = codes_read(analysis, study.protocol)
    if not codes or _has_value(analysis, codes, datasets):
        return None
    measured = [behind(code, analysis.dataset, study.protocol) for code in codes]
    if any(_is_measured(code, datasets) for code in measured):
        return None
    return f"no value of {_one_of(dict.fromkeys(measured))} in the data"


def _decides_alone(analysis: Analysis) -> list[str]:
    """Columns of ADSL without which there is no answer for anybody."""
    names = [analysis.by, getattr(analysis, "variable", None)]
    return [name for name in names[: 2 if analysis.dataset == "ADSL" else 1] if name]


def _undecided(event: Condition, adsl: pl.DataFrame) -> str | None:
    if adsl.select(ANSWER=columns(event))["ANSWER"].null_count() < adsl.height:
        return None
    empty = [name for name in names_in(event) if adsl[name].null_count() == adsl.height]
    return f"no value of {_one_of(empty)} in the data" if empty else None


def _has_value(analysis: Analysis, codes: tuple[str, ...], datasets: Datasets) -> bool:
    """Does a row of the parameters hold a value that answers? Of times to an event, one that
    somebody waited for: without any assessment a time ends where it begins."""
    frame = datasets.named()[analysis.dataset.lower()]
    rows = frame.filter(pl.col("PARAMCD").cast(pl.String).is_in(list(codes)))
    if analysis.dataset == "ADTTE":
        waited = (pl.col("CNSR") == 0) | (pl.col("AVALWK") > 0)
        return bool(rows.select(waited.any()).item())
    read = {"AVAL", "AVALC", *named(analysis)} - {"PARAMCD", "ADY", "ADT", "AVISITN", "AVISIT"}
    return any(rows[name].null_count() < rows.height for name in read & set(_answers(frame)))


def _answers(frame: pl.DataFrame) -> Iterable[str]:
    """Columns of a dataset that may hold an answer: those that are no key, flag or time."""
    flags = ("USUBJID", "ASEQ", "CYCLE", "ABLFL", "ANL01FL", "ANL02FL", "ONTRTFL")
    return (name for name in frame.columns if name not in flags)


def _is_measured(code: str, datasets: Datasets) -> bool:
    """Has anybody a value of the parameter, at any time?"""
    return any(
        frame.filter((pl.col("PARAMCD").cast(pl.String) == code) & pl.col("AVAL").is_not_null())
        .head(1)
        .height
        for frame in (datasets.adqs, datasets.adlb)
    )


def _one_of(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last
