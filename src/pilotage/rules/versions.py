"""The same subjects under each version of the protocol."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from pilotage.datasets import derive
from pilotage.study import Study, version_on
from pilotage.study.protocol import Protocol

if TYPE_CHECKING:
    from pilotage.rules.record import Record

EPOCH = date(1970, 1, 1)
NO_FACTS = (
    "versions", "eligibility", "dosing", "dose_proposals", "stopping", "dispensing", "deviations",
    "schedule",
)  # fmt: skip
"""Parts of a protocol that decide and plan; the facts of the datasets follow from the others."""


class Versions:
    """The records of the same subjects, one for each version of the protocol that was asked for.

    A visit keeps the rules of the version in force on its day, and with them its facts: what counts
    as a response, how a laboratory value is graded. So a version that defines them otherwise has
    datasets of its own.
    """

    def __init__(
        self, study: Study, whole: "Versions | None" = None, subjects: Sequence[str] = ()
    ) -> None:
        """`study` is under its present version. `subjects` are some of those of `whole`."""
        self._study = study
        self._whole = whole
        self._subjects = subjects
        self._records: dict[str, Record | None] = {}

    def keep(self, present: "Record") -> None:
        """This is the record under the present version."""
        self._records[self._study.version.id] = present

    def on(self, day: date) -> "Record | None":
        """The record under the version in force on a day; None where none was, or is not kept."""
        version = version_on(self._study.protocol, day)
        return None if version is None else self.under(version.id)

    def of_days(self, days: pl.Series) -> "tuple[list[Record | None], pl.Series]":
        """The record under each version in force on some of the days (counted since 1970), and of
        each day the place of its version among them."""
        found = sorted(set(days.to_list()))
        on = [version_on(self._study.protocol, EPOCH + timedelta(days=day)) for day in found]
        ids = [None if version is None else version.id for version in on]
        versions = list(dict.fromkeys(ids))
        places = [versions.index(each) for each in ids]
        rulings = [None if version is None else self.under(version) for version in versions]
        return rulings, days.replace_strict(found, places, return_dtype=pl.Int64)

    def under(self, version: str) -> "Record | None":
        """The record under a version; None where the study does not keep it."""
        if version not in self._records:
            self._records[version] = self._made(version)
        return self._records[version]

    def only(self, subjects: Sequence[str]) -> "Versions":
        """The same of some of the subjects."""
        return Versions(self._study, self, subjects)

    def _made(self, version: str) -> "Record | None":
        if self._whole is not None:
            of_all = self._whole.under(version)
            return None if of_all is None else of_all.part(self._subjects, self)
        study, present = self._study.under(version), self._records[self._study.version.id]
        if study is None or present is None:
            return None
        same = _facts(study.protocol) == _facts(self._study.protocol)
        datasets = present.datasets if same else derive(study, present.snapshot)
        return present.under(study, datasets)


def _facts(protocol: Protocol) -> list[object]:
    names = type(protocol).model_fields
    return [getattr(protocol, name) for name in names if name not in NO_FACTS]
