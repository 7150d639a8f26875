"""The text of a condition cut into tokens, each with its column, and the slips seen in doing so."""

import math
import re
import typing
from dataclasses import dataclass
from decimal import Decimal

from pilotage.conditions.nodes import FOREIGN_WORDS, WORDS, number_text

MOST_CHARACTERS = 5_000
"""Longest condition, white space not counted (so that the canonical text is never too long)."""

NO_CALCULATION = "conditions do not calculate: a calculated value needs a name of its own"

Kind = typing.Literal["name", "number", "text", "word", "symbol", "end"]


class ConditionSyntaxError(ValueError):
    """The text is not a condition. `column` counts characters from 1."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message, column)
        self.message = message
        self.column = column

    def __str__(self) -> str:
        return f"{self.message} (column {self.column})"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text. The text of a text token stands without its quotes."""

    kind: Kind
    text: str
    column: int

    def __str__(self) -> str:
        match self.kind:
            case "end":
                return "the end"
            case "text":
                return f"the text {self.as_written()}"
            case "number":
                return f"the number {self.text}"
        return f"'{self.text}'"

    def as_written(self) -> str:
        """The token as a condition writes it, with quotes around a text."""
        if self.kind != "text":
            return self.text
        quote = '"' if "'" in self.text else "'"
        return f"{quote}{self.text}{quote}"

    def is_symbol(self, text: str) -> bool:
        return self.kind == "symbol" and self.text == text

    def is_word(self, text: str) -> bool:
        return self.kind == "word" and self.text == text


_TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
    | (?P<number>-?[0-9]+(?:\.[0-9]+)?)
    | (?P<text>'[^'\x00-\x1f\x7f-\x9f\ud800-\udfff]*' | "[^"\x00-\x1f\x7f-\x9f\ud800-\udfff]*")
    | (?P<symbol><=|>=|==|!=|[<>(),])
    """,
    re.VERBOSE,
)

# What people write who know another language, longest first; tried before the tokens.
_FOREIGN = {
    "===": "==", "!==": "!=", "<>": "!=", "=>": ">=", "=<": "<=", "=": "==",
    "&&": "and", "&": "and", "||": "or", "|": "or", "!": "not", "~": "not", "¬": "not",
    "∧": "and", "∨": "or", "≥": ">=", "≤": "<=", "≠": "!=", "∈": "in",
}  # fmt: skip
_FOREIGN_TOKEN = re.compile(r"===|!==|<>|=>|=<|=(?!=)|&&?|\|\|?|!(?!=)|[~¬∧∨≥≤≠∈]")


def tokens(text: str) -> list[Token]:
    """Every token of the text, and one of kind `end`. Raises ConditionSyntaxError."""
    if len("".join(text.split())) > MOST_CHARACTERS:
        raise ConditionSyntaxError(
            f"the condition is longer than {MOST_CHARACTERS:,} characters; split it", 1
        )
    found = []
    place = 0
    while place < len(text):
        token, place = _token(text, place)
        if token is not None:
            found.append(token)
    found.append(Token("end", "", len(text) + 1))
    return found


def _token(text: str, place: int) -> tuple[Token | None, int]:
    """The token at a place (None for white space) and the place after it."""
    column = place + 1
    foreign = _FOREIGN_TOKEN.match(text, place)
    if foreign:
        wrong = foreign.group()
        raise ConditionSyntaxError(f"'{wrong}' is not used here; write '{_FOREIGN[wrong]}'", column)
    match = _TOKEN.match(text, place)
    if match is None:
        raise ConditionSyntaxError(_why_no_token(text, place), column)
    piece, after = match.group(), match.end()
    match match.lastgroup:
        case "space":
            return None, after
        case "name":
            return _word_or_name(text, piece, column, after), after
        case "number":
            _refuse_odd_number(text, piece, column, after)
            return Token("number", piece, column), after
        case "text":
            return Token("text", piece[1:-1], column), after
    return Token("symbol", piece, column), after


def _word_or_name(text: str, piece: str, column: int, after: int) -> Token:
    small = piece.lower()
    message = ""
    if piece in WORDS:
        return Token("word", piece, column)
    if small in WORDS:
        message = f"write '{small}' in small letters, not '{piece}'"
    elif small in ("true", "false"):
        message = f"'{piece}' is not used here; compare with a choice, as in NAME == 'yes'"
    elif small in FOREIGN_WORDS:
        message = f"'{piece}' is not used here; write 'NAME is missing' or 'NAME is not missing'"
    elif text[after : after + 1] == ".":
        message = f"the name '{piece}.' is not finished; a dot stands between two parts of a name"
    if message:
        raise ConditionSyntaxError(message, column)
    return Token("name", piece, column)


def _refuse_odd_number(text: str, piece: str, column: int, after: int) -> None:
    following = text[after : after + 1]
    digits = piece.lstrip("-")
    message = ""
    if following == ".":
        message = f"after the number {piece} stands a point and no digit"
        if "." in piece:
            message = f"the number {piece}. has two points"
    elif following.isalpha() or following == "_":
        message = (
            f"'{following}' follows the number {piece} directly; a number stands without unit and "
            "without exponent, a text stands in quotes"
        )
    elif len(digits) > 1 and digits[0] == "0" and digits[1] != ".":
        message = (
            f"the number {piece} begins with 0; numbers have no leading zeros and no thousands "
            "separators"
        )
    elif math.isinf(float(piece)):
        message = "the number is too large"
    elif Decimal(number_text(float(piece))) != Decimal(piece):
        # a threshold that differs from the one that is written would be a silent mistake
        message = "the number has more digits than can be kept; write at most 15"
    if message:
        raise ConditionSyntaxError(message, column)


def _why_no_token(text: str, place: int) -> str:
    character = text[place]
    if character in "'\"":
        if character in text[place + 1 :]:
            return "the text that begins here holds a line break or another control character"
        return (
            f"the quote {character} that opens here is not closed; "
            "a text that holds one kind of quote stands in the other kind"
        )
    if character in "‘’‚“”„«»`´":
        return f"write straight quotes (' or \") instead of {character}"
    if character in "+-*/^−×÷":
        return f"'{character}' is not used here; {NO_CALCULATION}"
    if character == ".":
        return "a dot stands between two parts of a name or between two digits (0.5)"
    if character == "%":
        return "'%' is not used here; write percentages as plain numbers"
    if character in "[{":
        return f"'{character}' is not used here; write lists in round brackets: NAME in ('a', 'b')"
    return f"the character {character!r} is not used in conditions; texts stand in quotes"
