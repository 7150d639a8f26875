"""A paragraph cut into its sentences."""

import re

LONGEST = 2_000
"""A sentence of more letters is cut at a space: no sentence of a paper is longer."""

_END = re.compile(r"""[.!?][)\]"'’”\ue001]*\s+(?=["'“‘(\[]?[^\W_a-z])""")
_ABBREVIATED = re.compile(
    r"(?:\b(?:vs|cf|al|ca|approx|resp|incl|no|nos|fig|figs|figure|tab|ref|refs|eq|eqs|vol|pp|dr|mr"
    r"|mrs|ms|prof|inc|ltd|co|corp|dept|univ|st|sect|suppl|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct"
    r"|nov|dec|i\.e|e\.g|u\.s|u\.k|p\.o|b\.i\.d|t\.i\.d|q\.d|max|min)|(?<![^\s(\[])(?-i:[A-Z])"
    r"|(?<!\w)(?-i:(?:[A-Z]\.)+[A-Z]))$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\b(?:no|nos|fig|figs|ref|refs|eq|eqs|vol|pp|sect|tab)$", re.IGNORECASE)


def sentences(paragraph: str) -> tuple[str, ...]:
    """The sentences of a paragraph, in their order; together they are the paragraph.

    A full stop ends a sentence where a space and a capital letter or a digit follow, and where it
    is not that of an abbreviation or of an initial.
    """
    found, start = [], 0
    for end in _END.finditer(paragraph):
        before = paragraph[start : end.start()]
        if paragraph[end.start()] == "." and _goes_on(before, paragraph[end.end() :]):
            continue
        found.append(paragraph[start : end.end()].strip())
        start = end.end()
    found.append(paragraph[start:].strip())
    return tuple(piece for sentence in found if sentence for piece in _pieces(sentence))


def _goes_on(before: str, after: str) -> bool:
    tail = before[-12:]
    if after[:1].isdigit():
        return bool(_NUMBERED.search(tail) or re.search(r"\b(?:al|vs|approx|ca)$", tail))
    if re.search(
        r"\b(?:no|max|min|co|mar|dec|jan|sept?|oct|nov)$", tail, re.IGNORECASE
    ):  # a word of its own
        return False
    return bool(_ABBREVIATED.search(tail))


def _pieces(sentence: str) -> tuple[str, ...]:
    pieces = []
    while len(sentence) > LONGEST:
        cut = sentence.rfind(" ", 1, LONGEST)
        cut = LONGEST if cut < 0 else cut
        pieces.append(sentence[:cut])
        sentence = sentence[cut:].strip()
    return (*pieces, sentence) if sentence else tuple(pieces)
