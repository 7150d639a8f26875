"""Reads plain text: headings on lines of their own, wrapped lines, broken words, page breaks."""

import re
from collections import Counter
from collections.abc import Iterator

from pilotage.publication.claims import Section
from pilotage.publication.drafting.document import Block, Blocks, Document, Table
from pilotage.publication.drafting.grid import Spanning, grid
from pilotage.publication.drafting.headings import Part, part_of, parts
from pilotage.publication.drafting.numerals import NUMBER_OF_A_DISPLAY
from pilotage.publication.drafting.typography import clean

_WRAPPED_AT = 160
_LEGEND = re.compile(
    r"((?:Supplementary )?(?:Figure|Fig\.?|Table) [A-Z]?\d+[A-Za-z]?)\s*[.:|]\s", re.I
)
_PAGE_NUMBER = re.compile(r"-? ?\d{1,5} ?-?")
_NAMED_PAGE = re.compile(r"page \d{1,5}(?: (?:of|/) \d{1,5})?", re.IGNORECASE)
_BROKEN = re.compile(r"(\w+)[-\u2010\u00ad]\n(?=([^\W\d_]+))")
_NUMBER_BROKEN = re.compile(r"(?<=\d)([-–])\n(?=\d)")
PAGE_NUMBER = "page numbers"
REPEATED = "lines that come again on each page"


def read_plain(text: str, section: Section | None) -> Document:
    """The paper of a text file. What stands under no heading is of `section`; if none is given,
    what stands before the first heading is the title, and a text without headings is an
    abstract."""
    blocks = Blocks()
    paragraphs = _paragraphs(text, blocks)
    names = [part_of(words) if _one_line(words) else None for words in paragraphs]
    headed = any(names)
    under = parts(names)
    first: Part = section or ("title" if headed else "abstract")
    for words, name, part in zip(paragraphs, names, under, strict=True):
        if name is not None:
            blocks.dropped.append(("headings", words))
            continue
        here = part or first
        if not blocks.title and here in ("title", first) and part is None and _titled(words):
            blocks.title = words
            here = "title"
        _add(blocks, words, here)
    return blocks.document(headings=headed or section is not None)


def _titled(words: str) -> bool:
    return len(words) < 300 and not words.rstrip().endswith((".", "!", ":"))


def _one_line(words: str) -> bool:
    return "\n" not in words.strip()


def _add(blocks: Blocks, words: str, part: Part) -> None:
    lines = words.split("\n")
    if len(lines) > 1 and all("\t" in line for line in lines):
        made = grid(
            [[Spanning(clean(cell)) for cell in line.split("\t")] for line in lines], heads=1
        )
        blocks.found.append(Table(part, "", made.heads, made.rows))
        return
    legend = _LEGEND.match(words)
    if legend and part not in ("references", "back matter"):
        blocks.dropped.append((NUMBER_OF_A_DISPLAY, clean(legend[1])))
        blocks.found.append(Block("legends", words[legend.end() :], clean(legend[1])))
    else:
        blocks.found.append(Block(part, words))


def _paragraphs(text: str, blocks: Blocks) -> list[str]:
    """The paragraphs, their lines joined; a heading is a paragraph of its own."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = list(_without_furniture(lines, blocks))
    long = sum(len(line) > _WRAPPED_AT for line in lines)
    if long * 4 > sum(bool(line.strip()) for line in lines):
        return [line.strip() for line in lines if line.strip()]
    found: list[list[str]] = [[]]
    for line in lines:
        alone = part_of(line) is not None and len(line.split()) <= 8
        if (not line.strip() or alone) and found[-1]:
            found.append([])
        if line.strip():
            found[-1].append(line.strip(" "))
        if alone:
            found.append([])
    known = text.casefold()
    return [_joined("\n".join(lines), known) for lines in found if lines]


def _without_furniture(lines: list[str], blocks: Blocks) -> Iterator[str]:
    """Lines without page numbers and without what is repeated at page breaks; a sentence that a
    page break cuts goes on. Only lines next to a page break are taken for such."""
    near = _near_page_breaks(lines)
    words = [line.replace("\f", "").strip() for line in lines]
    repeated = {one for one, times in Counter(words[at] for at in near).items() if times > 2}
    last, gap, broken = "", [], False
    for at, line in enumerate(words):
        broken = broken or "\f" in lines[at]
        if _NAMED_PAGE.fullmatch(line) or (at in near and _PAGE_NUMBER.fullmatch(line)):
            blocks.dropped.append((PAGE_NUMBER, line))
            broken = True
        elif at in near and line in repeated and part_of(line) is None:
            blocks.dropped.append((REPEATED, line))
            broken = True
        elif not line:
            gap.append("")
        else:
            if not (broken and _goes_on(last, line)):
                yield from gap
            yield lines[at].replace("\f", "")
            last, gap, broken = line, [], False


def _near_page_breaks(lines: list[str]) -> set[int]:
    """The two lines with words before each page break and the two after it."""
    near: set[int] = set()
    for at, line in enumerate(lines):
        if "\f" in line:
            before = [i for i in range(at - 1, max(at - 8, -1), -1) if lines[i].strip()]
            after = [i for i in range(at, min(at + 8, len(lines))) if lines[i].strip()]
            near |= {*before[:2], *after[:2]}
    return near


def _goes_on(last: str, line: str) -> bool:
    return last[-1:] not in (".", "!", "?", ":") and (line[0].islower() or line[0].isdigit())


def _joined(paragraph: str, known: str) -> str:
    """One line of a wrapped paragraph. A word that is broken at a hyphen is mended, unless the text
    has it with its hyphen elsewhere."""
    if all("\t" in line for line in paragraph.split("\n")):
        return paragraph

    def mended(match: re.Match[str]) -> str:
        whole, rest = match[1], match[2]
        kept = f"{whole}-{rest}".casefold() in known or whole[-1].isdigit() or rest[0].isupper()
        return f"{whole}-" if kept else whole

    whole = _NUMBER_BROKEN.sub(r"\1", _BROKEN.sub(mended, paragraph))
    return whole.replace("\n", " ")
