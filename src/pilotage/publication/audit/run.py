"""The audit of a paper: every check over its claims, and what no check was made of."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import get_args

from pilotage.progress import Silent, Steps
from pilotage.publication.audit.changes import changes
from pilotage.publication.audit.dates import dates
from pilotage.publication.audit.denominators import denominators_used
from pilotage.publication.audit.effects import effects
from pilotage.publication.audit.finding import VERDICTS, AuditFinding, Verdict
from pilotage.publication.audit.joint import Cohort, JointResult, joint_findings
from pilotage.publication.audit.joint.result import SolverMissing
from pilotage.publication.audit.lying import Lying
from pilotage.publication.audit.means import means
from pilotage.publication.audit.notation import notations
from pilotage.publication.audit.p_values import p_values
from pilotage.publication.audit.parts import parts
from pilotage.publication.audit.percentages import percentages
from pilotage.publication.audit.same_fact import same_facts
from pilotage.publication.audit.sizes import Sizes
from pilotage.publication.audit.subsets import subsets
from pilotage.publication.audit.summaries import summaries
from pilotage.publication.claims import AnyClaim, Published, Section

CHECKS: tuple[Callable[[Sizes], Iterator[AuditFinding]], ...] = (
    percentages, means, summaries, parts, changes, p_values, effects, same_facts, subsets,
    denominators_used, dates, notations,
)  # fmt: skip
"""Every check by arithmetic, in the order in which their findings stand."""

SECTIONS = get_args(Section)
"""The sections in the order of a paper."""


RESTS, KNOWN = 1, 2
"""How far a set of claims is told before the search over all of them."""


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found, the worst first; which claims nothing could be held against, and why.

    `together` says in words how far all claims were held against each other at once, `complete`
    whether that came to its end, and `not_modelled` which claims were left out of it, and why.
    `resting` are smallest sets that hold a number about which a finding asks by itself: once it is
    answered, the others of the set can be true. `cohort` is an example of subjects of whom all
    claims are true, where there are such. The
    claims of `published` stand in the order of the paper.
    """

    published: Published
    findings: tuple[AuditFinding, ...]
    not_checked: dict[str, str] = field(default_factory=dict)
    together: str = "Not all claims were held against each other at once."
    cohort: Cohort | None = None
    complete: bool = False
    not_modelled: dict[str, str] = field(default_factory=dict)
    resting: tuple[AuditFinding, ...] = ()

    def count(self, verdict: Verdict) -> int:
        return sum(finding.verdict == verdict for finding in self.findings)

    @property
    def sound(self) -> bool:
        """Is nothing impossible and nothing inconsistent?"""
        return not self.count("impossible") and not self.count("inconsistent")


def audit(published: Published, *, progress: Steps | None = None, limit: float = 60.0) -> Audit:
    """Every claim of a paper held against the others. Needs no data and no study. `limit`: after so
    many seconds no search goes on."""
    found = by_arithmetic(published, progress=progress)
    try:
        joint = joint_findings(
            published,
            progress=progress,
            limit=limit,
            later=lambda claims: _told_before(claims, found),
        )
    except SolverMissing as reason:
        return replace(found, together=str(reason))
    told = [(each, _told_before(each.claims, found)) for each in joint.findings]
    new = [each for each, before in told if before < KNOWN]
    more = [each for each, before in told if not before]
    resting = [each for each, before in told if before == RESTS]
    findings = [*found.findings, *more]
    named = {name for each in new for name in each.claims}
    left = {name for name in found.not_checked if name not in named}
    if joint.complete:
        left &= joint.not_modelled.keys()
    return replace(
        found,
        findings=in_order(findings, found.published),
        not_checked={name: why for name, why in found.not_checked.items() if name in left},
        together=_together(joint, len(new), limit) + _resting(resting),
        resting=tuple(resting),
        cohort=joint.cohort,
        complete=joint.complete,
        not_modelled=joint.not_modelled,
    )


def _told_before(claims: Sequence[str], audit: Audit) -> int:
    """Does the arithmetic say it already? KNOWN where a finding says it of fewer of these claims,
    or of these and more; RESTS where one of them is asked about by itself: once that is answered,
    the others can be true. A claim counts as the one that states the same fact."""
    same = {claim.id: claim.same_fact_as or claim.id for claim in audit.published.claims}
    mine = {same[name] for name in claims}
    wrong = [each for each in audit.findings if each.verdict in ("impossible", "inconsistent")]
    stated = [{same[name] for name in each.claims} for each in wrong]
    if any(each <= mine or mine <= each for each in stated):
        return KNOWN
    return RESTS if mine & {same[each.claims[0]] for each in wrong} else 0


def _resting(resting: list[AuditFinding]) -> str:
    if not resting:
        return ""
    verb = "rests" if len(resting) == 1 else "rest"
    return f" Of them {len(resting)} {verb} on a number that is asked about by itself."


def _together(joint: JointResult, more: int, limit: float) -> str:
    if joint.cohort is not None:
        return "All claims that can be modelled are true together of an example cohort."
    if joint.complete:
        known = len(joint.findings) - more
        return (
            "All claims were held against each other at once, and no cohort meets them. Smallest "
            f"contradictions: {len(joint.findings)}; found by arithmetic as well: {known}."
            + (f" Longer ones, not told: {len(joint.further)}." if joint.further else "")
        )
    return (
        f"All claims were held against each other at once, but not to the end within {limit:g} "
        f"second{'' if limit == 1 else 's'}: more may be found with a larger --limit."
    )


def by_arithmetic(published: Published, *, progress: Steps | None = None) -> Audit:
    """What can be found by hand: each claim beside a few others. It takes seconds."""
    progress = progress or Silent()
    published = in_place(published)
    sizes = Sizes(published, Lying(published))
    found: list[AuditFinding] = []
    progress()
    for at, check in enumerate(CHECKS):
        found += check(sizes)
        progress.part(at + 1, len(CHECKS))
    return Audit(published, in_order(found, published), _not_checked(published, found))


def in_place(published: Published) -> Published:
    """The same paper with its claims in the order of their places, so that the order in which they
    were typed changes nothing."""
    claims = tuple(sorted(published.claims, key=_place))
    return published.model_copy(update={"claims": claims})


def _place(claim: AnyClaim) -> tuple[int, int, int, tuple[int, str]]:
    place = claim.place
    return SECTIONS.index(place.section), place.paragraph, place.sentence, (len(claim.id), claim.id)


def in_order(findings: list[AuditFinding], published: Published) -> tuple[AuditFinding, ...]:
    """The worst first; then by the place of the claim asked about."""
    place = {claim.id: at for at, claim in enumerate(published.claims)}
    keys = {verdict: at for at, verdict in enumerate(VERDICTS)}
    once = list(dict.fromkeys(findings))
    return tuple(sorted(once, key=lambda each: (keys[each.verdict], place[each.claims[0]])))


# -- what was not checked --------------------------------------------------------------------------


def _not_checked(published: Published, findings: list[AuditFinding]) -> dict[str, str]:
    checked = {name for finding in findings for name in finding.claims}
    return {claim.id: _why(claim) for claim in published.claims if claim.id not in checked}


_WHY = {
    "identifier": "a name: nothing else in the paper says it",
    "threshold": "a limit that the paper sets",
    "dose": "a dose: no other claim says the same of these subjects",
    "dose_range": "doses: no other claim says the same of these subjects",
    "duration": "a time: no other claim says the same of these subjects",
    "date": "a date: no other claim stands against it",
    "all": "contradicts no other claim about these groups",
    "none": "contradicts no other claim about these groups",
    "change": "no means and no P value stand beside it",
    "comparison": "no medians, means or counts of the two groups are printed",
    "value": "no other claim says the same of these subjects",
    "count": "no percentage is printed of it, and no whole is too small for it",
    "sd": "no mean of whole numbers stands beside it that could be so rounded",
    "sem": "no mean of whole numbers stands beside it that could be so rounded",
    "mean": "not a mean of whole numbers, and no range stands beside it",
    "p_value": "what it compares is not printed as means with SDs or as counts",
}


def _why(claim: AnyClaim) -> str:
    if claim.not_a_result is not None:
        return {
            "plan": "a rule or the design of the trial",
            "instrument": "how an instrument is made",
            "mention": "a time of which another claim tells the result",
        }[claim.not_a_result]
    return _WHY.get(claim.kind, "no other claim stands against it")
