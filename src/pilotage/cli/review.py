"""`pilotage review`."""

import json
from math import ceil, floor
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pilotage.cli import road
from pilotage.cli.arguments import OnDay, SnapshotFolder, StudyName, day_of
from pilotage.plural import counted
from pilotage.terminal import plain_errors, steps

if TYPE_CHECKING:
    import polars as pl

    from pilotage.rules.departures import Review

EXAMPLE = "pilotage review lenalidomide_cle snapshot --out review"
FILES = (
    "collected", "screening_log", "contacts", "doses", "stops", "stops_unknown", "supplies",
    "serious_events", "queries",
)  # fmt: skip
SHOWN = 10
"""So many lines of a matter are shown; all of them are in the files."""


def review(
    study: StudyName,
    snapshot: SnapshotFolder,
    at: OnDay = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write the tables there, as CSV.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Hold what was recorded against the protocol.

    Screening, visits and tests, every dose, reasons to stop, supplies, serious events with their
    clocks, laboratory values without an event, and the deviations that follow, as rows of SDTM DV.
    """
    with plain_errors(), steps("Snapshot", "Datasets", "Review") as step:
        wanted = day_of(at)
        planned, cut = road.read(study, snapshot, out, step)
        step()
        datasets = road.derived(planned, cut)
        step()
        from pilotage.rules.departures import review as reviewed

        day = road.asked_day(wanted, cut)
        found = reviewed(planned, cut, datasets, day)
        if out is not None:
            _write(found, out)
    if as_json:
        tables = {name: getattr(found, name).to_dicts() for name in (*FILES, "dv")}
        typer.echo(json.dumps(tables, indent=1, ensure_ascii=False, default=str))
    else:
        typer.echo("\n".join(_lines(found)))


def _write(found: "Review", out: Path) -> None:
    import polars as pl

    from pilotage.output import all_or_nothing

    with all_or_nothing(out) as stage:
        for name in (*FILES, "dv"):
            frame: pl.DataFrame = getattr(found, name)
            lists = [c for c, kind in frame.schema.items() if isinstance(kind, pl.List)]
            flat = frame.with_columns(pl.col(lists).list.join(" ")) if lists else frame
            keys = [c for c in ("USUBJID", "DATE", "TARGET", "DONE", "DVSEQ") if c in flat.columns]
            ordered = flat.sort(keys, nulls_last=True, maintain_order=True)
            (stage / f"{name}.csv").write_bytes(ordered.write_csv().encode())


# -- on the terminal -------------------------------------------------------------------------------


def _lines(found: "Review") -> list[str]:
    lines = [f"Review on {found.at}", ""]
    for title, matter, column in (
        ("Screening", "screening_log", "STATUS"),
        ("Doses", "doses", "VERDICT"),
        ("Supplies", "supplies", "VERDICT"),
        ("Serious events", "serious_events", "STATUS"),
        ("Contacts", "contacts", "STATUS"),
    ):
        counts = _counts(getattr(found, matter), column)
        lines += _wrapped(f"{title}: {counts or _nothing(found, matter)}")
    lines += _stops(found)
    if not found.serious_events.is_empty():
        lines += _serious(found)
    return lines + _matters(found)


def _nothing(found: "Review", matter: str) -> str:
    """`none`; `not collected` where the snapshot has no table that could say so."""
    absent = {row["MATTER"]: row["ABSENT"] for row in found.collected.to_dicts()}.get(matter)
    return f"not collected (no {absent})" if absent else "none"


def _counts(frame: "pl.DataFrame", column: str) -> str:
    """`12 done, 3 missed`; nothing where there is nothing."""
    counts = frame[column].value_counts().sort("count", column, descending=[True, False]).rows()
    return ", ".join(f"{number} {word}" for word, number in counts)


def _stops(found: "Review") -> list[str]:
    said = {"Y": "treatment went on", "N": "treatment ended", None: "not known what followed"}
    lines = [
        f"{row['USUBJID']} {row['DATE']} {row['REASON']}: {said[row['WENTON']]}"
        for row in found.stops.sort("USUBJID", "DATE").to_dicts()
    ]
    open_ = [
        f"{row['USUBJID']} from {row['FROM']}{_on_days(row['DAYS'])}"
        f"{row['REASON'] or 'every reason'}: {row['MISSING'] or 'not stated'}"
        for row in found.stops_unknown.to_dicts()
    ]
    if not open_:
        return _block("Reasons to stop", lines)
    subjects = found.stops_unknown["USUBJID"].n_unique()
    title = f"Reasons to stop that cannot be judged, of {counted(subjects, 'subject')}"
    known = _block("Reasons to stop", lines) if lines else []
    return [*known, *_block(title, open_)]


def _on_days(days: int) -> str:
    return f", {counted(days, 'day')}: " if days else ": "


def _serious(found: "Review") -> list[str]:
    lines = []
    for row in found.serious_events.to_dicts():
        hours = "" if row["HOURS"] is None else f", {hours_words(row)}"
        remark = f" ({row['REMARK']})" if row["REMARK"] else ""
        lines.append(f"{row['USUBJID']} {row['AETERM']}: {row['STATUS']}{hours}{remark}")
    return _block("Serious events", lines)


def hours_words(row: dict[str, Any]) -> str:
    """`after 24 h 1 min`, `8 hours left`, `16 hours over`; where only a day is known, from so many
    to so many hours."""
    least, most = row["HOURS"], row["HOURSTO"]
    if row["REPORTED"] and least >= 0 and row["STATUS"] not in ("due", "overdue"):
        return f"after {_between(least, most)}"
    if least < 0 <= most:
        over, left = (counted(ceil(abs(hours)), "hour") for hours in (least, most))
        return f"up to {over} over, up to {left} left"
    side = "left" if most >= 0 else "over"
    return f"{_between(*sorted((abs(least), abs(most))))} {side}"


def _between(least: float, most: float) -> str:
    if least == most:
        return _time(least)
    return f"{floor(least)} to {counted(ceil(most), 'hour')}"


def _time(hours: float) -> str:
    """`24 hours`, `24 h 1 min`, `1 min`. A part of a minute counts as one, so that late is never
    shown as in time."""
    whole, rest = divmod(ceil(round(hours * 60, 6)), 60)
    if not rest:
        return counted(whole, "hour")
    return f"{whole} h {rest} min" if whole else f"{rest} min"


def _matters(found: "Review") -> list[str]:
    unknown = found.doses.filter(found.doses["VERDICT"] == "CANNOT ADVISE")
    advice = [
        f"{row['USUBJID']} {row['DATE']} {_reason(row)}"
        for row in unknown.sort("USUBJID", "DATE").to_dicts()
    ]
    asked = [
        f"{row['USUBJID']} {row['DATE'] or ''} {row['QUERY']}"
        for row in found.queries.sort("USUBJID", "DATE", nulls_last=True).to_dicts()
    ]
    departed = [
        f"{row['USUBJID']} {row['DVSTDTC'] or ''} {row['DVTERM']}" for row in found.dv.to_dicts()
    ]
    waiting = [
        f"{row['USUBJID']} {row['MISSING']}"
        for row in found.screening_log.to_dicts()
        if row["MISSING"] and row["STATUS"] == "screening"
    ]
    return [
        *_block("Screening waits for, cheapest first", waiting),
        *_block("CANNOT ADVISE on doses", advice),
        *_block("Queries", asked, nothing=_nothing(found, "queries")),
        *_block("Protocol deviations", departed),
    ]


def _reason(row: dict[str, Any]) -> str:
    """Why nothing can be advised, and what is missing where that says more."""
    more = row["MISSING"] if row["MISSING"] != row["REASON"] else None
    return f"{row['REASON']}: {more}" if more else str(row["REASON"])


def _block(title: str, lines: list[str], *, nothing: str = "none") -> list[str]:
    if not lines:
        return ["", f"{title}: {nothing}"]
    more = [f"  and {len(lines) - SHOWN} more: --out DIR writes all"] if len(lines) > SHOWN else []
    shown = [part for line in lines[:SHOWN] for part in _wrapped(f"  {line}")]
    return ["", f"{title}: {len(lines)}", *shown, *more]


def _wrapped(line: str) -> list[str]:
    import textwrap

    return textwrap.wrap(line, 80, subsequent_indent="    ")
