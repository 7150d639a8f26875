"""The commands, one module each. Thin: a command imports what it needs when it runs, so that
`--help` is quick.

A new command is a new module with a function of its own name and an EXAMPLE, and its place below.
"""

from pilotage.cli import (
    analyse,
    audit,
    backup,
    calendar,
    check,
    checkpoint,
    claims,
    cohort,
    cut,
    demo,
    derive,
    design,
    diff,
    explain,
    new,
    reconstruct,
    rehearse,
    report,
    reproduce,
    restore,
    review,
    serve,
    simulate,
    trace,
    verify_trail,
)
from pilotage.cli.app import app
from pilotage.terminal import prepare

__all__ = ["app", "main"]

COMMANDS = (
    (demo.demo, demo.EXAMPLE),
    (new.new, new.EXAMPLE),
    (check.check, check.EXAMPLE),
    (design.design, design.EXAMPLE),
    (cohort.cohort, cohort.EXAMPLE),
    (reconstruct.reconstruct, reconstruct.EXAMPLE),
    (simulate.simulate, simulate.EXAMPLE),
    (rehearse.rehearse, rehearse.EXAMPLE),
    (calendar.calendar, calendar.EXAMPLE),
    (review.review, review.EXAMPLE),
    (explain.explain, explain.EXAMPLE),
    (derive.derive, derive.EXAMPLE),
    (analyse.analyse, analyse.EXAMPLE),
    (report.report, report.EXAMPLE),
    (reproduce.reproduce, reproduce.EXAMPLE),
    (claims.claims, claims.EXAMPLE),
    (audit.audit, audit.EXAMPLE),
    (diff.diff, diff.EXAMPLE),
    (serve.serve, serve.EXAMPLE),
    (cut.cut, cut.EXAMPLE),
    (trace.trace, trace.EXAMPLE),
    (backup.backup, backup.EXAMPLE),
    (restore.restore, restore.EXAMPLE),
    (checkpoint.checkpoint, checkpoint.EXAMPLE),
    (verify_trail.verify_trail, verify_trail.EXAMPLE),
)
"""In the order in which `--help` lists them: that of the work."""

for command, example in COMMANDS:
    app.command(epilog=f"Example: {example}")(command)


def main() -> None:
    """The command line: `pilotage` and `python -m pilotage`."""
    prepare()
    app()
