"""Writes docs/tutorial/audit-a-paper.md: the audit of the built-in paper, told to a newcomer.

Only the explanations are typed here. Findings, arithmetic and repairs are those of `pilotage
audit`, as far as they are the same on every machine: all that is found by arithmetic, and of the
search over all claims at once one set of claims, which is proved again by itself.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from pilotage.publication import read_published
from pilotage.publication.audit import Audit, AuditFinding, by_arithmetic
from pilotage.publication.audit.finding import MEANINGS, VERDICTS, keys
from pilotage.publication.audit.joint.check import Checker
from pilotage.publication.audit.joint.facts import Fact, Facts
from pilotage.publication.audit.joint.telling import Telling
from pilotage.publication.audit.terminal import TITLES, lines
from pilotage.publication.claims import Published

ROOT = Path(__file__).parents[1]
PAPER = ROOT / "src/pilotage/studies/lenalidomide_cle/published.yaml"
PAGE = ROOT / "docs/tutorial/audit-a-paper.md"

TOGETHER = ("R-01", "R-79", "R-16")
"""The claims of the set that the page tells of."""

OWN_PAPER = """\
pilotage: 1
paper: {title: A paper of mine, citation: "Journal 2026;1:1", covers: [results]}
groups:
  all: {label: All patients}
  responders: {label: Patients with a response, subset_of: all}
claims:
  - id: R-01
    place: {section: results, paragraph: 1, sentence: 1}
    sentence: we treated 23 patients
    printed: "23"
    kind: count
    group: all
    value: 23
  - id: R-02
    place: {section: results, paragraph: 1, sentence: 2}
    sentence: of whom 62% responded
    printed: 62%
    kind: percentage
    group: responders
    of: all
    value: 62
"""

INTRODUCTION = """\
# Audit a paper

<!-- Written by `make docs` from tools/audit_tutorial_page.py: edit its sources, not this page. -->

Can the numbers of a published paper all be true? You do not need its data to ask. You hold its
numbers against each other: a percentage against its count, a mean against the number of subjects,
the abstract against the results. This page walks through the audit of one paper, that of the
built-in study. A pocket calculator is enough to follow, and half an hour.

A finding is a question to the authors, not a judgement. Most have a harmless answer: a digit that
slipped, a denominator that was not named, a sentence that can be read in two ways. This paper
reports more numbers, and more exactly, than most; that is why so much can be asked of it.

## What is audited

Not the text but its *claims*: what the paper prints, typed once by a person, each with its place
and its words. This is one of the {claims} claims of [the
file](../../src/pilotage/studies/lenalidomide_cle/published.yaml):

```yaml
{claim}```

It says what the mean is of, and of what kind of number: `variables` says in the same file that a
score is a whole number for each subject. [Published claims](../reference/published.md) describes
the format. Then

```sh
pilotage audit lenalidomide_cle
```

asks what the claims have to do with each other: first by arithmetic, a few at a time, then by a
search over all at once. Its last lines count what both found. This table counts what arithmetic
finds alone:

| Verdict | Findings | Meaning |
|---|---:|---|
{verdicts}

The command prints other numbers: to these it adds the sets of claims that the search finds, each
inconsistent, and how many it finds in its time depends on the machine. [Further
down](#claims-that-cannot-all-be-true) stands one of them. Everything else on this page is
arithmetic, and the same wherever you run it.

Against {open} claims nothing could be held by arithmetic: rules of the trial, doses, names. Some of
them the search holds against others. `--all` lists what is left, with the reason, and shows what
was checked and holds.
"""

PERCENTAGE = """\
## A percentage

Start with something that holds. Each finding has the claim it is about, the words around it, and
lines that you can do again:

{fine}

The count stands in the same sentence, and the whole in the discussion. Now one that asks:

{asked}

A percentage of nine subjects can only be one of ten numbers, and this is none of them. The last
line is the likely answer: three of fourteen, as the results have it, is 21 %. The words
"relapsing patients" then name another group than the number is of. The audit does not decide
that; it shows that the sentence as it stands cannot be meant.
"""

GRIM = """\
## A mean of whole numbers, by hand

A score is a whole number. So is the sum of fifteen scores, and the mean is that sum divided by
fifteen. Multiply the printed mean by fifteen, and look whether a whole number is near enough:

{grim}

The sums 48 and 49 are the only candidates, and neither prints the number when it is rounded as
usual. *Impossible* is meant of that: cut off after two decimals, 49 / 15 would print it, and the
repairs say so. This test is known as GRIM. It says nothing of the scores themselves, and it is
blind where there are many subjects: with two decimals and more than a hundred, every mean is
possible. Beside it, one that holds:

{holds}

The SD can be asked as well (GRIMMER). The sum of squares is a whole number too, and it is odd
exactly where the sum is: an odd number has an odd square.

{grimmer}

Between the two ends lies only one whole number, 204, and it is even. Three ways to round are told
apart: the usual one, a half to the even digit, and decimals cut off. So are the sample SD and
that of the population.
"""

P_VALUE = """\
## A P value over the rounding

From two means with their SDs a t test can be computed. But the paper prints rounded numbers, so
the P value is not one number but an interval: that over everything which the rounding leaves
open.

{fine}

The unpaired tests give the printed value. The paired test cannot be computed, because the paper
does not print how the pairs correlate; it is said which correlations would do. It is *fine*: a
test that the paper may mean gives the number. That it was the right test is another matter. The
other P value:

{asked}

Here only a test of pairs fits, and only with pairs that correlate within narrow limits, or a rank
test, of which the means tell almost nothing. *Unexplained* does not mean doubtful: it means that
the paper does not print enough to follow.
"""

SAME_FACT = """\
## The same fact in two places

{asked}

Each number is at home in its own sentence: six with 40 %, seven with 14 %. That is why the lines
go through both. To change one of the counts is not enough: a percentage would have to change with
it.
"""

SETS = """\
## Claims that cannot all be true

Some contradictions do not show in any two sentences. So in the end all claims become conditions
on subjects whom nobody knows: who is in which group, and which score each has. A solver looks for
such subjects. Where there are none, it looks for the *smallest* sets of claims that exclude each
other: leave out any one, and the others can be true. This is one of them:

{asked}

By hand: 40 % of fifteen are six. Of six subjects one is 17 % and two are 33 %; none is 14 %. Any
two of the three sentences are possible: without the fifteen, 40 % could be fourteen of
thirty-five, and two of those print 14 %. The search goes on for a limited time, 50 seconds if
nothing else is said; the last line of the audit says whether it came to its end, and `--limit`
gives it longer. Where subjects are found, one example of them is shown.
"""

REPAIRS = """\
## What would mend it

Below each question stand changes of which each, by itself, would make the numbers agree. For the
mean of 3.26 they were: one digit, two ways; decimals cut off instead of rounded; another number
of subjects. They are not proposals, and their order is not one of likelihood. Somebody with the
data can tell at a glance which it was; a reader can see how little it takes, and what else hangs
on it. Where an answer would matter, write to the authors, and send the lines along.
"""

HTML = """\
## As a page

```sh
pilotage audit lenalidomide_cle --html audit.html
```

![The sentences of the results; the card of one number is open](../images/audit.png)

The page holds the sentences of the paper with each number marked by what became of it, in colour,
by the line below it, and by a sign. Point at a number, or go to it with the Tab key, and its card
opens: the question, the arithmetic, what would mend it. Below follows every finding, the worst
first. Each number and each finding has an address that stays, such as `audit.html#R-24` and
`audit.html#finding-grim-R-24-A-02`, to be sent to somebody. The file needs no network and no
script, and can be printed. It is not written into the folder of the study: no verdict is ever
kept beside the claims.
"""

OTHERS = """\
## Every other question

What else arithmetic asks of this paper, by verdict.
"""

LIMITS = """\
## What an audit cannot know

- It sees what cannot be, not what is not so. A wrong number that could be right is not found, and
  a paper without findings is not thereby true.
- It does not know the data. Missing values, subjects counted twice and a table that we do not
  have (the tables of this paper were not at hand) can explain much of what stands above.
- It believes the typist. How a sentence was read is part of every claim; where that was not
  plain, the claim says so under `reading`. Another reading is a fair answer.
- It takes words at their word. Two groups that the paper calls alike may be two.
- It weighs nothing. A slip in the third decimal and a denominator that changes the result stand
  in the same list.

## Your own paper

The smallest file that can be asked something:

```yaml
{own}```

```text
{said}
```

A draft is the best paper to audit: whatever is asked of it, you can still answer. Go on with

- [the checks and verdicts](../reference/audit.md),
- [three further trials, audited](../explanation/three-further-trials.md),
- where there are data, [hold the paper against them](../how-to/hold-a-paper-against-data.md).
"""


class Told:
    """The findings of the paper, each told once."""

    def __init__(self, audit: Audit) -> None:
        self.audit = audit
        self.left = dict(zip(keys(audit.findings), audit.findings, strict=True))

    def one(self, check: str, *claims: str) -> str:
        """The first finding of a check about these claims, which is not told again."""
        for key, finding in self.left.items():
            if finding.check == check and finding.claims[: len(claims)] == claims:
                del self.left[key]
                return told(finding, self.audit.published)
        raise KeyError(check, *claims)

    def others(self) -> Iterator[str]:
        """All that is asked and was not told yet."""
        for verdict in VERDICTS[:3]:
            rest = [each for each in self.left.values() if each.verdict == verdict]
            if rest:
                yield f"### {verdict.capitalize()}: {MEANINGS[verdict]}\n"
            for finding in rest:
                title = TITLES[finding.check]
                yield f"**{title[:1].upper()}{title[1:]}: {', '.join(finding.claims)}**\n"
                yield told(finding, self.audit.published) + "\n"


def page() -> str:
    """The whole page."""
    audit = by_arithmetic(read_published(PAPER))
    findings = Told(audit)
    parts = [
        INTRODUCTION.format(
            claims=len(audit.published.claims),
            claim=_typed("R-24"),
            verdicts=_verdicts(audit),
            open=len(audit.not_checked),
        ),
        PERCENTAGE.format(
            fine=findings.one("percentage", "R-32"), asked=findings.one("percentage", "D-23")
        ),
        GRIM.format(
            grim=findings.one("grim", "R-24"),
            holds=findings.one("grim", "R-38"),
            grimmer=findings.one("grimmer", "R-23"),
        ),
        P_VALUE.format(fine=findings.one("p_value", "R-40"), asked=findings.one("p_value", "R-76")),
        SAME_FACT.format(asked=findings.one("same_fact", "R-78")),
        SETS.format(asked=told(together(audit.published), audit.published)),
        REPAIRS,
        HTML,
        OTHERS,
        *findings.others(),
        LIMITS.format(own=OWN_PAPER, said="\n".join(_own())),
    ]
    return "\n".join(parts)


def told(finding: AuditFinding, published: Published) -> str:
    """A finding with its sentences, its arithmetic and what would mend it."""
    quoted: dict[str, list[str]] = {}
    for claim in map(published.claim, finding.claims):
        quoted.setdefault(f"{claim.place}: “{claim.sentence}”", []).append(claim.id)
    said = [f"> {', '.join(names)}, {words}" for words, names in quoted.items()]
    blocks = ["\n>\n".join(said), f"{finding.verdict.capitalize()}. *{finding.question}*"]
    if finding.arithmetic:
        blocks.append("\n".join(["```text", *finding.arithmetic, "```"]))
    if finding.repairs:
        blocks.append("It would be mended by")
        blocks.append("\n".join(f"- {repair}" for repair in finding.repairs))
    return "\n\n".join(blocks)


def together(published: Published) -> AuditFinding:
    """The set of claims as the search tells it, without the search."""
    checker = Checker(Facts(published), limit=600)
    return Telling(checker).finding(the_set(checker.facts.facts))


def the_set(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The facts of the claims of the set, in the order of their names."""
    return tuple(fact for fact in facts if set(fact.ids) & set(TOGETHER))


def _verdicts(audit: Audit) -> str:
    rows = (f"| {each} | {audit.count(each)} | {MEANINGS[each]} |" for each in VERDICTS)
    return "\n".join(rows)


def _typed(name: str) -> str:
    """The claim as it stands in the file."""
    text = PAPER.read_text(encoding="utf-8")
    _, _, rest = text.partition(f"  - id: {name}\n")
    return f"  - id: {name}\n{rest.partition('  - id: ')[0]}"


def _own() -> Iterator[str]:
    """What the audit says of the smallest file."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "published.yaml"
        file.write_text(OWN_PAPER, encoding="utf-8")
        found = list(lines(by_arithmetic(read_published(file))))
    first = next(at for at, line in enumerate(found) if line.startswith(VERDICTS[1].upper()))
    last = next(at for at, line in enumerate(found) if line.startswith(VERDICTS[0]))
    yield from found[first : last - 1]


def main() -> None:
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.relative_to(ROOT))


if __name__ == "__main__":
    main()
