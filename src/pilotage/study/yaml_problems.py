"""What the YAML parser stumbled on, as one plain sentence with the line to look at."""

from collections.abc import Callable
from typing import Any

LineOf = Callable[[Any], int]

_INDENTATION = "the indentation does not fit the lines above; line the keys up with spaces"
_COLON = "a ':' is not expected here; put text that holds ': ' in quotes, or check the indentation"
_WORDS = {
    "mapping values are not allowed": _COLON,
    "found unexpected ':'": _COLON,
    "could not find expected ':'": "a ':' is missing after this key, or a quote is not closed",
    "sequence entries are not allowed": "a '- ' is not expected here; check the indentation",
    "mapping keys are not allowed": "a '? ' is not expected here",
    "expected <block end>": _INDENTATION,
    "expected ',' or ']'": "a list that opens with '[' here is not closed, or a comma is missing",
    "expected ',' or '}'": "a group that opens with '{' here is not closed, or a comma is missing",
    "unexpected end of stream": "a quotation mark opens here and is never closed",
    "unexpected document separator": "a quotation mark opens here and is never closed",
    "unknown escape character": "a backslash in \"…\" has a meaning; use '…' to keep it as it is",
    "escape sequence of": "a backslash in \"…\" has a meaning; use '…' to keep it as it is",
    "document start": "the text goes on after its end; check the indentation",
    "after document end": "the text goes on after its end ('...')",
    "undefined tag handle": "tags ('!…') are not read; put text that starts with '!' in quotes",
    "directive": "lines that start with '%' are not read; remove them",
    "incompatible YAML document": "lines that start with '%' are not read; remove them",
    "indentation indicator": "after '|' or '>' only a line break may follow",
    "indentation indicators": "after '|' or '>' only a line break may follow",
    "a comment or a line break": "after '|' or '>' only a line break may follow",
    "expected URI": "tags ('!…') are not read; put text that starts with '!' in quotes",
}
_OPENED = ("expected ',' or", "unexpected end of stream", "unexpected document separator")
_ELSEWHERE = "this cannot be read as YAML; check quotes, brackets and the indentation"


def in_plain_words(
    problem: Exception, text: str, line_of: LineOf, last_line: int
) -> tuple[int, str]:
    """The line and the sentence for what the parser raised."""
    said = str(getattr(problem, "problem", None) or "")
    context = str(getattr(problem, "context", None) or "")
    mark = getattr(problem, "problem_mark", None)
    opened = getattr(problem, "context_mark", None)
    if opened is not None and (mark is None or any(words in said for words in _OPENED)):
        mark = opened
    if mark is None:
        return last_line, _ELSEWHERE
    line = min(line_of(mark), text.count("\n") + 1)
    return line, _sentence(said, context, _character_at(text, mark.index))


def _character_at(text: str, index: int) -> str:
    return text[index] if 0 <= index < len(text) else ""


def _sentence(said: str, context: str, character: str) -> str:
    if "cannot start any token" in said:
        if character == "\t":
            return "a tab stands here; YAML is indented with spaces"
        return f"text that starts with '{character}' must stand in quotes"
    for part in (said, context):
        for words, sentence in _WORDS.items():
            if words in part:
                return sentence
    if "alias" in context or "anchor" in context:
        return "text that starts with '*' or '&' must stand in quotes"
    if "tag" in context:
        return _WORDS["expected URI"]
    return _ELSEWHERE
