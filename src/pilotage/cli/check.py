"""`pilotage check`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pilotage.cli.arguments import StudyName
from pilotage.terminal import plain_errors

if TYPE_CHECKING:
    from pilotage.findings import Finding

EXAMPLE = "pilotage check my-study"
FURTHER = ("synthetic.yaml", "published.yaml", "reconstruction.yaml")
"""Files of a study that build upon its protocol and its plan."""


def check(
    study: StudyName,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Report what is wrong or left open in a study folder.

    Looks at protocol.yaml, sap.yaml, protocol.md and the codelists, and at synthetic.yaml,
    published.yaml and reconstruction.yaml where they are there. Exit 1 when there is an error; a
    warning or a note (what the protocol does not state) stops nothing.
    """
    with plain_errors():
        findings, unseen = _findings_of(study)
    if as_json:
        rows = [{"severity": f.severity, "where": f.where, "message": f.message} for f in findings]
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        for finding in findings:
            typer.echo(f"{finding.severity}: {finding}")
        if unseen:
            typer.echo(f"{' and '.join(unseen)}: looked at when the errors above are mended")
        typer.echo(_counted(findings))
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(1)


def _findings_of(study: str) -> "tuple[list[Finding], list[str]]":
    """What is wrong or left open in the files of a study; and those of its files that could not be
    looked at, because they build upon others that have errors."""
    from pilotage.findings import InputErrors
    from pilotage.study import load_study, study_folder

    folder: Path | None = None
    try:
        folder = study_folder(study)
        planned = load_study(study)
    except InputErrors as errors:
        further = [name for name in FURTHER if folder and (folder / name).exists()]
        return list(errors.findings), further
    from pilotage.courses import nature_findings
    from pilotage.publication import published_findings

    of_paper = published_findings(planned)
    found = [*planned.findings, *nature_findings(planned), *of_paper]
    built_on_paper = planned.folder / FURTHER[-1]
    if not built_on_paper.exists():
        return found, []
    if of_paper:
        return found, [built_on_paper.name]
    from pilotage.publication import load_published
    from pilotage.publication.reconstruct import reconstruction_findings

    return [*found, *reconstruction_findings(planned, load_published(planned))], []


def _counted(findings: "list[Finding]") -> str:
    counts = {s: sum(f.severity == s for f in findings) for s in ("error", "warning", "note")}
    return ", ".join(f"{n} {severity}{'' if n == 1 else 's'}" for severity, n in counts.items())
