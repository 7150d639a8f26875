"""`pilotage check`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pilotage.cli.arguments import StudyName
from pilotage.plural import counted
from pilotage.terminal import plain_errors, steps

if TYPE_CHECKING:
    from pilotage.findings import Finding
    from pilotage.study import Study

EXAMPLE = "pilotage check my-study"
MANY = 3
"""So many differences of worked examples are told."""
FURTHER = (
    "worked_examples.yaml", "synthetic.yaml", "simulation.yaml", "published.yaml",
    "reconstruction.yaml",
)  # fmt: skip
"""Files of a study that build upon its protocol and its plan."""


def check(
    study: StudyName,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON document, of everything.")
    ] = False,
    every: Annotated[
        bool, typer.Option("--all", help="Everything in which worked examples differ.")
    ] = False,
) -> None:
    """Report what is wrong or open in a study; prove its rules.

    Looks at protocol.yaml, sap.yaml, protocol.md and the codelists, and at synthetic.yaml,
    simulation.yaml, published.yaml and reconstruction.yaml where they are there. Then the rules
    are proven over every state that a subject can be in: gaps, contradictions, rows that never
    answer, tests that are not planned; and the subjects of worked_examples.yaml must come out as it
    says (the first differences are told, and how many more there are). A finding may be answered in
    open_questions.md. Exit 1 when there is an error that is not answered; a
    warning or a note stops nothing.
    """
    with plain_errors():
        findings, unseen, examples = _findings_of(study)
    if as_json:
        typer.echo(json.dumps([_row(f) for f in findings], indent=2, ensure_ascii=False))
    else:
        _tell_all(findings, len(findings) if every else MANY)
        if unseen:
            names = " and ".join(filter(None, (", ".join(unseen[:-1]), unseen[-1])))
            typer.echo(f"{names}: looked at when the errors above are mended")
        typer.echo("; ".join(filter(None, (_counted(findings), examples))))
    if any(finding.open_error for finding in findings):
        raise typer.Exit(1)


def _row(finding: "Finding") -> dict[str, object]:
    return {
        "class": finding.kind,
        "severity": finding.severity,
        "where": finding.where,
        "source": list(finding.source),
        "example": finding.example,
        "message": finding.message,
        "key": finding.key,
        "answered": finding.answered or None,
    }


def _tell_all(findings: "list[Finding]", most: int) -> None:
    """Each finding; of the worked examples that come out differently `most`, and how many more
    there are: one rule makes many of them differ."""
    differing = [finding for finding in findings if finding.kind == "worked-example"]
    for finding in findings:
        if finding not in differing[most:]:
            _tell(finding)
        if differing[most:] and finding is differing[most]:
            rest = differing[most:]
            file = finding.where.partition(":")[0]
            of = counted(len({each.example for each in rest}), "worked example")
            typer.echo(f"error: {file}: {len(rest)} more of this kind, in {of}; --all lists all")


def _tell(finding: "Finding") -> None:
    """The finding in a line, and how an error that is about the protocol can be answered."""
    kind = "" if finding.kind == "file" else f"{finding.kind}: "
    word = f"answered in {finding.answered}" if finding.answered else finding.severity
    typer.echo(f"{word}: {finding.where}: {kind}{finding.message}")
    if finding.open_error and finding.key:
        typer.echo(f"    (to answer it in open_questions.md: - Answers: `{finding.key}`)")


def _findings_of(study: str) -> "tuple[list[Finding], list[str], str]":
    """What is wrong or left open in the files of a study; those of its files that could not be
    looked at, because they build upon others that have errors; how many worked examples hold."""
    from pilotage.check import TOPICS, study_findings
    from pilotage.check.worked_examples import examples_that_hold
    from pilotage.findings import InputErrors
    from pilotage.study import load_study, study_folder

    folder: Path | None = None
    names = ("reading the study", *TOPICS, "worked examples", "synthetic subjects", "the paper")
    with steps(*names) as step:
        step()
        try:
            folder = study_folder(study)
            planned = load_study(study)
        except InputErrors as errors:
            further = [name for name in FURTHER if folder and (folder / name).exists()]
            return list(errors.findings), further, ""
        found = study_findings(planned, step=lambda topic: step())
        built_upon, unseen = _built_upon(planned, step)
    return [*found, *built_upon], unseen, examples_that_hold(planned, found)


def _built_upon(planned: "Study", step: Callable[[], None]) -> "tuple[list[Finding], list[str]]":
    """What is wrong with the files that build upon a study."""
    from pilotage.courses import nature_findings
    from pilotage.publication import load_published, published_findings
    from pilotage.publication.reconstruct import reconstruction_findings
    from pilotage.simulation.load import simulation_findings

    step()
    found = [*nature_findings(planned), *simulation_findings(planned)]
    step()
    of_paper = published_findings(planned)
    found += of_paper
    built_on_paper = planned.folder / FURTHER[-1]
    if not built_on_paper.exists():
        return found, []
    if of_paper:
        return found, [built_on_paper.name]
    return [*found, *reconstruction_findings(planned, load_published(planned))], []


def _counted(findings: "list[Finding]") -> str:
    """How many of each are open, and how many are answered."""
    answered = sum(bool(finding.answered) for finding in findings)
    counts = [
        counted(sum(f.severity == severity and not f.answered for f in findings), severity)
        for severity in ("error", "warning", "note")
    ]
    return ", ".join([*counts, f"{answered} answered"] if answered else counts)
