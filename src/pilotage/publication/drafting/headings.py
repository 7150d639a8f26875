"""Which section of `published.yaml` a heading of a paper begins."""

import re
from collections.abc import Sequence
from typing import Literal

from pilotage.publication.claims import Section

Part = Section | Literal["references", "back matter"]

_NAMES: tuple[tuple[Part, str], ...] = (
    ("abstract", r"(?:structured )?abstract|summary|synopsis"),
    ("introduction", r"introduction|background(?: and (?:aims?|objectives?|purpose))?"),
    (
        "methods",
        r"(?:(?:materials?|patients?|subjects?|participants?|study population|study design|design)"
        r"(?:,? (?:and|&) |, ))*methods?(?: and (?:materials?|patients|subjects|statistics))?"
        r"|(?:materials?|patients|subjects) and methods?|methodology|experimental",
    ),
    ("results", r"(?:main |our )?results|findings|results and discussion"),
    ("discussion", r"discussion|comments?|discussion and conclusions?|interpretation"),
    ("conclusion", r"(?:summary and |general )?conclusions?|concluding remarks"),
    ("legends", r"(?:(?:figures?|tables?) )?(?:and table )?(?:legends?|captions?)"),
    ("tables", r"tables?"),
    (
        "supplement",
        r"(?:supplement(?:ary|al)? ?(?:material|data|information|appendix)?s?|appendix)",
    ),
    ("references", r"references?(?: list)?|bibliography|literature(?: cited)?|cited literature"),
    (
        "back matter",
        r"(?:list of )?abbreviations?(?: used)?|acknowledge?ments?|funding(?: sources?"
        r"| information)?"
        r"|(?:conflicts? of|competing|declaration of|financial|duality of)"
        r"(?: competing)? interests?"
        r"|(?:financial )?disclosures?|authors?['’]? (?:contributions?|information|details"
        r"|affiliations)"
        r"|contributors?|ethics(?: approval| statement)?(?: and consent to participate)?"
        r"|data (?:availability|sharing)(?: statement)?|availability of data(?: and materials)?"
        r"|consent for publication|pre-?publication history|footnotes|key ?words|notes"
        r"|affiliations|correspondence|role of the funding source|orcid",
    ),
)
_HEADING = tuple((part, re.compile(names, re.IGNORECASE)) for part, names in _NAMES)
_NUMBERING = re.compile(r"^(?:#+\s*|\d+(?:\.\d+)*\.?\s+|[IVX]+\.\s+)")


def part_of(heading: str) -> Part | None:
    """The section or other part that begins under a heading; None for one of no section, which
    stands within the part before it."""
    words = re.sub(r"\s?[:.]$", "", _NUMBERING.sub("", heading.strip()))
    for part, names in _HEADING:
        if len(words) <= 60 and names.fullmatch(words):
            return part
    return None


def parts(headings: Sequence[Part | None]) -> tuple[Part | None, ...]:
    """The part under each heading of a paper. Headings of an abstract in parts belong to it: it
    goes on until one of them comes again, or an introduction after results."""
    found: list[Part | None] = []
    current: Part | None = None
    seen: set[Part] | None = None
    for at, part in enumerate(headings):
        if part == "abstract" and current != "abstract":
            seen, current = set(), part
        elif part is not None and seen is not None:
            if _abstract_goes_on(part, seen, headings[at + 1 :]):
                seen.add(part)
            else:
                seen, current = None, part
        elif part is not None:
            current = part
        found.append(current)
    return tuple(found)


_OF_AN_ABSTRACT = ("introduction", "methods", "results", "conclusion", "discussion")


def _abstract_goes_on(part: Part, seen: set[Part], later: Sequence[Part | None]) -> bool:
    if part not in _OF_AN_ABSTRACT or part in seen:
        return False
    if part == "introduction" and seen & {"methods", "results"}:
        return False
    return part in later or (bool(seen) and bool(seen & set(later)))
