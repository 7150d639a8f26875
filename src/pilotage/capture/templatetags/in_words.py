"""Names of the record and of the rules (roles, states, verdicts, kinds), as a reader says them."""

from typing import Final

from django import template
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from pilotage.capture.entry_forms.unit_words import unit_words

register = template.Library()

ROLES: Final = (
    _("investigator"),
    _("nurse"),
    _("pharmacist"),
    _("data manager"),
    _("monitor"),
    _("statistician"),
    _("auditor"),
    _("administrator"),
    _("account"),
    _("system"),
)
"""All of these are noted for the translators; a name that is not here is shown as it is."""
STATES: Final = (
    _("started"),
    _("complete"),
    _("verified"),
    _("signed"),
    _("verified and signed"),
    _("locked"),
    _("screening"),
    _("eligible"),
    _("not eligible"),
    _("not known"),
    _("screen failure"),
    _("enrolled"),
    _("completed"),
    _("withdrawn"),
    _("open"),
    _("answered"),
    _("closed"),
    _("entered"),
    _("treated"),
    _("yes"),
    _("no"),
    _("unknown"),
)
"""Of entries, subjects and queries, and in the screening log."""
MEANINGS: Final = (
    _("authorship"),
    _("review"),
    _("approval"),
    _("eligibility"),
)
"""Of signatures."""
CONTACTS: Final = (
    _("upcoming"),
    _("due"),
    _("overdue"),
    _("missed"),
    _("done"),
    _("done early"),
    _("done late"),
    _("unscheduled"),
)
"""How planned contacts stand."""
VERDICTS: Final = (
    _("conforms"),
    _("deviates"),
    _("CANNOT ADVISE"),
    _("passed"),
    _("failed"),
)
DEPARTURES: Final = (
    _("schedule"),
    _("treatment"),
    _("rule"),
    _("visit missed"),
    _("visit out of window"),
    _("assessment missed"),
    _("assessment out of window"),
    _("dose not as planned"),
    _("supply not as planned"),
    _("treatment not stopped"),
    _("breach"),
    _("entered not eligible"),
    _("before consent"),
)
"""Kinds of deviations, in small letters."""
KINDS: Final = (
    _("state"),
    _("consent"),
    _("visit"),
    _("adverse event"),
    _("response"),
    _("relapse"),
    _("stopping"),
    _("dose"),
    _("dispensing"),
    _("activity"),
    _("deviation"),
    _("contact"),
    _("disposition"),
)
"""Kinds of lines in the life of a subject."""
ACTS: Final = (
    _("account closed"),
    _("account opened"),
    _("account opened again"),
    _("checkpoint left"),
    _("contact changed"),
    _("contact opened"),
    _("data cut"),
    _("data cut locked"),
    _("eligibility signed"),
    _("entry locked"),
    _("entry saved"),
    _("entry unlocked"),
    _("entry verified"),
    _("marked as a demonstration"),
    _("marked as a rehearsal"),
    _("password refused"),
    _("password set"),
    _("identity confirmed"),
    _("picture stored"),
    _("query answered"),
    _("query closed"),
    _("query opened"),
    _("query opened again"),
    _("participation completed"),
    _("screen failure recorded"),
    _("record opened"),
    _("rehearsal played"),
    _("role ended"),
    _("read by a program"),
    _("role confirmed"),
    _("role granted"),
    _("rows imported"),
    _("second factor set"),
    _("second factor taken away"),
    _("sign-in refused"),
    _("signed in"),
    _("signed out"),
    _("site added"),
    _("study locked"),
    _("study unlocked"),
    _("unlock asked"),
    _("subject enrolled"),
    _("subject locked"),
    _("subject screened"),
    _("subject unlocked"),
    _("subject withdrawn"),
    _("token closed"),
    _("token made"),
    _("treatment released"),
)
"""Acts of the trail, which keeps the name itself."""


@register.filter
def in_words(name: str | None) -> str:
    """`data_manager` as "data manager", in the language of the page; nothing for nothing."""
    return gettext(name.replace("_", " ")) if name else ""


@register.filter
def as_unit(code: str | None) -> str:
    """A unit as people write it: `10*9/L` as 10⁹/L."""
    return unit_words(code) if code else ""
