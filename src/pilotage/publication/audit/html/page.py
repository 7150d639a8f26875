"""The page of an audit: one self-contained HTML file, no script, in the look of the report."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files

from pilotage.publication.audit.finding import MEANINGS, VERDICTS, AuditFinding, Verdict
from pilotage.publication.audit.html.marks import Piece, marked
from pilotage.publication.audit.html.paper import anchor_of, sections
from pilotage.publication.audit.html.standing import (
    SIGNS,
    STANDINGS,
    Named,
    Outcome,
    Standing,
    named,
    outcomes,
    resting,
)
from pilotage.publication.audit.joint import Cohort
from pilotage.publication.audit.run import Audit
from pilotage.publication.audit.terminal import TITLES
from pilotage.publication.audit.words import in_english
from pilotage.publication.claims import AnyClaim, Published
from pilotage.report.html import filled, style_sheet
from pilotage.report.words import Words


def page(audit: Audit) -> str:
    """The page. The same audit gives the same bytes."""
    templates = files("pilotage.publication.audit.html") / "templates"
    known = outcomes(audit)
    found = named(audit)
    return filled(
        templates / "audit.html",
        style=style_sheet(templates / "audit.css"),
        words=Words(),
        audit=audit,
        paper=audit.published.paper,
        in_english=in_english,
        sections=tuple(sections(audit.published)),
        outcomes=known,
        worst=lambda ids: worst([known[name] for name in ids]),
        counts={verdict: audit.count(verdict) for verdict in VERDICTS},
        asked={verdict: _of(found, verdict) for verdict in VERDICTS},
        together=[each for each in found if each.finding.check == "joint"],
        resting=resting(audit),
        claim=audit.published.claim,
        quoted=quoted,
        anchor_of=anchor_of,
        by_reason=by_reason,
        cohort=None if audit.cohort is None else _turned(audit.cohort, audit.published),
        css_class=css_class,
        title_of=title_of,
        meanings=MEANINGS,
        standings=STANDINGS,
        signs=SIGNS,
    )


def css_class(standing: Standing) -> str:
    """The standing as the name of a class."""
    return standing.replace(" ", "-")


def title_of(finding: AuditFinding) -> str:
    """What the finding is about, for a heading."""
    title = TITLES[finding.check]
    return title[:1].upper() + title[1:]


def worst(of: Iterable[Outcome]) -> Standing:
    """How the claims of one mark came out together."""
    found = {outcome.standing for outcome in of}
    return next(standing for standing in STANDINGS if standing in found)


def quoted(claim: AnyClaim) -> tuple[Piece, ...]:
    """The claim's own part of the sentence, its printed words a piece of their own."""
    own = marked([claim])
    return (*own.pieces, *(Piece(f" [{claim.printed}]", (name,)) for name in own.elsewhere))


def by_reason(reasons: Mapping[str, str]) -> dict[str, list[str]]:
    """The claims that have the same reason, by the reason."""
    found: dict[str, list[str]] = {}
    for name, why in reasons.items():
        found.setdefault(why, []).append(name)
    return found


def _of(found: tuple[Named, ...], verdict: Verdict) -> list[Named]:
    """The findings of the list; sets of claims stand in a list of their own."""
    wanted = (each for each in found if each.finding.verdict == verdict)
    return [each for each in wanted if each.finding.check != "joint"]


@dataclass(frozen=True, slots=True)
class CohortTable:
    """A column for each subject of the example, a row for each group and each value."""

    subjects: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def _turned(cohort: Cohort, published: Published) -> CohortTable:
    head, *rows = cohort.rows()
    names = [in_english(published.groups[name].label) for name in cohort.groups]
    names += [_value(name, at, published) for name, at in cohort.variables]
    columns = list(zip(*rows, strict=True)) or [() for _ in head]
    return CohortTable(columns[0], tuple(zip(names, columns[1:], strict=True)))


def _value(variable: str, at: str | None, published: Published) -> str:
    label = in_english(published.variables[variable].label)
    return label if at is None else f"{label}, {in_english(published.times[at].label)}"
