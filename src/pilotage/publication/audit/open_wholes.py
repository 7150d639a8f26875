"""Percentages that do not say of whom: which of the wholes that the paper states could be meant?"""

from collections.abc import Iterator
from typing import TypeGuard

from pilotage.publication.arithmetic import Printed
from pilotage.publication.audit.finding import AuditFinding, Verdict, unique
from pilotage.publication.audit.sizes import Size, Sizes, counts_with, denominators, share_of
from pilotage.publication.audit.words import listed, percent, printed, quoted
from pilotage.publication.claims import AnyClaim, CountClaim, PercentageClaim


def of_something(
    claim: PercentageClaim, counts: list[CountClaim], sizes: Sizes
) -> Iterator[AuditFinding]:
    """Which of the wholes that the paper states could be meant?"""
    share = printed(claim, claim.value)
    if claim.comparator != "=":
        return
    if not counts:
        yield from _of_several(claim, sizes)
        return
    count = counts[0]
    around, others = _wholes(claim, count.value, sizes)
    fits = _fitting(share, count.value, around)
    if not fits:
        around = around + others
        fits = _fitting(share, count.value, around)
    tried = sorted({size.n for _, size in around})
    lines = tuple(percent(count.value, n, claim.printed_digits) for n in tried)
    names = unique((claim.id, count.id))
    if len(fits) == 1:
        ((n, whom),) = fits.items()
        words = (
            f"{quoted(claim)} does not say of whom; with {quoted(count)} a whole of {n} fits "
            f"({listed(sorted(whom), 'or')})."
        )
        yield AuditFinding("percentage", names, "fine", words, lines)
        return
    yield from _asked(claim, count, fits, lines, sizes)


def _asked(
    claim: PercentageClaim,
    count: CountClaim,
    fits: dict[int, list[str]],
    lines: tuple[str, ...],
    sizes: Sizes,
) -> Iterator[AuditFinding]:
    """The question, where several wholes fit or none does."""
    every = sizes.all_subjects
    if every is None and not fits:
        return
    share = printed(claim, claim.value)
    other = denominators(share, count.value, every.n) if every is not None else []
    which = f"of {listed(map(str, sorted(fits)), 'or')}"
    if not fits:
        which = f"{count.value} of none that is stated"
    question = f"Of whom is {quoted(claim)} the share: {which}?"
    repairs = tuple(f"{count.value} of {n}" for n in other[:4])
    verdict: Verdict = "unexplained" if fits or other else "inconsistent"
    ids = unique((claim.id, count.id))
    yield AuditFinding("percentage", ids, verdict, question, lines, repairs)


SMALLEST = 10
"""Of fewer subjects than this a percentage without a count tells nothing: too many would fit."""


def _of_several(claim: PercentageClaim, sizes: Sizes) -> Iterator[AuditFinding]:
    """A percentage without a count and without a whole: of which stated wholes could it be?"""
    share = printed(claim, claim.value)
    within, others = _wholes(claim, SMALLEST, sizes)
    can: dict[int, str] = {}
    lines: list[str] = []
    for label, size in (*within, *others):
        found = counts_with(share, size.n)
        if found and size.n not in can:
            can[size.n] = f"{found[0]} of {size.n} ({label}, {listed(size.claims)})"
        elif not found:
            below = int(share.value * size.n / 100)
            near = [percent(count, size.n, claim.printed_digits) for count in (below, below + 1)]
            lines.append(f"of {size.n} it cannot be: {listed(near)}")
    if not within and not others:
        return
    ids = (claim.id,)
    lines = list(dict.fromkeys([*can.values(), *lines]))
    if len(can) == 1:
        words = f"{quoted(claim)} does not say of whom; it can be {next(iter(can.values()))}."
        yield AuditFinding("percentage", ids, "fine", words, tuple(lines))
        return
    which = f"of {listed(map(str, sorted(can)), 'or')}" if can else "of none that is stated"
    question = f"Of whom is {quoted(claim)} the share: {which}?"
    yield AuditFinding("percentage", ids, "unexplained", question, tuple(lines))


Whole = tuple[str, Size]


def _wholes(claim: PercentageClaim, count: int, sizes: Sizes) -> tuple[list[Whole], list[Whole]]:
    """The stated wholes that the group lies within, and the other ones of the same study."""
    own = {c.group for c in sizes.published.claims if c.about == claim.about and _counts(c)}
    within: list[Whole] = []
    others: list[Whole] = []
    for name, known in sizes.stated.items():
        large = [(sizes.text(name), size) for size in known if size.n >= max(count, 1)]
        if name == claim.group or name not in own:
            continue
        (others if sizes.lying.inside(claim.group, name) is None else within).extend(large)
    return within, others


def _counts(claim: AnyClaim) -> TypeGuard[CountClaim]:
    return isinstance(claim, CountClaim)


def _fitting(share: Printed, count: int, wholes: list[Whole]) -> dict[int, list[str]]:
    fits: dict[int, list[str]] = {}
    for label, size in wholes:
        if share.fits(share_of(count, size.n)):
            fits.setdefault(size.n, []).append(f"{label}, {listed(size.claims)}")
    return fits
