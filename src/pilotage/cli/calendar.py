"""`pilotage calendar`."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pilotage.cli import road
from pilotage.cli.arguments import OnDay, SnapshotFolder, StudyName, day_of
from pilotage.plural import counted
from pilotage.terminal import plain_errors, steps

if TYPE_CHECKING:
    import polars as pl

    from pilotage.snapshot import Snapshot

EXAMPLE = "pilotage calendar lenalidomide_cle snapshot SYN-03 --at 2011-02-01"
WIDTH = 80
AHEAD = 84
"""Of one subject, tests are shown so many days ahead; visits are shown all."""
WAITING = ("overdue", "due")
Row = dict[str, Any]


def calendar(
    study: StudyName,
    snapshot: SnapshotFolder,
    subject: Annotated[
        str | None, typer.Argument(metavar="USUBJID", help="One subject; all if left out.")
    ] = None,
    at: OnDay = None,
    ics: Annotated[
        Path | None, typer.Option("--ics", metavar="FILE", help="Write an iCalendar file too.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Show which contacts are due, overdue, missed or done.

    Of one subject the whole calendar, of all subjects what is due and overdue. The JSON document
    and the iCalendar file hold every contact, or those of the one subject.
    """
    with plain_errors(), steps("Snapshot", "Datasets", "Calendar") as step:
        out = ics.parent if ics is not None else None
        wanted = day_of(at)
        planned, cut = road.read(study, snapshot, out, step)
        if subject is not None:
            _known(subject, cut)
        step()
        datasets = road.derived(planned, cut)
        step()
        import polars as pl

        from pilotage.rules.calendar import contacts

        day = road.asked_day(wanted, cut)
        rows = contacts(planned, cut, datasets, day)
        if subject is not None:
            rows = rows.filter(pl.col("USUBJID") == subject)
        if ics is not None:
            from pilotage.rules.appointments import appointments

            ics.parent.mkdir(parents=True, exist_ok=True)
            ics.write_bytes(appointments(planned, rows, cut=cut.data_cut, synthetic=cut.synthetic))
    if as_json:
        typer.echo(_document(rows))
    else:
        lines = _of_all(rows, day) if subject is None else _of_one(rows, subject, day)
        typer.echo("\n".join(lines))


def _known(subject: str, cut: "Snapshot") -> None:
    """Raise InputErrors for a subject that the snapshot does not have."""
    from pilotage.findings import InputErrors, error
    from pilotage.study.names import did_you_mean

    subjects = cut.tables["dm"]["USUBJID"].to_list()
    if subject not in subjects:
        words = f"there is no subject '{subject}'{did_you_mean(subject, subjects)}"
        raise InputErrors([error(cut.file("dm"), words)])


def _document(rows: "pl.DataFrame") -> str:
    ordered = rows.sort("USUBJID", "TARGET", "DONE", "KIND", "ID", nulls_last=True)
    return json.dumps(ordered.to_dicts(), indent=1, ensure_ascii=False, default=str)


# -- on the terminal -------------------------------------------------------------------------------


def _of_one(rows: "pl.DataFrame", subject: str, day: date) -> list[str]:
    import polars as pl

    ordered = rows.sort(pl.coalesce("TARGET", "DONE"), "DAY", "KIND", "ID", nulls_last=True)
    far = (pl.col("KIND") == "test") & (pl.col("FIRST") > day + timedelta(days=AHEAD))
    later = ordered.filter(far.fill_null(False)).height
    found = ordered.filter(~far.fill_null(False)).to_dicts()
    lines = [f"{subject} on {day}", ""]
    lines.append(_line("DAY", "TARGET", "WINDOW", "STATUS", "DONE", "CONTACT"))
    for row in found:
        lines.append(
            _line(
                "" if row["DAY"] is None else str(row["DAY"]),
                str(row["TARGET"] or ""),
                _window(row),
                _status(row),
                str(row["DONE"] or ""),
                row["LABEL"],
            )
        )
    notes = _notes(found)
    if later:
        notes.append(f"{later} more tests are planned after {day + timedelta(days=AHEAD)}")
    return lines + (["", *notes] if notes else [])


def _line(number: str, target: str, window: str, status: str, done: str, contact: str) -> str:
    text = f"{number:>5} {target:<10} {window:<12} {status:<11} {done:<10} {contact}"
    return _cut(text.rstrip())


def _cut(text: str) -> str:
    return text if len(text) <= WIDTH else text[: WIDTH - 1].rstrip() + "…"


def _window(row: Row) -> str:
    """`03-16..03-22`; nothing where it is not stated."""
    if row["FIRST"] is None or row["LAST"] is None:
        return ""
    return f"{row['FIRST']:%m-%d}..{row['LAST']:%m-%d}"


def _status(row: Row) -> str:
    """`done`, `3 d early`, `2 d late`, or the status as it is."""
    if row["DAYSOFF"]:
        return f"{abs(row['DAYSOFF'])} d {'early' if row['DAYSOFF'] < 0 else 'late'}"
    return str(row["STATUS"])


def _notes(rows: list[Row]) -> list[str]:
    """What else is known of a contact: forms without data, and why something is not known. A remark
    that many share is said once."""
    shared: dict[str, list[str]] = {}
    for row in rows:
        missing = row["FORMSMISS"]
        where = f"{row['LABEL']} ({row['DONE'] or row['TARGET'] or 'day not known'})"
        if missing:
            shared.setdefault(f"{where}: no data for {', '.join(missing)}", [])
        if row["REMARK"]:
            shared.setdefault(row["REMARK"], []).append(where)
    return [_note(remark, places) for remark, places in shared.items()]


def _note(remark: str, places: list[str]) -> str:
    import textwrap

    named = ", ".join(places[:3]) + (f" and {len(places) - 3} more" if len(places) > 3 else "")
    text = f"{named}: {remark}" if places else remark
    return textwrap.fill(text, WIDTH, subsequent_indent="  ")


def _of_all(rows: "pl.DataFrame", day: date) -> list[str]:
    """What is overdue and due, most urgent first, and how many contacts are missed or unknown."""
    import polars as pl

    waiting = rows.filter(pl.col("STATUS").is_in(WAITING)).sort("LAST", "USUBJID", "KIND", "ID")
    lines = [f"Overdue and due on {day}", ""]
    width = max([8, *waiting["USUBJID"].str.len_chars()])
    if waiting.is_empty():
        lines.append("nothing")
    else:
        lines.append(f"{'SUBJECT':<{width}} STATUS  {'TARGET':<10} {'WINDOW':<12} {'':<12} CONTACT")
    for row in waiting.to_dicts():
        text = f"{row['USUBJID']:<{width}} {row['STATUS']:<7} {row['TARGET']} {_window(row):<12}"
        lines.append(_cut(f"{text} {_urgency(row, day):<12} {row['LABEL']}"))
    counts = {word: rows.filter(pl.col("STATUS") == word).height for word in ("missed", "unknown")}
    if any(counts.values()):
        lines += ["", f"{counts['missed']} missed, {counts['unknown']} not known"]
    return lines


def _urgency(row: Row, day: date) -> str:
    """`4 days over`, `2 days left`, `last day`; nothing where the window is not stated."""
    if row["LAST"] is None:
        return ""
    left = (row["LAST"] - day).days
    if left == 0:
        return "last day"
    return f"{counted(abs(left), 'day')} {'left' if left > 0 else 'over'}"
