"""What the published scales call their items, in the language of the page.

The words stand in the catalogue beside the scales (`instruments/locale`), kept whole by
`tools/translations.py`. Codes, allowed values and totals are the same in every language.
"""

from django.utils import translation


def in_language(words: str, language: str | None) -> str:
    """The words of a scale in a language; as the scale has them where none is asked for, and where
    the catalogue does not know them."""
    if not words or language is None:
        return words
    with translation.override(language):
        return translation.gettext(words)
