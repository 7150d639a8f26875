"""The files of a rehearsal. Same study, seed and number of subjects: same bytes."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from pilotage.findings import InputErrors, error
from pilotage.forms.acts import ENTRIES, ENTRIES_HEAD, SCREEN, SLIP, TRUTH, TRUTH_HEAD, VERSION
from pilotage.simulation.rehearsal.happened import Astray
from pilotage.simulation.rehearsal.lines import place_of
from pilotage.simulation.rehearsal.rehearse import Rehearsal
from pilotage.simulation.rehearsal.told import Told, document
from pilotage.simulation.rehearsal.writing import Written
from pilotage.snapshot import write_snapshot

SUMMARY, BURDEN, SNAPSHOT, REPORT = "rehearsal.json", "burden.csv", "snapshot", "report"


def refuse_what_is_there(folder: Path) -> None:
    """Raise InputErrors where the folder holds anything."""
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if folder.exists():
        raise InputErrors([error(str(folder), "exists already; name a new folder")])


def write_rehearsal(folder: Path, found: Told) -> None:
    """Write everything but the report into an empty folder."""
    rehearsal = found.rehearsal
    protocol = rehearsal.study.protocol
    write_snapshot(
        rehearsal.record.frames,
        folder / SNAPSHOT,
        study=protocol.study.id,
        cut=rehearsal.until,
        synthetic=True,
        protocol_versions=protocol.versions,
        seed=rehearsal.seed,
    )
    typed = _bytes_of([json.dumps(head(rehearsal)), *entries(rehearsal)])
    (folder / ENTRIES).write_bytes(typed)
    known = list(truth(rehearsal))
    first = json.dumps(head_of_truth(typed, len(known)))
    (folder / TRUTH).write_bytes(_bytes_of([first, *known]))
    text = json.dumps(document(found), indent=1, ensure_ascii=False)
    (folder / SUMMARY).write_bytes(_bytes_of([text]))
    (folder / BURDEN).write_bytes(found.burden.table.write_csv().encode())


def _bytes_of(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def head(rehearsal: Rehearsal) -> dict[str, object]:
    """The first line of the entries. `subjects` are all that are screened and `lines` those that
    follow, so that a file that was cut is known."""
    protocol = rehearsal.study.protocol
    return {
        ENTRIES_HEAD: VERSION,
        "study": protocol.study.id,
        "protocol_version": protocol.versions[-1].id,
        "study_digest": rehearsal.study.digest,
        "seed": rehearsal.seed,
        "subjects": sum(each.line.act == SCREEN for each in rehearsal.lines),
        "synthetic": True,
        "until": rehearsal.until.isoformat(),
        "lines": len(rehearsal.lines),
    }


def head_of_truth(entries: bytes, lines: int) -> dict[str, object]:
    """The first line of the truth: which entries it is of, and how many lines follow."""
    return {
        TRUTH_HEAD: VERSION,
        "entries_sha256": hashlib.sha256(entries).hexdigest(),
        "lines": lines,
        "synthetic": True,
    }


def entries(rehearsal: Rehearsal) -> Iterator[str]:
    return (each.line.as_json() for each in rehearsal.lines)


def truth(rehearsal: Rehearsal) -> Iterator[str]:
    """The slips in the order of their lines (the head of the entries is line 1), then what else
    went astray."""
    numbered = list(enumerate(rehearsal.lines, start=2))
    mended = {id(each.mends): number for number, each in numbered if each.mends}
    for number, each in numbered:
        if each.slip:
            yield json.dumps(_slip(number, each, mended), ensure_ascii=False)
    for astray in rehearsal.astray:
        yield json.dumps(_astray(astray), ensure_ascii=False)


def _slip(number: int, each: Written, mended: dict[int, int]) -> dict[str, object]:
    slip = each.slip
    assert slip is not None
    return {
        "what": SLIP,
        "line": number,
        "subject": slip.subject,
        "contact": place_of(slip.contact),
        "form": slip.form,
        "repeat": slip.repeat,
        "item": slip.item,
        "kind": slip.kind,
        "typed": slip.typed.value,
        "meant": slip.meant.value,
        "found": slip.found or None,
        "corrected_line": mended.get(id(slip)),
    }


def _astray(each: Astray) -> dict[str, object]:
    said: dict[str, object] = {
        "what": each.what, "subject": each.subject, "day": each.day.isoformat(),
    }  # fmt: skip
    if each.label:
        said["label"] = each.label
    if each.days:
        said["days"] = each.days
    if each.form:
        said["form"] = each.form
    if each.what == "lost form":
        said["told"] = each.told
    return said
