"""Names of the record, such as roles, as a reader says them."""

from django import template
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

register = template.Library()

NAMES = (
    _("investigator"),
    _("nurse"),
    _("pharmacist"),
    _("data manager"),
    _("monitor"),
    _("statistician"),
    _("auditor"),
    _("administrator"),
)
"""Noted for the translators."""


@register.filter
def in_words(name: str) -> str:
    """`data_manager` as "data manager", in the language of the page."""
    return gettext(name.replace("_", " ")) if name else ""
