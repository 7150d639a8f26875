"""What filled forms say of doses."""

from collections.abc import Iterable

from pilotage.datasets.facts import read_target
from pilotage.forms.filled import FilledForm
from pilotage.study import Study


def first_dose(study: Study, forms: Iterable[FilledForm]) -> str:
    """The day (ISO 8601) on which the first dose of the forms begins; empty where none has one."""
    days = (
        form.answers[code].value
        for form in forms
        for code, item in study.protocol.forms[form.form].items.items()
        if code in form.answers and read_target(item.target).variable == "EXSTDTC"
    )
    return min(filter(None, days), default="")
