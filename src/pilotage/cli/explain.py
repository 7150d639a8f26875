"""`pilotage explain`."""

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pilotage.cli import road
from pilotage.cli.arguments import OnDay, SnapshotFolder, StudyName, day_of
from pilotage.terminal import plain_errors, steps

if TYPE_CHECKING:
    from pilotage.snapshot import Snapshot
    from pilotage.study import Study

EXAMPLE = "pilotage explain lenalidomide_cle snapshot SYN-03 --why RESPONSE --at 2011-02-05"

Subject = Annotated[str, typer.Argument(metavar="USUBJID", help="The subject.")]
Why = Annotated[
    str | None,
    typer.Option(
        "--why",
        metavar="NAME",
        help="Trace a value (RESPONSE, SCORE.PCHG, ADSL.TRTSDT) or a decision (dosing, stopping, "
        "eligibility, IN03) to its rows.",
    ),
]
Html = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Write the life as a page.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document.")]


def explain(
    study: StudyName,
    snapshot: SnapshotFolder,
    subject: Subject,
    at: OnDay = None,
    why: Why = None,
    html: Html = None,
    as_json: AsJson = False,
) -> None:
    """Tell the life of a subject as decisions with their reasons.

    Day by day: eligibility, response, the dose beside what the protocol says of it, reasons to
    stop, dispensing, events, visits. With --at what was known and decided on that day: nothing that
    is dated later is used. With --why one value or decision, down to the lines of the snapshot.
    """
    with plain_errors(), steps("Snapshot", "Subject", "Page") as step:
        if why is not None and html is not None:
            from pilotage.findings import InputErrors, error

            words = "the page tells the life of a subject; leave --why out"
            raise InputErrors([error(str(html), words)])
        wanted = day_of(at)
        planned, cut = road.read(study, snapshot, html.parent if html else None, step)
        _known(subject, cut)
        step()
        day = road.asked_day(wanted, cut)
        if why is not None:
            said = _trace(planned, cut, subject, why, day, as_json=as_json)
        else:
            said = _life(planned, cut, subject, day, html, as_json=as_json)
    typer.echo(said)


def _known(subject: str, cut: "Snapshot") -> None:
    """Raise InputErrors for a subject that the snapshot does not have."""
    from pilotage.findings import InputErrors, error
    from pilotage.study.names import did_you_mean

    subjects = cut.tables["dm"]["USUBJID"].to_list()
    if subject not in subjects:
        words = f"there is no subject '{subject}'{did_you_mean(subject, subjects)}"
        raise InputErrors([error(cut.file("dm"), words)])


def _trace(
    study: "Study", cut: "Snapshot", subject: str, name: str, day: date, *, as_json: bool
) -> str:
    from pilotage.explain import UnknownName, trace_text, why
    from pilotage.explain.document import trace_document
    from pilotage.explain.trace_decisions import DECISIONS
    from pilotage.findings import InputErrors, error

    try:
        found = why(study, cut, subject, name, day)
    except UnknownName as unknown:
        hint = unknown.hint or f"; decisions: {', '.join(DECISIONS)}"
        words = f"the study has no value and no decision '{name}'{hint}"
        raise InputErrors([error("--why", words)]) from None
    if as_json:
        head = {"subject": subject, "at": day, "synthetic": cut.synthetic}
        return _json({**head, **trace_document(found, study)})
    return "\n".join(trace_text(found, study, subject, day))


def _life(
    study: "Study", cut: "Snapshot", subject: str, day: date, html: Path | None, *, as_json: bool
) -> str:
    from pilotage.explain.case import case_of
    from pilotage.explain.document import life_document
    from pilotage.explain.life import life_of
    from pilotage.explain.text import as_text

    case = case_of(study, cut, subject, day)
    life = life_of(case, cut.data_cut)
    if html is not None:
        from pilotage.explain.curve import curve
        from pilotage.explain.page import page

        written = page(life, study, curve(case))
        html.parent.mkdir(parents=True, exist_ok=True)
        html.write_text(written, "utf-8")
        if not as_json:
            return str(html)
    return _json(life_document(life, study)) if as_json else "\n".join(as_text(life, study))


def _json(document: object) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False, default=str)
