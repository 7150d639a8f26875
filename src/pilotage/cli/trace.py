"""`pilotage trace`."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pilotage.cli.arguments import StudyName
from pilotage.terminal import plain_errors, steps

if TYPE_CHECKING:
    from pilotage.capture.result_rows import Part, ResultTrace
    from pilotage.capture.tracing import Typed
    from pilotage.study import Study

EXAMPLE = "pilotage trace lenalidomide_cle RESULTID --snapshot snapshot"
SHOWN = 10
"""So many rows of each part are shown; --json has all of them."""

PARTS: "dict[Part, str]" = {
    "counted": "counted",
    "considered": "looked at, not counted",
    "subjects": "of these subjects, counted or not",
}
"""What the rows of a part are to the number."""

Key = tuple[str, str, int | None]
ResultId = Annotated[
    str, typer.Argument(metavar="RESULTID", help="A row of results.csv, by its RESULTID.")
]
SnapshotPlace = Annotated[
    Path | None, typer.Option("--snapshot", metavar="DIR", help="A folder with dm.csv, ex.csv …")
]
Data = Annotated[
    Path | None, typer.Option("--data", metavar="DIR", help="The data directory of a record.")
]
CutName = Annotated[
    str, typer.Option("--cut", metavar="NAME", help="A data cut of the record; else its last one.")
]
SubjectCode = Annotated[
    str | None, typer.Option("--subject", metavar="USUBJID", help="Only the rows of this subject.")
]


def trace(
    study: StudyName,
    result: ResultId,
    snapshot: SnapshotPlace = None,
    data: Data = None,
    cut: CutName = "",
    subject: SubjectCode = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Follow a number of the report back to where it comes from.

    From the result to every row that it depends on: those that are counted first, then those that
    were looked at, then the subjects it asks about. From these to the lines of the snapshot, and
    with --data further: to the answer that was typed, who typed it and when, and its event in the
    audit trail.
    """
    with plain_errors(), steps("Study", "Result", "Record") as step:
        from pilotage.findings import InputErrors, error

        if (snapshot is None) == (data is None):
            words = "name a snapshot with --snapshot, or the data directory of a record with --data"
            raise InputErrors([error("trace", words)])
        from pilotage.study import load_study

        step()
        planned = load_study(study)
        step()
        most = None if as_json or subject else SHOWN
        if data is None:
            assert snapshot is not None
            found = _of_snapshot(planned, snapshot, result, subject, most)
            answers: dict[Key, list[Typed]] = {}
        else:
            found, answers = _of_record(planned, study, data, cut, (result, subject, most))
        step()
    typer.echo(_document(found, answers) if as_json else "\n".join(_lines(found, answers)))


def _of_snapshot(
    study: "Study", folder: Path, result: str, subject: str | None, most: int | None
) -> "ResultTrace":
    from pilotage.capture.result_rows import trace_result
    from pilotage.datasets import read_for

    return trace_result(study, read_for(study, folder), result, subject=subject, most=most)


def _of_record(
    planned: "Study", study: str, data: Path, name: str, asked: tuple[str, str | None, int | None]
) -> "tuple[ResultTrace, dict[Key, list[Typed]]]":
    """The trace in the snapshot of a data cut, and the answers behind it."""
    from pilotage.cli.cut import open_record

    open_record("trace", study, data)
    from pilotage.capture.cuts import SNAPSHOT
    from pilotage.capture.models import DataCut
    from pilotage.capture.tracing import typed
    from pilotage.findings import InputErrors, error

    cuts = DataCut.objects.order_by("-pk")
    cut = cuts.filter(name=name).first() if name else cuts.first()
    if cut is None:
        words = f"the record has no data cut '{name}'" if name else "the record has no data cut"
        raise InputErrors([error(str(data), f"{words}; make one with 'pilotage cut'")])
    found = _of_snapshot(planned, data / cut.folder / SNAPSHOT, *asked)
    return found, typed(cut, [line for row in found.rows for line in row.behind])


def _lines(found: "ResultTrace", answers: "dict[Key, list[Typed]]") -> list[str]:
    from pilotage.explain.trace import written

    said = found.result
    value = said["REASON"] if said["VALUE"] is None else written(said["VALUE"])
    unit = f" {said['UNIT']}" if said["UNIT"] else ""
    lines = [f"{said['RESULTID']} = {value}{unit}", f"  {said['LABEL']}, {said['POPULATION']}"]
    lines += [f"  {said[name]}" for name in ("METHOD", "MISSING") if said[name]]
    lines += [f"  {found.untold}"] if found.untold else []
    for part, words in PARTS.items():
        lines += _part(part, words, found, answers)
    return lines


def _part(
    part: "Part", words: str, found: "ResultTrace", answers: "dict[Key, list[Typed]]"
) -> list[str]:
    """The rows of one part; the lines behind the subjects as a whole are in --json only."""
    rows = [row for row in found.rows if row.part == part]
    names = found.named[part]
    if not names:
        return []
    dataset = "ADSL" if part == "subjects" else found.result["DATASET"]
    lines = [f"{words}: {len(names)} {'row' if len(names) == 1 else 'rows'} of {dataset}"]
    for row in rows:
        lines.append(f"{row.row.where}: {_cells(row.row.cells)}")
        for line in () if part == "subjects" else row.behind:
            lines.append(f"  {line.line.where}: {_cells(line.line.cells)}")
            typed = answers.get((line.subject, line.domain, line.number), [])
            lines += [f"    {_typed(each)}" for each in typed]
    rest = len(names) - len(rows)
    more = "row" if rest == 1 else "rows"
    return [*lines, *([f"and {rest} more {more}; --subject or --json shows them"] * (rest > 0))]


def _cells(cells: Any) -> str:
    return ", ".join(f"{name} {value}" for name, value in cells.items())


def _typed(each: "Typed") -> str:
    corrected = f", version {each.number}" if each.number > 1 else ""
    why = f", because: {each.reason}" if each.reason else ""
    when = each.at.strftime("%Y-%m-%d %H:%M:%S UTC")
    where = f"{each.column} from {each.item} ({each.place}): {each.value!r}{corrected}"
    who = f"{each.by} ({each.role}), {when}"
    return f"{where}; event {each.event} by {who}{why}; hash {each.hash[:12]}"


def _document(found: "ResultTrace", answers: "dict[Key, list[Typed]]") -> str:
    rows = []
    for row in found.rows:
        behind = []
        for line in row.behind:
            own = answers.get((line.subject, line.domain, line.number), [])
            behind.append({"where": line.line.where, "cells": dict(line.cells),
                           "answers": [asdict(each) for each in own]})  # fmt: skip
        rows.append({"part": row.part, "where": row.row.where, "cells": dict(row.row.cells),
                     "behind": behind})  # fmt: skip
    document = {"result": dict(found.result), "rows": rows, "untold": found.untold}
    return json.dumps(document, indent=1, ensure_ascii=False, default=str)
