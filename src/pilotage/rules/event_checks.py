"""Adverse events beside what other forms say of that time: the edit checks on the form of adverse
events that name items of other forms."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import polars as pl

from pilotage.conditions import Value, holds, names_in
from pilotage.datasets.facts import read_target
from pilotage.rules.inputs import maximum_age
from pilotage.rules.query_row import Asked
from pilotage.rules.record import Record
from pilotage.rules.states import states
from pilotage.snapshot.dates import with_interval
from pilotage.study.protocol import EditCheck, Item, Protocol, text_of

ANSWERS: Mapping[object, str] = {"Y": "yes", "N": "no"}


def events_checked(record: Record, *, at: date) -> Iterator[Asked]:
    """What to ask of the events begun up to a day: each check that holds on no day of its event.

    The days of an event are those from its onset for as long as the answers of the other forms may
    be used; without a maximum age, up to the day of the question. CERTAIN is N where the onset is
    not complete. The checks are those of the version of the protocol in force on the onset. Nothing
    is asked where the answers leave open whether the check holds.
    """
    if "ae" not in record.datasets.collected:
        return
    dated = with_interval(record.datasets.adae, "AESTDTC").sort("USUBJID", "AESEQ")
    for row in dated.to_dicts():
        begins = row["AESTDTC_FIRST"] or at
        if begins > at:
            continue
        ruling = record.under_version_on(begins) or record
        certain = "Y" if row["AESTDTC_FIRST"] == row["AESTDTC_LAST"] is not None else "N"
        for check, own in _checks(ruling.protocol):
            if _never_holds(ruling, check, _answers(own, row), row["USUBJID"], begins, at):
                asked = f"{row['AETERM']}: {text_of(check.message)}"
                yield row["USUBJID"], None, "AE", row["AESEQ"], asked, certain


def _checks(protocol: Protocol) -> Iterator[tuple[EditCheck, Mapping[str, Item]]]:
    """The checks on the form of adverse events that name items of other forms, each with the items
    of that form by their whole names."""
    events = protocol.adverse_events
    code = (events.learnt or events.reported or "").partition(".")[0]
    form = protocol.forms.get(code)
    if form is None:
        return
    own = {f"{code}.{name}": item for name, item in form.items.items()}
    for check in form.checks:
        named = names_in(check.holds)
        if any(name in own for name in named) and any(name not in own for name in named):
            yield check, own


def _answers(own: Mapping[str, Item], row: Mapping[str, object]) -> dict[str, Value]:
    """What a row of AE answers; unknown where the answer stands elsewhere."""
    found: dict[str, Value] = {}
    for name, item in own.items():
        target = read_target(item.target)
        value = None if target.where or target.domain != "ae" else row.get(target.variable)
        if item.type == "yes_no":
            value = ANSWERS.get(value)
        found[name] = value if isinstance(value, str | int | float | date) else None
    return found


def _never_holds(
    record: Record,
    check: EditCheck,
    own: Mapping[str, Value],
    subject: str,
    begins: date,
    at: date,
) -> bool:
    others = [name for name in names_in(check.holds) if name not in own]
    if holds(check.holds, {**dict.fromkeys(others), **own}):
        return False  # whatever the other forms say
    ages = [maximum_age(name, record.protocol) for name in others]
    limits = [age for age in ages if isinstance(age, int)]
    last = min(at, begins + timedelta(days=max(limits))) if len(limits) == len(ages) else at
    days = pl.date_range(begins, last, eager=True)
    moments = pl.DataFrame({"USUBJID": [subject] * len(days), "DATE": days})
    known = states(record.of(subject), moments, others, aged=False).select(others).to_dicts()
    answers = [holds(check.holds, {**own, **state}) for state in known]
    return True not in answers and answers[-1] is False
