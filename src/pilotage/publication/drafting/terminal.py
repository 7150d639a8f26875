"""What `pilotage claims` says when the draft is made."""

from collections.abc import Iterator
from pathlib import Path

from pilotage.plural import counted
from pilotage.publication.drafting.draft import Draft
from pilotage.publication.drafting.naming import OPEN
from pilotage.publication.drafting.write import to_complete


def lines(draft: Draft, text: str, out: Path) -> Iterator[str]:
    """How much was found, of what kinds, and what a person does next."""
    read = [each for each in draft.document.sentences if each.part in draft.sections]
    numbers = len({(id(c.sentence), n.start) for c in draft.claims for n in c.found.numbers})
    yield draft.document.title or draft.file
    yield f"{_many(len(read), 'sentence')} in {', '.join(draft.sections)}"
    yield f"{_many(len(draft.claims), 'claim')} with {_many(numbers, 'number')}: {_kinds(draft)}"
    yield f"{_many(len(draft.unread), 'number')} that no pattern knows: at the end of the file"
    if not draft.document.headings:
        yield (
            "No headings were found: every claim stands under the abstract. Put headings such as "
            "Methods and Results on lines of their own, or name the section with --section."
        )
    groups, variables, others = to_complete(text)
    yield (
        f"To complete, marked {OPEN}: {_many(groups, 'group')}, {_many(variables, 'variable')} "
        f"and {_many(others, 'other place')}"
    )
    yield f"Then: pilotage audit {out}"
    yield str(out)


def _kinds(draft: Draft) -> str:
    return ", ".join(f"{number} {kind}" for kind, number in draft.kinds.most_common())


def _many(number: int, what: str) -> str:
    return counted(number, what, grouped=True)
