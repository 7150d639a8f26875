"""Groups within groups: parts that do not add up, members of two groups that share nobody."""

from collections.abc import Iterator
from itertools import combinations

from pilotage.publication.audit.finding import AuditFinding, judged, unique
from pilotage.publication.audit.lying import Why
from pilotage.publication.audit.sizes import Size, Sizes
from pilotage.publication.audit.words import listed, quoted
from pilotage.publication.claims import CountClaim
from pilotage.publication.groups import as_tuple

MOST_PARTS = 3
"""So many parts at a time are added up against a whole."""


def subsets(sizes: Sizes) -> Iterator[AuditFinding]:
    """What does not add up, each with few claims; then what was added up and holds."""
    wrong = [*_in_two(sizes), *_too_large(sizes), *_within(sizes)]
    yield from smallest(wrong)
    yield from _unions(sizes)
    yield from _families(sizes)


def smallest(findings: list[AuditFinding]) -> Iterator[AuditFinding]:
    """The findings without those that say no more than another of fewer claims does. Those that
    hold are all kept."""
    kept: list[set[str]] = []
    for finding in sorted(findings, key=lambda each: len(each.claims)):
        claims = set(finding.claims)
        if finding.verdict != "fine":
            if any(less <= claims for less in kept):
                continue
            kept.append(claims)
        yield finding


def _quoted(names: Why, sizes: Sizes) -> str:
    return listed([quoted(sizes.published.claim(name)) for name in names])


# -- in two groups that share nobody ---------------------------------------------------------------


def _in_two(sizes: Sizes) -> Iterator[AuditFinding]:
    for name, group in sizes.published.groups.items():
        known = sizes.of(name)
        if not known or min(size.n for size in known) < 1:
            continue
        two = _two_apart(name, sizes)
        if two is None:
            continue
        one, other, why = two
        ids = why if group.subject else unique(why + known[0].claims)
        question = (
            f"How is {sizes.text(name)} both among '{sizes.text(one)}' and among "
            f"'{sizes.text(other)}', which share nobody?"
        )
        lines = tuple(
            f"{quoted(sizes.published.claim(each))}: {_said(each, sizes)}" for each in ids
        )
        repairs = tuple(f"{quoted(sizes.published.claim(each))} read otherwise" for each in ids)
        yield AuditFinding("subset", ids, "inconsistent", question, lines, repairs)


def _two_apart(name: str, sizes: Sizes) -> tuple[str, str, Why] | None:
    """Two groups that hold this one and share nobody, by the fewest claims."""
    best: tuple[str, str, Why] | None = None
    above = sizes.lying.above[name]
    for one, why in above.items():
        for other, reason in above.items():
            stated = sizes.lying.apart.get((one, other))
            if stated is None:
                continue
            found = unique(why + reason + stated)
            if best is None or len(found) < len(best[2]):
                best = (one, other, found)
    return best


def _said(name: str, sizes: Sizes) -> str:
    """A claim about a group, in words."""
    claim = sizes.published.claim(name)
    group, of = claim.named("group"), getattr(claim, "of", None)
    who = sizes.text(group) if group in sizes.published.groups else "?"
    whom = sizes.text(of) if of in sizes.published.groups else "all"
    is_one = of in sizes.published.groups and sizes.published.groups[of].subject is not None
    among = f"{whom} is among '{who}'" if is_one else f"{whom} are all among '{who}'"
    words = {"all": among, "none": f"of {whom} none is among '{who}'"}
    return words.get(claim.kind, f"'{who}' are {getattr(claim, 'value', '')}".rstrip())


# -- parts against their whole ---------------------------------------------------------------------


def _too_large(sizes: Sizes) -> Iterator[AuditFinding]:
    """Parts that share nobody and are more together than the whole."""
    for whole, known in sizes.stated.items():
        most = max(known, key=lambda size: size.n)
        parts = [
            (name, min(sizes.of(name), key=lambda size: size.n), why)
            for name in sizes.published.groups
            if name != whole
            and sizes.of(name)
            and (why := sizes.lying.inside(name, whole)) is not None
        ]
        parts = [part for part in parts if not _within_another(part[0], parts, sizes)]
        for count in range(1, MOST_PARTS + 1):
            for chosen in combinations(parts, count):
                total = sum(size.n for _, size, _ in chosen)
                if total <= most.n or total - min(s.n for _, s, _ in chosen) > most.n:
                    continue
                apart = _all_apart([name for name, _, _ in chosen], sizes)
                if apart is not None:
                    yield _more_than(whole, most, chosen, apart, sizes)


def _within_another(name: str, parts: list[tuple[str, Size, Why]], sizes: Sizes) -> bool:
    """Is a numbered subject the only one of a group that is added up anyway?"""
    if sizes.published.groups[name].subject is None:
        return False
    others = (other for other, size, _ in parts if other != name and size.n == 1)
    return any(sizes.lying.inside(name, other) is not None for other in others)


def _all_apart(names: list[str], sizes: Sizes) -> Why | None:
    found: Why = ()
    for one, other in combinations(names, 2):
        why = sizes.lying.separate(one, other)
        if why is None:
            return None
        found = unique(found + why)
    return found


def _more_than(
    whole: str,
    most: Size,
    parts: tuple[tuple[str, Size, Why], ...],
    apart: Why,
    sizes: Sizes,
) -> AuditFinding:
    total = sum(size.n for _, size, _ in parts)
    claims = [name for _, size, why in parts for name in (*size.claims, *why)]
    ids = unique((*most.claims, *claims, *apart))
    added = " + ".join(str(size.n) for _, size, _ in parts)
    each = listed([f"{size.n} ('{sizes.text(name)}')" for name, size, _ in parts])
    question = (
        f"Who are the {most.n} of {_quoted(most.claims, sizes)}: {each} are among them, "
        f"and that is {total}?"
    )
    lines = [f"{added} = {total}, more than {most.n}"] if len(parts) > 1 else []
    lines += [f"{quoted(sizes.published.claim(name))}: {_said(name, sizes)}" for name in ids]
    repairs = [f"{total} instead of {most.n} in '{sizes.text(whole)}'"]
    repairs += [
        f"'{sizes.text(whole)}' meant as '{sizes.text(name)}', who are {size.n}"
        for name, size, _ in parts
        if size.n == most.n
    ]
    return AuditFinding("subset", ids, "inconsistent", question, tuple(lines), tuple(repairs))


# -- the same count in a part of the whole ---------------------------------------------------------


def _within(sizes: Sizes) -> Iterator[AuditFinding]:
    """So many of a whole, and so many of a part of it: what is left must fit in the rest."""
    counts = [c for c in sizes.published.claims if isinstance(c, CountClaim) and c.of]
    for one, other in combinations([c for c in counts if c.comparator == "="], 2):
        if one.group != other.group or one.of == other.of:
            continue
        for wide, part in ((one, other), (other, one)):
            why = sizes.lying.inside(str(part.of), str(wide.of))
            sizes_of = sizes.one(wide.of), sizes.one(part.of)
            if why is None or sizes_of[0] is None or sizes_of[1] is None:
                continue
            whole, less = sizes_of[0], sizes_of[1]
            left, room = wide.value - part.value, whole.n - less.n
            ids = unique((wide.id, part.id, *whole.claims, *less.claims, *why))
            line = (
                f"{wide.value} of {whole.n} and {part.value} of {less.n} among them leave "
                f"{left} of {room}",
            )
            holds = 0 <= left <= room
            words = f"{quoted(wide)} and {quoted(part)} leave {left} of {room}."
            question = f"How can {quoted(part)} be a part of {quoted(wide)}?"
            yield judged("subset", ids, holds, words, question, line)


# -- unions and families ---------------------------------------------------------------------------


def _unions(sizes: Sizes) -> Iterator[AuditFinding]:
    """A group that is the union of others: between the largest of them and their sum."""
    for name, group in sizes.published.groups.items():
        parts = as_tuple(group.union_of)
        whole, known = sizes.one(name), [sizes.one(part) for part in parts]
        if len(parts) < 2 or whole is None or any(size is None for size in known):
            continue
        given = [size for size in known if size is not None]
        total = sum(size.n for size in given)
        ids = unique((*whole.claims, *(each for size in given for each in size.claims)))
        if not ids:
            continue
        added = " + ".join(str(size.n) for size in given)
        if max(size.n for size in given) <= whole.n <= total:
            words = f"{added} can be the {whole.n} of '{sizes.text(name)}'."
            both = f"{added} − {whole.n} = {total - whole.n}"
            line = f"{both}: so many are counted twice" if total > whole.n else f"{added} = {total}"
            yield AuditFinding("subset", ids, "fine", words, (line,))
        else:
            question = f"How do {added} make the {whole.n} of '{sizes.text(name)}'?"
            yield AuditFinding("subset", ids, "inconsistent", question, (f"{added} = {total}",))


def _families(sizes: Sizes) -> Iterator[AuditFinding]:
    """Groups that the words keep apart within one whole: of whom do they not speak?"""
    groups = sizes.published.groups
    for whole in groups:
        size = sizes.one(whole)
        if size is None or not sizes.stated.get(whole):
            continue
        inside = [
            name
            for name, group in groups.items()
            if whole in as_tuple(group.subset_of) and group.subject is None
        ]
        for family in _cliques(inside, sizes):
            known = [sizes.one(name) for name in family]
            given = [each for each in known if each is not None]
            unknown = [name for name, each in zip(family, known, strict=True) if each is None]
            claims = [name for each in given for name in each.claims]
            total = sum(each.n for each in given)
            if len(given) < 2 or total > size.n:
                continue
            ids = unique((*claims, *size.claims))
            added = " + ".join(str(each.n) for each in given)
            left = size.n - total
            line = f"{added} = {total} of {size.n} ('{sizes.text(whole)}')"
            who = listed([f"'{sizes.text(n)}'" for n in family if n not in unknown])
            if left and not unknown:
                rest_line = f"{size.n} − {total} = {left}"
                question = f"Beside {who}, what became of the other {left} of {size.n}?"
                yield AuditFinding("subset", ids, "unexplained", question, (line, rest_line))
            else:
                rest = listed([f"'{sizes.text(n)}'" for n in unknown])
                words = f"{who} fit into {size.n}"
                words += f"; {left} may be {rest}." if unknown else "."
                yield AuditFinding("subset", ids, "fine", words, (line,))


def _cliques(names: list[str], sizes: Sizes) -> Iterator[tuple[str, ...]]:
    """The largest sets of these groups that the words keep apart, each pair of them."""
    found: list[set[str]] = []
    for start in names:
        family = [start]
        for other in names:
            if other != start and all(
                sizes.lying.apart.get((other, each)) == () for each in family
            ):
                family.append(other)
        if len(family) > 1 and set(family) not in found:
            found.append(set(family))
            yield tuple(family)
