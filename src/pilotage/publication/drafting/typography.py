"""The letters of a paper: laid out anew without a change of wording, and a view in which signs that
look different and mean the same are the same."""

import re

_SPACES = re.compile(r"[\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"})
_THIN = "\u2009\u202f\u00a0"
_THOUSANDS = re.compile(rf"(?<=\d)[{_THIN}](?=\d{{3}}(?!\d))")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_SAME = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d", "-"),
        **dict.fromkeys("\u2018\u2019\u201b", "'"),
        **dict.fromkeys("\u201c\u201d", '"'),
        **dict.fromkeys("⩽≦", "≤"),
        **dict.fromkeys("⩾≧", "≥"),
        **dict.fromkeys("∼˜", "~"),
        "\u202f": ",",
        "\u03bc": "µ",
        "×": "x",
    }
)
_POWER = re.compile(r"(?<=[×x]10)[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+|(?<=[×x] 10)[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_DECIMAL_DOT = re.compile(r"(?<=\d)[·∙⋅•](?=\d)|(?<!\w)[·∙⋅](?=\d)")
_DECIMAL_COMMA = re.compile(r"(?<![\w.,])0,(?=\d+(?![\d.,]*\d))")


def clean(text: str) -> str:
    """The text with single spaces, without what is not seen, and with plain letters for ligatures.
    A thin space that marks thousands stays, as U+202F."""
    plain = _CONTROL.sub(" ", text.translate(_UNSEEN)).translate(_LIGATURES)
    marked = _THOUSANDS.sub("\ue000", plain)
    return _SPACES.sub(" ", marked).replace("\ue000", "\u202f").strip()


def view(text: str) -> str:
    """The text with one sign for each meaning, letter by letter: a dash is a hyphen, a raised
    point a decimal point, a space within a number a comma. As long as the text."""
    plain = _POWER.sub(lambda match: match[0].translate(_RAISED), text)
    plain = _DECIMAL_DOT.sub(".", plain).translate(_SAME)
    return _DECIMAL_COMMA.sub("0.", plain)
