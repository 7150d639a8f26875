"""Visits, derived values and results that come out differently."""

from collections.abc import Iterator, Mapping

import polars as pl

from pilotage.amendments.past import Difference, Past
from pilotage.study.protocol import Protocol

NOT_PLANNED = "not planned"
NO_ROW = "no such value"
NOT_IN_THE_PLAN = "not in the plan"

ASIDE = {
    "STUDYID", "USUBJID", "ASEQ", "DOMAIN", "PARAMCD", "PARAM", "AVISIT", "PARCAT1", "SRCDOM",
    "SRCSEQ", "SRCITEMS", "DATACUT",
}  # fmt: skip
"""Columns that say which row it is, or the same as another in words."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "adsl": (),
    "adqs": ("PARAMCD", "SRCDOM", "SRCSEQ", "SRCITEMS"),
    "adrs": ("PARAMCD", "KEYDAY"),
    "adtte": ("PARAMCD",),
    "adlb": ("PARAMCD", "SRCDOM", "SRCSEQ"),
    "adae": ("AESEQ",),
    "adex": ("EXSEQ",),
}
"""By which columns, after USUBJID, a row of one derivation is that of the other."""

ENDPOINTS = ("primary", "secondary", "exploratory", "description")


def visit_differences(old: Past, new: Past) -> Iterator[Difference]:
    """Contacts that stand otherwise on the day of the data cut, or that one study does not plan."""
    keys = ["USUBJID", "KIND", "ID", "CYCLE", "PLACE", "TIMES"]
    frames = [_contacts(each) for each in (old, new)]
    rows = frames[0].join(
        frames[1], on=keys, how="full", suffix="_NEW", nulls_equal=True, coalesce=True
    )
    differs = pl.col("STATUS").ne_missing(pl.col("STATUS_NEW"))
    on = pl.coalesce("DONE_NEW", "DONE", "TARGET_NEW", "TARGET")
    ordered = (
        rows.filter(differs)
        .with_columns(ON=on)
        .sort("USUBJID", "ON", "KIND", "ID", nulls_last=True)
    )
    for row in ordered.iter_rows(named=True):
        then, now = row["STATUS"] or NOT_PLANNED, row["STATUS_NEW"] or NOT_PLANNED
        windows = [_window(row, ""), _window(row, "_NEW")]
        why = " → ".join(windows) if windows[0] != windows[1] and all(windows) else ""
        name = row["LABEL_NEW"] or row["LABEL"]
        yield Difference("visits", row["USUBJID"], row["ON"], name, then, now, why)


def _contacts(of: Past) -> pl.DataFrame:
    """The calendar; a visit is the same visit whatever its day, a test that of its day."""
    place = pl.when(pl.col("KIND") != "visit").then(pl.coalesce("TARGET", "DONE"))
    keys = ["USUBJID", "KIND", "ID", "CYCLE", "PLACE"]
    rows = of.contacts.with_columns(pl.col("USUBJID").cast(pl.String), PLACE=place)
    wanted = [*keys, "LABEL", "STATUS", "DONE", "TARGET", "FIRST", "LAST"]
    return rows.select(wanted).with_columns(TIMES=pl.int_range(pl.len()).over(keys))


def _window(row: Mapping[str, object], suffix: str) -> str:
    first, last = row[f"FIRST{suffix}"], row[f"LAST{suffix}"]
    return f"{first} to {last}" if first and last else ""


def result_differences(old: Past, new: Past) -> Iterator[Difference]:
    """Numbers of the analysis that differ, those of the primary endpoint first, points of curves
    last."""
    wanted = ["RESULTID", "VALUE", "TEXT", "STATUS", "REASON", "N", "ENDPOINT", "AT"]
    frames = [
        each.results.select(wanted).with_columns(TIMES=pl.int_range(pl.len()).over("RESULTID"))
        for each in (old, new)
    ]
    rows = frames[0].join(
        frames[1],
        on=["RESULTID", "TIMES"],
        how="full",
        suffix="_NEW",
        coalesce=True,
        maintain_order="right_left",
    )
    differs = [pl.col(c).ne_missing(pl.col(f"{c}_NEW")) for c in ("VALUE", "TEXT", "STATUS", "N")]
    rank = pl.coalesce("ENDPOINT_NEW", "ENDPOINT").replace_strict(
        {name: at for at, name in enumerate(ENDPOINTS)}, default=len(ENDPOINTS)
    )
    curve = pl.coalesce("AT_NEW", "AT").is_not_null()
    ordered = rows.filter(pl.any_horizontal(differs)).sort(curve, rank, maintain_order=True)
    for row in ordered.iter_rows(named=True):
        said = [_result(row, suffix) for suffix in ("", "_NEW")]
        if said[0] == said[1]:
            said = [f"{text} (n {row[n]})" for text, n in zip(said, ("N", "N_NEW"), strict=True)]
        yield Difference("results", None, None, row["RESULTID"], *said)


def _result(row: Mapping[str, object], suffix: str) -> str:
    if row[f"STATUS{suffix}"] is None:
        return NOT_IN_THE_PLAN
    if row[f"VALUE{suffix}"] is None:
        return f"{row[f'STATUS{suffix}']}: {row[f'REASON{suffix}']}"
    text = row[f"TEXT{suffix}"]
    return f"{row[f'VALUE{suffix}']:.6g}" + (f" ({text})" if text else "")


def value_differences(old: Past, new: Past) -> Iterator[Difference]:
    """Cells of the datasets that differ, and rows that only one derivation has."""
    for name in KEYS:
        yield from _of_dataset(name, old, new)


def _of_dataset(name: str, old: Past, new: Past) -> Iterator[Difference]:
    frames = [_keyed(name, each) for each in (old, new)]
    keys = ["USUBJID", *KEYS[name], "TIMES"]
    columns = [c for c in dict.fromkeys((*frames[1].columns, *frames[0].columns))
               if c not in {*keys, *ASIDE}]  # fmt: skip
    shared = [c for c in columns if all(c in frame.columns for frame in frames)]
    narrow = [frame.with_columns(HERE=pl.lit(True)) for frame in frames]
    rows = narrow[0].join(
        narrow[1], on=keys, how="full", suffix="_NEW", nulls_equal=True, coalesce=True
    )
    there = pl.col("HERE").is_not_null() & pl.col("HERE_NEW").is_not_null()
    for column in shared:
        differs = there & pl.col(column).ne_missing(pl.col(f"{column}_NEW"))
        for row in rows.filter(differs).sort(keys).iter_rows(named=True):
            said = _cell(row[column]), _cell(row[f"{column}_NEW"])
            yield _difference(name, column, row, *said)
    for row in rows.filter(~there).sort(keys).iter_rows(named=True):
        value = next((c for c in ("AVALC", "AVAL") if c in shared), None)
        suffix = "_NEW" if row["HERE"] is None else ""
        held = _cell(row[f"{value}{suffix}"]) if value else "a row"
        yield _difference(
            name, value or "row", row, *((NO_ROW, held) if suffix else (held, NO_ROW))
        )


def _keyed(name: str, of: Past) -> pl.DataFrame:
    frame = of.datasets.named()[name].with_columns(pl.col("USUBJID").cast(pl.String))
    if name == "adrs":
        once = _summaries(of.protocol)
        frame = frame.with_columns(KEYDAY=pl.when(~pl.col("PARAMCD").is_in(once)).then("ADT"))
    return frame.with_columns(TIMES=pl.int_range(pl.len()).over("USUBJID", *KEYS[name]))


def _summaries(protocol: Protocol) -> list[str]:
    """The parameters of ADRS that a subject has once, whatever the day."""
    return [name for each in protocol.classifications.values() for name in each.summaries]


def _difference(
    name: str, column: str, row: Mapping[str, object], old: str, new: str
) -> Difference:
    on = row.get("ADT_NEW") or row.get("ADT") or row.get("ASTDT_NEW") or row.get("ASTDT")
    said = " ".join(str(each) for each in (name.upper(), row.get("PARAMCD"), column) if each)
    return Difference("values", str(row["USUBJID"]), on, said, old, new)  # type: ignore[arg-type]


def _cell(value: object) -> str:
    if value is None:
        return "missing"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
