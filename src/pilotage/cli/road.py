"""The stretches of the road from snapshot to report that several commands walk."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from pilotage.cli.places import refuse_among_inputs
from pilotage.progress import Steps
from pilotage.terminal import say_findings

if TYPE_CHECKING:
    from pilotage.datasets import Datasets
    from pilotage.snapshot import Snapshot
    from pilotage.study import Study


def read(
    study: str, snapshot: Path, out: Path | None, step: Steps, *, makes: tuple[str, ...] = ()
) -> "tuple[Study, Snapshot]":
    """The study and the snapshot; among its findings the answers that no form of the study offers.
    Before anything is read, refuses to write to `out` where that is among their files; `makes`
    names the folders that the command makes there."""
    from pilotage.study import study_folder

    inputs = {"study": study_folder(study), "snapshot": snapshot}
    if out is not None:
        refuse_among_inputs(out, inputs, makes=makes)
    from pilotage.study import load_study

    step()
    planned = load_study(study)
    return planned, cut_for(planned, snapshot)


def cut_for(study: "Study", folder: Path) -> "Snapshot":
    """A snapshot of a study; among its findings the answers that no form of the study offers."""
    from pilotage.datasets import read_for
    from pilotage.snapshot.choices import answers_outside

    cut = read_for(study, folder)
    return replace(cut, findings=(*cut.findings, *answers_outside(study.protocol, cut)))


def asked_day(at: date | None, cut: "Snapshot") -> date:
    """The day of the question: the data cut if none is given. Refuses a later one, of which the
    snapshot says nothing."""
    day = at or cut.data_cut
    if day > cut.data_cut:
        from pilotage.findings import InputErrors, error

        words = f"{day} lies after the data cut, {cut.data_cut}"
        raise InputErrors([error("--at", words)])
    return day


def derived(study: "Study", snapshot: "Snapshot") -> "Datasets":
    """The datasets; among their findings also the warnings about the files of the snapshot."""
    from pilotage.datasets.with_warnings import derive_with_warnings

    return derive_with_warnings(study, snapshot)


def end_with_report(headlines: tuple[str, ...], out: Path) -> None:
    for line in headlines:
        typer.echo(line)
    typer.echo(str(out / "report.html"))


def say_findings_about(snapshot: "Snapshot", datasets: "Datasets", folder: Path) -> None:
    say_findings(snapshot.findings, datasets.findings.height, str(folder / "findings.csv"))
