"""`pilotage report`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pilotage.cli import road
from pilotage.cli.arguments import OutFolder, StudyName
from pilotage.terminal import plain_errors, steps

if TYPE_CHECKING:
    from pilotage.publication.gate import Gate
    from pilotage.study import Study

EXAMPLE = "pilotage report lenalidomide_cle snapshot --out report"

MaybeSnapshot = Annotated[
    Path | None,
    typer.Argument(metavar="SNAPSHOT", help="A folder with dm.csv, ex.csv, qs.csv …"),
]
Shells = Annotated[
    bool, typer.Option("--shells", help="The analysis plan and empty outputs, before any data.")
]
Draft = Annotated[
    Path | None,
    typer.Option("--text", metavar="DRAFT", help="Hold a draft (.md, .txt, .html) to the results."),
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Exit 1 when a number of the text is wrong.")
]
AUDIT = "audit.json"


def report(
    study: StudyName,
    out: OutFolder,
    snapshot: MaybeSnapshot = None,
    shells: Shells = False,
    text: Draft = None,
    strict: Strict = False,
) -> None:
    """Write the report (HTML, PDF) with its datasets and results.

    DIR then holds report.html, report.pdf and the figures, beside the datasets and results.csv,
    from which every number of the report comes. With --shells, and without a snapshot, it holds
    plan.html and plan.pdf: the analyses in words and every output as an empty shell.

    The finished text is then read again: every number is held to its result and to the others, as
    `pilotage audit` does with a paper (audit.json). With --text a draft of yours is held to them,
    sentence by sentence, and a number of it that is wrong ends with exit 1; so does one of the
    report itself with --strict.
    """
    with plain_errors():
        from pilotage.findings import InputErrors, error

        if shells and snapshot is not None:
            words = "--shells shows the plan before any data; leave the snapshot out"
            raise InputErrors([error(str(snapshot), words)])
        if shells and text is not None:
            raise InputErrors([error(str(text), "--text needs results; leave --shells out")])
        if shells:
            _plan(study, out)
            return
        if snapshot is None:
            words = "a report needs a snapshot (report STUDY SNAPSHOT --out DIR), or --shells"
            raise InputErrors([error(study, words)])
        found = _report(study, snapshot, out, text)
    if not found.sound and (strict or text is not None):
        raise typer.Exit(1)


def _report(study: str, snapshot: Path, out: Path, text: Path | None) -> "Gate":
    with steps("Snapshot", "Datasets", "Results", "Report", "Text") as step:
        from pilotage.output import all_or_nothing

        if text is not None:
            from pilotage.publication.gate import read_draft

            read_draft(text)  # what cannot be read is refused before anything is made

        planned, cut = road.read(study, snapshot, out, step, makes=("datasets", "figures"))
        from pilotage.report.road import reported

        with all_or_nothing(out) as stage:
            datasets, headlines = reported(planned, cut, stage, step)
            step()
            found = _held(planned, stage, text)
    from pilotage.publication.gate.terminal import among, lines

    road.say_findings_about(cut, datasets, out / "datasets")
    told = among(headlines, tuple(lines(found)), synthetic=datasets.synthetic)
    road.end_with_report(told, out)
    return found


def _held(study: "Study", folder: Path, text: Path | None) -> "Gate":
    """The text that was written, or the draft, held to its results; what was found is written
    beside them."""
    from pilotage.publication.gate import gate
    from pilotage.publication.gate.as_json import document

    found = gate(study, folder, draft=text)
    content = json.dumps(document(found), indent=1, ensure_ascii=False)
    (folder / AUDIT).write_text(f"{content}\n", "utf-8")
    return found


def _plan(study: str, out: Path) -> None:
    with steps("Study", "Plan") as step:
        from pilotage.cli.places import refuse_among_inputs
        from pilotage.output import all_or_nothing
        from pilotage.report import write_shells
        from pilotage.study import load_study, study_folder

        refuse_among_inputs(out, {"study": study_folder(study)})
        step()
        planned = load_study(study)
        step()
        with all_or_nothing(out) as stage:
            write_shells(planned, stage)
    typer.echo(str(out / "plan.html"))
