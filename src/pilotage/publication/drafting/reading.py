"""Reads a paper from a file: what it is, is told by what it holds and not by its name."""

import codecs
import re
from pathlib import Path

from pilotage.findings import InputErrors, error
from pilotage.publication.claims import Section
from pilotage.publication.drafting.document import Document
from pilotage.publication.drafting.html_page import read_html
from pilotage.publication.drafting.jats import read_jats
from pilotage.publication.drafting.plain import read_plain

LARGEST = 20_000_000
"""Bytes; the longest papers in XML have less than a tenth of it."""

_PACKED = (
    (b"%PDF", "is a PDF; save its text first, as 'pdftotext paper.pdf paper.txt' does, or take the "
     "XML or HTML of the journal"),
    (b"PK\x03\x04", "is a packed file, as of Word or LibreOffice; save it as plain text (UTF-8) or "
     "HTML"),
    (b"\xd0\xcf\x11\xe0", "is an old Word file; save it as plain text (UTF-8) or HTML"),
    (b"{\\rtf", "is rich text; save it as plain text (UTF-8) or HTML"),
    (b"\x1f\x8b", "is packed with gzip; unpack it first"),
    (b"\x89PNG", "is a picture; a paper is needed as text, JATS XML or HTML"),
    (b"\xff\xd8\xff", "is a picture; a paper is needed as text, JATS XML or HTML"),
)  # fmt: skip
_ROOT = re.compile(r"<(?![!?])\s*([A-Za-z][\w.:-]*)")
_TAGS = re.compile(r"<(?:p|div|body|h[1-6]|table|span|section|article|main|br|ul)\b[^>]*>", re.I)
_OWN_MARKS = str.maketrans({"\ue000": " ", "\ue001": " "})


def read_paper(path: Path, section: Section | None = None) -> Document:
    """The sentences of a paper in plain text, JATS XML or HTML. `section`: where text stands that
    is under no heading. Raises InputErrors, one line, for a file that cannot be read so."""
    content = _content(path)
    for begin, words in _PACKED:
        if content.lstrip()[: len(begin)] == begin:
            raise InputErrors([error(path.name, words)])
    kind, text = _kind(content, path.name)
    if kind == "jats":
        found = read_jats(content, path.name, section)
    elif kind == "html":
        found = read_html(text, section)
    else:
        found = read_plain(text, section)
    if not found.sentences:
        raise InputErrors([error(path.name, "holds no text of a paper")])
    return found


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            words = (
                f"is larger than {LARGEST // 1_000_000} MB; is it a paper? Cut out what is needed"
            )
            raise InputErrors([error(path.name, words)])
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputErrors([error(str(path), "there is no such file")]) from None
    except OSError as problem:
        words = f"the file cannot be read: {problem.strerror or problem}"
        raise InputErrors([error(str(path), words)]) from None
    if not content.strip():
        raise InputErrors(
            [error(path.name, "is empty; a paper is needed as text, JATS XML or HTML")]
        )
    return content


def _kind(content: bytes, file: str) -> tuple[str, str]:
    """What the file is, and its text."""
    begin = content[:4096].decode("latin-1").lstrip("\ufeffï»¿ \t\r\n")
    root = _ROOT.search(begin) if begin.startswith("<") else None
    name = root[1].rpartition(":")[2].casefold() if root else ""
    if begin.casefold().startswith("<?xml") and name != "html":
        return "jats", ""
    if name == "article" and re.search(r"<(?:front|body|article-meta)\b", begin):
        return "jats", ""
    if begin.casefold().startswith("<!doctype article") or name == "pmc-articleset":
        return "jats", ""
    text = _text(content, file)
    head = begin[:200].casefold()
    html = (
        name == "html" or head.startswith("<!doctype html") or (bool(name) and _TAGS.match(begin))
    )
    return ("html" if html else "plain"), text


def _text(content: bytes, file: str) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputErrors([error(file, "is in UTF-16; save it as UTF-8")])
    if b"\0" in content:
        raise InputErrors([error(file, "is no text; a paper is needed as text, JATS XML or HTML")])
    try:
        return content.removeprefix(codecs.BOM_UTF8).decode("utf-8").translate(_OWN_MARKS)
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        words = f"byte {content[problem.start]:#04x} is no UTF-8; save the file as UTF-8"
        raise InputErrors([error(f"{file}:{line}", words)]) from None
