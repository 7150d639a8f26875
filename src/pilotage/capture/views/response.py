"""The response as the datasets say it, for the day of an entry that was saved."""

import polars as pl

from pilotage.capture.models import Entry
from pilotage.capture.planned import planned
from pilotage.capture.present import record_of
from pilotage.study.protocol import text_of


def response_on(entry: Entry) -> list[tuple[str, str]]:
    """Label of each classification that rests on this form's score, and the category on the day of
    the contact. Empty where there is none yet (before the first dose, say)."""
    protocol = planned().protocol
    instrument = protocol.forms[entry.form].instrument
    own = {
        code: each
        for code, each in protocol.classifications.items()
        if (parameter := protocol.parameters.get(each.parameter)) is not None
        and instrument is not None
        and parameter.instrument == instrument
    }
    record = record_of(entry.subject) if own and entry.contact else None
    if record is None or entry.contact is None:
        return []
    rows = record.datasets.adrs.filter(
        pl.col("PARAMCD").cast(pl.String).is_in(list(own)),
        pl.col("ADT").cast(pl.String) == entry.contact.held_on,
    )
    found = []
    for row in rows.select("PARAMCD", "AVALC").iter_rows(named=True):
        classification = own[str(row["PARAMCD"])]
        labels = {each.code: text_of(each.label) for each in classification.categories}
        if row["AVALC"] is not None:
            said = labels.get(str(row["AVALC"]), str(row["AVALC"]))
            found.append((text_of(classification.label), said))
    return found
