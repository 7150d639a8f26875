"""What follows from the study alone: which forms belong to a contact and in which order, and where
their answers live."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from weakref import finalize

from pilotage.forms.filled import FilledContact
from pilotage.forms.places import FormPlaces, places_of
from pilotage.study import Study
from pilotage.study.protocol import Schedule

SERIES: Final = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Plan:
    """The schedule of a study, asked about single contacts, and the places of its forms.

    `series` has the label of each form with a calendar of its own.
    """

    schedule: Schedule
    series: Mapping[str, str]
    places: Mapping[str, FormPlaces]
    ranks: dict[tuple[str, ...], dict[str, int]] = field(default_factory=dict, compare=False)
    """The order of all forms, by those of the contact."""

    def series_of(self, planned: str) -> str | None:
        """The form of the series to which a contact belongs: `haematology` of `haematology 36`."""
        found = SERIES.match(planned)
        return found.group() if found and found.group() in self.series else None

    def is_visit(self, contact: FilledContact) -> bool:
        """Is it a row of SV? A test on a calendar of its own is none."""
        return self.series_of(contact.planned) is None

    def forms(self, contact: FilledContact) -> tuple[str, ...]:
        """The forms that the plan asks for at a contact, in its order."""
        form = self.series_of(contact.planned)
        if form is not None:
            return (form,)
        for visit in self.schedule.visits:
            if visit.id == contact.planned:
                return visit.forms
        other = self.schedule.afterwards if contact.planned else self.schedule.unscheduled
        return other.forms if other else ()

    def rank(self, contact: FilledContact | None, form: str) -> int:
        """The place of a form among those of its contact: as the visit names them, then the series
        in their order, then the others as the protocol has them."""
        own = () if contact is None else self.forms(contact)
        if own not in self.ranks:
            order = dict.fromkeys([*own, *self.series, *self.places])
            self.ranks[own] = {name: place for place, name in enumerate(order)}
        return self.ranks[own].get(form, len(self.ranks[own]))


_plans: dict[int, Plan] = {}


def plan_of(study: Study) -> Plan:
    """The plan of a study, worked out once for as long as its protocol lives."""
    protocol = study.protocol
    key = id(protocol)
    if key not in _plans:
        series = {each.form: study.text(each.label) for each in protocol.schedule.series}
        _plans[key] = Plan(protocol.schedule, series, places_of(study))
        finalize(protocol, _plans.pop, key, None)
    return _plans[key]
