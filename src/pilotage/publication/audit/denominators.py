"""Denominators that change without a word: shares of all in one place, of fewer in another."""

import math
from collections.abc import Iterator
from fractions import Fraction

from pilotage.publication.arithmetic import Printed
from pilotage.publication.audit.by_hand import why_not
from pilotage.publication.audit.finding import AuditFinding, unique
from pilotage.publication.audit.means import Asked, asked_means
from pilotage.publication.audit.percentages import counted
from pilotage.publication.audit.scores import grim
from pilotage.publication.audit.sizes import Size, Sizes, share_of
from pilotage.publication.audit.spans import middle, spans, told
from pilotage.publication.audit.words import in_english, listed, number, printed, quoted
from pilotage.publication.claims import (
    AnyClaim,
    CountClaim,
    PercentageClaim,
    RangeClaim,
    StatisticClaim,
)
from pilotage.publication.units import factor
from pilotage.statistics.rounding import text

NEARLY_ALL = Fraction(9, 10)
"""A whole of at least this part of all subjects is taken for a choice of whom to count."""

FOLLOW_UP = ("follow-up", "follow up", "followed")
TREATMENT = ("duration of treatment", "duration of therapy", "treatment duration")


def denominators_used(sizes: Sizes) -> Iterator[AuditFinding]:
    """One finding where shares are of all subjects in one place and of nearly all in another; one
    for each later time at which not all can have been seen."""
    yield from _wholes(sizes)
    yield from _seen(sizes)
    yield from _stopped_before(sizes)
    yield from _followed_less(sizes)


def _wholes(sizes: Sizes) -> Iterator[AuditFinding]:
    every = sizes.all_subjects
    if every is None:
        return
    used: dict[int, list[tuple[PercentageClaim, CountClaim]]] = {}
    for claim in sizes.published.claims:
        if not isinstance(claim, PercentageClaim) or claim.about != "trial":
            continue
        if claim.comparator != "=" or claim.same_fact_as is not None:
            continue
        if found := _whole_of(claim, every, sizes):
            n, count = found
            used.setdefault(n, []).append((claim, count))
    large = {n: pairs for n, pairs in used.items() if n >= every.n * NEARLY_ALL}
    if len(large) < 2:
        return
    most = max(large)
    fewer = sorted(n for n in large if n != most)
    ids = [claim.id for n in (*fewer, most) for claim, _ in large[n]]
    lines = []
    for n in (*fewer, most):
        for claim, count in large[n]:
            others = [_printed_of(count.value, m, claim) for m in large if m != n]
            line = f"{quoted(claim)}: {count.value} of {n}"
            lines.append(f"{line}; {listed(others)}")
    shares = [quoted(claim) for n in fewer for claim, _ in large[n]]
    verb = "are" if len(shares) > 1 else "is"
    question = (
        f"Why {verb} {listed(shares)} of {listed(map(str, fewer), 'or')}, "
        f"and {listed([quoted(claim) for claim, _ in large[most]])} of {most}?"
    )
    repairs = tuple(f"all of them of {n}, and the same said of each" for n in (most, *fewer))
    yield AuditFinding("denominator", unique(ids), "unexplained", question, tuple(lines), repairs)


def _printed_of(count: int, n: int, claim: PercentageClaim) -> str:
    if count > n:
        return f"of {n} they cannot be"
    return f"of {n} it would be {text(share_of(count, n), claim.printed_digits)} %"


def _whole_of(claim: PercentageClaim, every: Size, sizes: Sizes) -> tuple[int, CountClaim] | None:
    """The whole that a percentage has with its count: the one stated, else the one that fits."""
    counts = counted(claim, sizes)
    share = printed(claim, claim.value)
    for count in counts:
        sizes_of = sizes.of(claim.of) or [
            Size(n, (), "")
            for n in sorted({s.n for known in sizes.stated.values() for s in known}, reverse=True)
            if n <= every.n
        ]
        for size in sizes_of:
            if size.n >= max(count.value, 1) and share.fits(share_of(count.value, size.n)):
                return size.n, count
    return None


# -- who can have been seen ------------------------------------------------------------------------


def is_treatment(name: str | None, sizes: Sizes) -> bool:
    """Is the variable the time for which somebody was treated?"""
    return _is_called(name, TREATMENT, sizes)


def is_follow_up(name: str | None, sizes: Sizes) -> bool:
    """Is the variable the time for which somebody was followed?"""
    return _is_called(name, FOLLOW_UP, sizes)


def _is_called(name: str | None, any_of: tuple[str, ...], sizes: Sizes) -> bool:
    variable = sizes.published.variables.get(name or "")
    return variable is not None and any(
        words in in_english(variable.label).lower() for words in any_of
    )


def _seen(sizes: Sizes) -> Iterator[AuditFinding]:
    """Values at a time that not everybody was followed to."""
    every = sizes.all_subjects
    if every is None:
        return
    for span in spans(sizes.published):
        if not isinstance(span.claim, RangeClaim) or not is_follow_up(span.variable, sizes):
            continue
        per = factor(span.unit, "weeks")
        assert span.low is not None
        if per is None or span.claim.same_fact_as is not None:
            continue
        for at, time in sizes.published.times.items():
            weeks = span.low.high * per
            late = [c for c in _statistics_at(sizes, at) if _of_all(c, span.group)]
            if time.week is None or time.week <= weeks or not late:
                continue
            ids = unique([*(claim.id for claim in late), span.claim.id])
            shown = listed([quoted(claim) for claim in late])
            verb = "is" if len(late) == 1 else "are"
            question = (
                f"Of how many subjects {verb} {shown}: not all {every.n} were followed to week "
                f"{time.week}?"
            )
            lines = (
                f"{quoted(span.claim)}: {number(middle(span.low))} {span.unit} are "
                f"{number(middle(span.low) * per, 1)} weeks, fewer than {time.week}",
                f"so at most {every.n - 1} of {every.n} can have a value at week {time.week}",
            )
            repairs = ("the number of subjects beside the mean",)
            yield AuditFinding("denominator", ids, "unexplained", question, lines, repairs)


def _statistics_at(sizes: Sizes, at: str) -> list[StatisticClaim]:
    found = []
    for claim in sizes.published.claims:
        if isinstance(claim, StatisticClaim) and claim.at == at and claim.kind == "mean":
            found.append(claim)
    return found


def _of_all(claim: AnyClaim, group: str) -> bool:
    return claim.named("group") in (group, "not stated")


def _stopped_before(sizes: Sizes) -> Iterator[AuditFinding]:
    """A mean at a time that only all subjects can have, when one of them had stopped by then."""
    every = sizes.all_subjects
    if every is None:
        return
    for span in spans(sizes.published):
        per = factor(span.unit, "weeks")
        single = sizes.published.groups[span.group].subject is not None
        if not single or span.high is None or per is None or not is_treatment(span.variable, sizes):
            continue
        for asked in asked_means(sizes):
            time = sizes.published.times.get(asked.mean.at or "")
            if time is None or time.week is None or time.week <= span.high.high * per:
                continue
            sizes_of = [n for n in range(1, every.n + 1) if asked.fits(n)]
            if sizes_of != [every.n]:
                continue
            proof, lines = _of_no_fewer(asked, every.n)
            ids = unique((*(each.id for each in proof), span.claim.id, *every.claims))
            question = (
                f"Is '{sizes.text(span.group)}', who had stopped after {span.text}, among the "
                f"{every.n} of {listed(map(quoted, proof))}?"
            )
            repairs = (
                "the subject seen after the treatment had stopped, or a value carried forward",
            )
            yield AuditFinding("denominator", ids, "unexplained", question, lines, repairs)


def _of_no_fewer(asked: Asked, n: int) -> tuple[list[StatisticClaim], tuple[str, ...]]:
    """The mean, and its SD where fewer subjects have the mean but not both; and why none do."""
    mean, sd, scale, without = asked.printed_mean, asked.sd, asked.scale, n - 1
    fewer = [m for m in range(1, n) if grim(m, mean, scale)]
    proof = [asked.mean] if sd is None or not fewer else [asked.mean, sd]
    both = "are together" if len(proof) > 1 else "is"
    lines = [f"{listed(map(quoted, proof))} {both} possible of {n} subjects and of no fewer"]
    if without and without not in fewer:
        below = math.floor(mean.value * without)
        lines += [_divided(total, without, mean) for total in (below, below + 1)]
    for m in fewer:
        assert sd is not None  # else the mean alone were possible of fewer
        lines += [f"{_divided(total, m, mean)} prints {mean}" for total in grim(m, mean, scale)]
        lines += why_not(m, mean, printed(sd, sd.value), scale, asked.kind)
    return proof, tuple(lines)


def _divided(total: int, n: int, mean: Printed) -> str:
    return f"{total} / {n} = {text(Fraction(total, n), mean.digits + 2)}"


def _followed_less(sizes: Sizes) -> Iterator[AuditFinding]:
    """Somebody who had stopped earlier than anybody's follow-up ended."""
    known = list(spans(sizes.published))
    for range_ in known:
        if not isinstance(range_.claim, RangeClaim) or not is_follow_up(range_.variable, sizes):
            continue
        if range_.claim.same_fact_as is not None:
            continue
        assert range_.low is not None
        for one in known:
            per = factor(one.unit, range_.unit)
            single = sizes.published.groups[one.group].subject is not None
            inside = sizes.lying.inside(one.group, range_.group)
            if not single or inside is None or not is_treatment(one.variable, sizes):
                continue
            if one.high is None or per is None or one.high.high * per >= range_.low.low:
                continue
            least = f"{number(middle(range_.low))} {range_.unit}"
            question = (
                f"Was '{sizes.text(one.group)}', who had stopped after {one.text}, followed for "
                f"{least} or longer, as {quoted(range_.claim)} says?"
            )
            repairs = (
                "follow-up that went on after the treatment had stopped",
                f"{quoted(range_.claim)} read of the others",
            )
            ids = unique((range_.claim.id, one.claim.id, *inside))
            lines = (told(range_), told(one))
            yield AuditFinding("denominator", ids, "unexplained", question, lines, repairs)
