"""The versions of the protocol: which was in force on a day, and the older ones that the study
folder keeps in `versions/`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from pilotage.findings import Finding, error, warning
from pilotage.study.files import PROTOCOL, VERSIONS, StudyFiles, inside
from pilotage.study.loading import Loading
from pilotage.study.names import did_you_mean
from pilotage.study.places import Lines, place_of
from pilotage.study.protocol import Protocol, ProtocolVersion


def version_on(protocol: Protocol, day: date) -> ProtocolVersion | None:
    """The latest version dated on or before `day`; None before the first version.

    A visit is bound to the version in force on its date.
    """
    in_force = [version for version in protocol.versions if version.date <= day]
    return max(in_force, key=lambda version: version.date, default=None)


@dataclass(frozen=True)
class KeptVersion:
    """An older version of the protocol, as the study folder keeps it in `versions/ID/`. `protocol`
    is None where the file is so broken that not even its versions are known."""

    protocol: Protocol | None
    headings: Mapping[str, str]
    where: Lines = field(repr=False)
    findings: tuple[Finding, ...]


def read_kept(files: StudyFiles, version: str) -> KeptVersion:
    """Read an older version as strictly as the present one. What it leaves open is history, so its
    findings have no notes."""
    from pilotage.study.consistency import Report, inconsistencies

    loading = Loading(files, version)
    prose, protocol = loading.prose(), loading.protocol()
    found = list(loading.findings)
    model = protocol.model
    if model is not None:
        mended = [("protocol", *path) for path in protocol.mended]
        report = Report(model, headings=prose.headings, where=loading.lines, mended=mended)
        found += [f for f in inconsistencies(report, None) if f.severity != "note"]
        if {"study", "versions"} & {path[0] for path in protocol.mended if path}:
            model = None
    return KeptVersion(model, prose.headings, loading.lines, tuple(found))


def disagreements(
    protocol: Protocol, where: Lines, kept: Mapping[str, KeptVersion]
) -> Iterator[Finding]:
    """Where the older versions are not those that the present protocol names; and a warning for
    each that is not kept."""
    older = {version.id: version for version in protocol.versions[:-1]}
    for at, version in enumerate(protocol.versions[:-1]):
        if version.id not in kept:
            place = place_of(where, ("protocol", "versions", at), file=PROTOCOL)
            words = f"version {version.id} is not kept in {inside(version.id)}"
            yield warning(place, f"{words}: what was decided on its days cannot be advised on")
    for id_, found in kept.items():
        if id_ in older:
            yield from _disagreements_of(id_, found, protocol)
            continue
        words = f"{PROTOCOL} has no older version '{id_}'{did_you_mean(id_, older)}"
        if protocol.versions and id_ == protocol.versions[-1].id:
            words = f"is the present version, whose protocol is {PROTOCOL} in the study folder"
        yield error(f"{VERSIONS}/{id_}", words)


def _disagreements_of(id_: str, kept: KeptVersion, protocol: Protocol) -> Iterator[Finding]:
    if kept.protocol is None:
        return
    file = inside(id_) + PROTOCOL

    def place(*path: str | int) -> str:
        return place_of(kept.where, ("protocol", *path), file=file)

    was, is_now = kept.protocol.study.id, protocol.study.id
    if was != is_now:
        yield error(place("study", "id"), f"is a version of the study '{was}', not of '{is_now}'")
    own = kept.protocol.versions
    for at, (then, now) in enumerate(zip(own, protocol.versions, strict=False)):
        if (then.id, then.date) != (now.id, now.date):
            words = f"version {then.id} of {then.date} stands here"
            yield error(
                place("versions", at),
                f"{words}, where {PROTOCOL} has version {now.id} of {now.date}",
            )
            return
    if own[-1].id != id_:
        words = f"the last version is {own[-1].id}, but this is the folder of version {id_}"
        yield error(place("versions"), words)
