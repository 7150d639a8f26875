"""`pilotage review`."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pilotage.cli import road
from pilotage.cli.arguments import OnDay, SnapshotFolder, StudyName
from pilotage.terminal import plain_errors, steps

if TYPE_CHECKING:
    import polars as pl

    from pilotage.rules.departures import Review

EXAMPLE = "pilotage review lenalidomide_cle snapshot --out review"
FILES = ("screening_log", "contacts", "doses", "stops", "supplies", "serious_events", "queries")
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
        planned, cut = road.read(study, snapshot, out, step)
        step()
        datasets = road.derived(planned, cut)
        step()
        from pilotage.rules.departures import review as reviewed

        day = at.date() if isinstance(at, datetime) else cut.data_cut
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
    for title, frame, column in (
        ("Screening", found.screening_log, "STATUS"),
        ("Doses", found.doses, "VERDICT"),
        ("Supplies", found.supplies, "VERDICT"),
        ("Serious events", found.serious_events, "STATUS"),
        ("Contacts", found.contacts, "STATUS"),
    ):
        lines += _wrapped(f"{title}: {_counted(frame, column)}")
    lines += [*_stops(found), *_serious(found), *_matters(found)]
    return lines


def _counted(frame: "pl.DataFrame", column: str) -> str:
    """`12 done, 3 missed`; `none` where there is nothing."""
    counts = frame[column].value_counts().sort("count", column, descending=[True, False]).rows()
    return ", ".join(f"{number} {word}" for word, number in counts) or "none"


def _stops(found: "Review") -> list[str]:
    said = {"Y": "treatment went on", "N": "treatment ended", None: "not known what followed"}
    return _block(
        "Reasons to stop",
        [
            f"{row['USUBJID']} {row['DATE']} {row['REASON']}: {said[row['WENTON']]}"
            for row in found.stops.sort("USUBJID", "DATE").to_dicts()
        ],
    )


def _serious(found: "Review") -> list[str]:
    lines = []
    for row in found.serious_events.to_dicts():
        hours = "" if row["HOURS"] is None else f", {_hours(row['STATUS'], row['HOURS'])}"
        remark = f" ({row['REMARK']})" if row["REMARK"] else ""
        lines.append(f"{row['USUBJID']} {row['AETERM']}: {row['STATUS']}{hours}{remark}")
    return _block("Serious events", lines)


def _hours(status: str, hours: float) -> str:
    if status.startswith("reported"):
        return f"after {hours:g} hours"
    return f"{abs(hours):g} hours {'left' if hours >= 0 else 'over'}"


def _matters(found: "Review") -> list[str]:
    unknown = found.doses.filter(found.doses["VERDICT"] == "CANNOT ADVISE")
    advice = [
        f"{row['USUBJID']} {row['DATE']} {row['REASON']}: {row['MISSING'] or 'not stated'}"
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
        *_block("Queries", asked),
        *_block("Protocol deviations", departed),
    ]


def _block(title: str, lines: list[str]) -> list[str]:
    if not lines:
        return ["", f"{title}: none"]
    more = [f"  and {len(lines) - SHOWN} more: --out DIR writes all"] if len(lines) > SHOWN else []
    shown = [part for line in lines[:SHOWN] for part in _wrapped(f"  {line}")]
    return ["", f"{title}: {len(lines)}", *shown, *more]


def _wrapped(line: str) -> list[str]:
    import textwrap

    return textwrap.wrap(line, 80, subsequent_indent="    ")
