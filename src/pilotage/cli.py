"""The commands. Thin: each imports what it needs when it runs, so that `--help` is quick."""

import json
import shlex
from dataclasses import replace as replaced
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pilotage.terminal import Steps, plain_errors, prepare, say_findings, steps

if TYPE_CHECKING:
    from pilotage.datasets import Datasets
    from pilotage.findings import Finding
    from pilotage.snapshot import Snapshot
    from pilotage.study import Study

app = typer.Typer(
    name="pilotage",
    help="Run a small clinical trial from its study folder to its report.",
    epilog="Start with: pilotage demo --out demo-output",
    rich_markup_mode=None,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

StudyName = Annotated[
    str, typer.Argument(metavar="STUDY", help="A study folder, or the name of a built-in study.")
]
SnapshotFolder = Annotated[
    Path, typer.Argument(metavar="SNAPSHOT", help="A folder with dm.csv, ex.csv, qs.csv …")
]
OutFolder = Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write to.")]
Seed = Annotated[int, typer.Option(min=0, help="Same seed, same bytes.")]
Subjects = Annotated[int, typer.Option(min=1, max=100_000, help="Number of subjects.")]


def _version(wanted: bool) -> None:
    if wanted:
        from pilotage import __version__

        typer.echo(f"pilotage {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


@app.command(epilog="Example: pilotage demo --out demo-output")
def demo(out: OutFolder, seed: Seed = 15, subjects: Subjects = 15) -> None:
    """Run the built-in trial on a synthetic cohort: snapshot, datasets, results and report."""
    with plain_errors(), steps("Synthetic cohort", "Datasets", "Results", "Report") as step:
        from pilotage.courses import write_cohort
        from pilotage.output import all_or_nothing, twin
        from pilotage.study import load_study

        step()
        study = load_study("lenalidomide_cle")
        with all_or_nothing(out, whole=("snapshot",)) as stage:
            folder = stage / "snapshot"
            twin(out / "snapshot", folder)  # what may not be replaced there is refused here
            cut = write_cohort(
                study, folder, seed=seed, subjects=subjects, replace=True, progress=step.part
            )
            datasets, headlines = _report(study, cut, stage, step)
    _say_findings(cut, datasets, out / "datasets")
    _end_with_report(headlines, out)


@app.command(epilog="Example: pilotage new my-study && pilotage check my-study")
def new(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A folder that does not exist yet.")
    ],
) -> None:
    """Make a small study that loads, to be turned into your own."""
    with plain_errors():
        from pilotage.output import left_as_it_was
        from pilotage.study import new_study

        with left_as_it_was(folder):
            made = new_study(folder)
    typer.echo(f"{made} is ready; next: pilotage check {shlex.quote(str(made))}")


@app.command(epilog="Example: pilotage check lenalidomide_cle --json")
def check(
    study: StudyName,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Report what is wrong or left open in a study folder. Exit 1 when there is an error."""
    with plain_errors():
        findings = _findings_of(study)
    if as_json:
        rows = [{"severity": f.severity, "where": f.where, "message": f.message} for f in findings]
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        for finding in findings:
            typer.echo(f"{finding.severity}: {finding}")
        typer.echo(_counted(findings))
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(1)


@app.command(epilog="Example: pilotage cohort lenalidomide_cle --out snapshot --seed 1")
def cohort(
    study: StudyName,
    out: OutFolder,
    seed: Seed = 1,
    subjects: Subjects = 15,
    replace: Annotated[bool, typer.Option(help="Replace a snapshot that is there.")] = False,
) -> None:
    """Write a synthetic cohort that lives under the study's schedule and rules, as a snapshot."""
    with plain_errors(), steps("Synthetic cohort") as step:
        from pilotage.courses import write_cohort
        from pilotage.output import left_as_it_was
        from pilotage.study import load_study

        step()
        planned = load_study(study)
        with left_as_it_was(out):
            write_cohort(
                planned, out, seed=seed, subjects=subjects, replace=replace, progress=step.part
            )
    typer.echo(f"{out}: {subjects} synthetic subjects, seed {seed}")


@app.command(epilog="Example: pilotage derive lenalidomide_cle snapshot --out datasets")
def derive(study: StudyName, snapshot: SnapshotFolder, out: OutFolder) -> None:
    """Derive the analysis datasets ADSL ADQS ADRS ADTTE ADLB ADAE ADEX, as CSV and Parquet."""
    with plain_errors(), steps("Snapshot", "Datasets", "Writing") as step:
        planned, cut = _read(study, snapshot, out, step)
        step()
        datasets = _derived(planned, cut)
        step()
        from pilotage.datasets import write_datasets
        from pilotage.output import all_or_nothing

        with all_or_nothing(out) as stage:
            write_datasets(datasets, stage)
    _say_findings(cut, datasets, out)
    typer.echo(f"{out}: {datasets.adsl.height} subjects, {datasets.adqs.height} rows in ADQS")


@app.command(epilog="Example: pilotage analyse lenalidomide_cle snapshot --out results")
def analyse(study: StudyName, snapshot: SnapshotFolder, out: OutFolder) -> None:
    """Compute the results of the analysis plan: results.csv and results.parquet."""
    with plain_errors(), steps("Snapshot", "Datasets", "Results") as step:
        planned, cut = _read(study, snapshot, out, step)
        step()
        datasets = _derived(planned, cut)
        step()
        from pilotage.analysis import analyse as analyse_datasets
        from pilotage.analysis import write_results
        from pilotage.output import all_or_nothing

        results = analyse_datasets(planned, datasets)
        with all_or_nothing(out) as stage:
            write_results(results, stage)
            datasets.findings.write_csv(stage / "findings.csv")
    _say_findings(cut, datasets, out)
    not_computed = (results["STATUS"] != "computed").sum()
    typer.echo(f"{out / 'results.csv'}: {results.height} numbers, {not_computed} not computed")


@app.command(epilog="Example: pilotage report lenalidomide_cle snapshot --out report")
def report(study: StudyName, snapshot: SnapshotFolder, out: OutFolder) -> None:
    """Write the report (HTML and PDF) with its datasets and results."""
    with plain_errors(), steps("Snapshot", "Datasets", "Results", "Report") as step:
        from pilotage.output import all_or_nothing

        planned, cut = _read(study, snapshot, out, step)
        with all_or_nothing(out) as stage:
            datasets, headlines = _report(planned, cut, stage, step)
    _say_findings(cut, datasets, out / "datasets")
    _end_with_report(headlines, out)


def main() -> None:
    """The command line: `pilotage` and `python -m pilotage`."""
    prepare()
    app()


# -- what the commands share ---------------------------------------------------------------------


def _read(study: str, snapshot: Path, out: Path, step: Steps) -> "tuple[Study, Snapshot]":
    """The study and the snapshot. Refuses to write among the files of the snapshot."""
    from pilotage.findings import InputErrors, error
    from pilotage.snapshot import read_snapshot
    from pilotage.study import load_study

    step()
    read = load_study(study), read_snapshot(snapshot)
    if out.exists() and out.samefile(snapshot):
        raise InputErrors([error(str(out), "is the folder of the snapshot; name another one")])
    return read


def _derived(study: "Study", snapshot: "Snapshot") -> "Datasets":
    """The datasets; among their findings also the warnings about the files of the snapshot."""
    import polars as pl

    from pilotage.datasets import derive as derive_datasets

    datasets = derive_datasets(study, snapshot)
    about_files = [(f.severity, f.where, None, f.message) for f in snapshot.findings]
    warnings = pl.DataFrame(about_files, schema=datasets.findings.schema, orient="row")
    return replaced(datasets, findings=pl.concat([warnings, datasets.findings]))


def _report(
    study: "Study", snapshot: "Snapshot", folder: Path, step: Steps
) -> "tuple[Datasets, tuple[str, ...]]":
    """Snapshot to report, with datasets, results and report in `folder`; and the headlines."""
    step()
    from pilotage.datasets import write_datasets

    datasets = _derived(study, snapshot)
    step()
    from pilotage.analysis import analyse as analyse_datasets
    from pilotage.analysis import write_results

    results = analyse_datasets(study, datasets)
    step()
    from pilotage.report import write_report

    written = write_report(study, datasets, results, folder)
    write_datasets(datasets, folder / "datasets")
    write_results(results, folder)
    return datasets, written.headlines


def _end_with_report(headlines: tuple[str, ...], out: Path) -> None:
    for line in headlines:
        typer.echo(line)
    typer.echo(str(out / "report.html"))


def _say_findings(snapshot: "Snapshot", datasets: "Datasets", folder: Path) -> None:
    say_findings(snapshot.findings, datasets.findings.height, str(folder / "findings.csv"))


def _findings_of(study: str) -> "list[Finding]":
    """What is wrong or left open in the files of a study, its synthetic.yaml included."""
    from pilotage.findings import InputErrors
    from pilotage.study import load_study

    try:
        planned = load_study(study)
    except InputErrors as errors:
        return list(errors.findings)
    from pilotage.courses import nature_findings

    return [*planned.findings, *nature_findings(planned)]


def _counted(findings: "list[Finding]") -> str:
    counts = {s: sum(f.severity == s for f in findings) for s in ("error", "warning", "note")}
    return ", ".join(f"{n} {severity}{'' if n == 1 else 's'}" for severity, n in counts.items())
