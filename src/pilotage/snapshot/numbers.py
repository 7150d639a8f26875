"""Numbers as SDTM writes them: ASCII digits with a decimal point, nothing else.

Refused is what a reader would have to guess at or would take without a word: `1,5` and `1 190`,
`<0.5`, `NaN` and `inf`, `1_0` and full-width digits (Python takes the last four), and a number too
large or too small for 64 bits. A sign and an exponent (`1e5`, as R writes 100000) are numbers.
"""

from typing import Final

import polars as pl

_NUMBER: Final = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$"
_LARGEST_SEQUENCE: Final = 2**53  # beyond it, a 64-bit float no longer tells whole numbers apart

NOT_A_NUMBER: Final = "which is not a number; write digits with a decimal point, such as 1.5"
NOT_A_SEQUENCE: Final = "which is not a whole number from 1 upwards"
NEGATIVE: Final = "but it cannot be below 0"


def number(text: pl.Expr) -> pl.Expr:
    """The number of each text that is one; -0 is 0. Look through `wrong_numbers` first: what it
    does not name may be read."""
    return text.cast(pl.Float64, strict=False) + 0.0


def sequence(text: pl.Expr) -> pl.Expr:
    """The same for --SEQ: whole numbers."""
    return number(text).cast(pl.Int64, strict=False)


def wrong_numbers(texts: pl.Series, *, whole: bool = False) -> dict[str, str]:
    """Those of some texts, none of them missing, that are no numbers, each with what is wrong.

    `whole`: the numbers of a --SEQ, which count from 1.
    """
    good = texts.to_frame("text").select(_is_sequence if whole else _is_number).to_series()
    wrong = texts.filter(~good.fill_null(False))
    return dict.fromkeys(wrong, NOT_A_SEQUENCE if whole else NOT_A_NUMBER)


_text: Final = pl.col("text")
_value: Final = number(_text)
_vanished: Final = (_value == 0) & _text.str.contains("^[^eE]*[1-9]")
_is_number: Final = _text.str.contains(_NUMBER) & _value.is_finite() & ~_vanished
_is_sequence: Final = (
    _is_number & (_value == _value.floor()) & _value.is_between(1, _LARGEST_SEQUENCE)
)
