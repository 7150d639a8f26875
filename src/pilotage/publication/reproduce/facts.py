"""Who is in a group of the paper, in the datasets.

A group is a set of subjects, three-valued: of a subject it may be unknown whether he belongs to it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from pilotage.analysis.select import CHOICES
from pilotage.conditions import Condition, columns, names_in
from pilotage.datasets import Datasets
from pilotage.plural import counted
from pilotage.publication.answers import computable
from pilotage.publication.claims import Published
from pilotage.publication.groups import Answered, Group, Rows, as_tuple
from pilotage.publication.items import answers
from pilotage.publication.withdrawal import columns_of, with_treatment_at_end
from pilotage.study import Study
from pilotage.study.sap import Dataset

Members = Mapping[str, bool | None]
"""For each subject of ADSL: in the group, not in it, or unknown."""

TABLES: Mapping[Dataset, str] = {"ADLB": "lb", "ADAE": "ae"}
"""Datasets whose table may be absent from a snapshot: then nothing is known."""

EVENTS = ("ADAE",)
"""Datasets of events: a subject without a row had none. Elsewhere no row is unknown."""

_DTYPES = {"number": pl.Float64, "date": pl.Date, "text": pl.String}
_NUMBER = re.compile(r"[0-9]+")


class NotCollected(Exception):
    """The snapshot has no table behind a dataset. Its text says which."""


@dataclass(slots=True)
class Facts:
    """Answers about groups over the datasets of one data cut."""

    study: Study
    published: Published
    datasets: Datasets
    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    _members: dict[str, Members] = field(default_factory=dict)

    @property
    def subjects(self) -> list[str]:
        return self.datasets.adsl["USUBJID"].to_list()

    def population(self, name: str) -> Members:
        flags = self.datasets.adsl.select("USUBJID", name).rows()
        return {subject: None if flag is None else flag == "Y" for subject, flag in flags}

    def members(self, name: str) -> Members:
        """Who is in the group: by its own words in the data, or by how it lies to other groups;
        and always within the groups that it lies within. Raises NotCollected."""
        if name not in self._members:
            self._members[name] = self._found(self.published.groups[name])
        return self._members[name]

    def _found(self, group: Group) -> Members:
        own = self._own(group)
        within = [
            self.members(other)
            for other in as_tuple(group.subset_of)
            if computable(self.published, other)
        ]
        found = own if own is not None else self._everyone()
        for other in within:
            found = {subject: _and(found[subject], other[subject]) for subject in found}
        return found

    def _everyone(self) -> Members:
        return dict.fromkeys(self.subjects, True)

    def _own(self, group: Group) -> Members | None:
        if group.where is not None:
            return self._answers("ADSL", None, group.where)
        if group.rows is not None:
            return self._rows(group.rows)
        if group.answered is not None:
            return self._answered(group.answered)
        if group.subject is not None:
            return self._numbered(group.subject)
        if names := as_tuple(group.union_of):
            return self._joined(names, any_of=True)
        if names := as_tuple(group.intersection_of):
            return self._joined(names, any_of=False)
        if names := as_tuple(group.without):
            return {s: _not(inside) for s, inside in self._joined(names, any_of=True).items()}
        return None

    def _joined(self, names: tuple[str, ...], *, any_of: bool) -> Members:
        parts = [self.members(name) for name in names]
        join = _or if any_of else _and
        found = dict(parts[0])
        for part in parts[1:]:
            found = {subject: join(found[subject], part[subject]) for subject in found}
        return found

    def _numbered(self, number: str) -> Members:
        """The subject with the paper's number: its SUBJID, else the last number in its USUBJID.
        Where several have it, or none, it is unknown of everybody who it is."""
        adsl = self.datasets.adsl
        column = "SUBJID" if "SUBJID" in adsl.columns else "USUBJID"
        named = adsl.select("USUBJID", NAME=column).rows()
        found = [subject for subject, name in named if _last_number(name) == _last_number(number)]
        if len(found) != 1:
            return dict.fromkeys(self.subjects, None)
        return {subject: subject == found[0] for subject in self.subjects}

    def _answered(self, asked: Answered) -> Members:
        starts = self.datasets.adsl.select("USUBJID", "TRTSDT") if asked.after_start else None
        found: dict[str, bool | None] = dict.fromkeys(self.subjects, None)
        for item in asked.items:
            for subject, answer in answers(item, self.study, self.tables, starts):
                found[subject] = bool(found[subject]) or asked.answer in (None, answer)
        if asked.answer is None and any(found.values()):
            return {subject: bool(answer) for subject, answer in found.items()}
        return found

    def _rows(self, rows: Rows) -> Members:
        return self._answers(rows.dataset, rows.where, rows.event)

    def _answers(self, dataset: Dataset, where: Condition | None, event: Condition) -> Members:
        """Has the subject a row, among those chosen, for which the event holds?"""
        used = [*(names_in(where) if where is not None else ()), *names_in(event)]
        rows = self.chosen(dataset, where, used)
        chosen, perhaps = pl.col("WHERE").fill_null(False), pl.col("WHERE").is_null()
        answers = (
            rows.with_columns(EVENT=columns(event))
            .group_by("USUBJID")
            .agg(
                YES=(chosen & pl.col("EVENT").fill_null(False)).any(),
                OPEN=(pl.col("EVENT").is_null() | (perhaps & pl.col("EVENT"))).any(),
                ROW=chosen.any(),
            )
        )
        without = False if dataset in EVENTS else None
        found: dict[str, bool | None] = dict.fromkeys(self.subjects, without)
        for subject, yes, unknown, row in answers.rows():
            no = False if row or dataset in EVENTS else None
            found[subject] = True if yes else (None if unknown else no)
        return found

    def chosen(self, dataset: Dataset, where: Condition | None, used: list[str]) -> pl.DataFrame:
        """The rows for which the condition holds or is unknown (WHERE), with the columns used; a
        column that the snapshot does not have is unknown in every row."""
        table = TABLES.get(dataset)
        if table is not None and table not in self.datasets.collected:
            raise NotCollected(f"the snapshot has no table {table}")
        frame = self.datasets.named()[dataset.lower()]
        if dataset in EVENTS:
            frame = with_treatment_at_end(frame, self.datasets.adex)
        known = columns_of(dataset, self.study)
        adsl = self.datasets.adsl
        added = [c for c in dict.fromkeys(used) if c not in frame.columns and c in adsl.columns]
        if added:
            subjects = adsl.select("USUBJID", *added)
            frame = frame.join(subjects, on="USUBJID", how="left", maintain_order="left")
        absent = [c for c in dict.fromkeys(used) if c not in frame.columns]
        frame = frame.with_columns(
            pl.lit(None, _DTYPES[known[c].type] if c in known else pl.String).alias(c)
            for c in absent
        ).with_columns(pl.col(c).fill_null("") for c in CHOICES if c in frame.columns)
        holds = pl.lit(True) if where is None else columns(where)
        return frame.with_columns(WHERE=holds).filter(pl.col("WHERE").fill_null(True))


def both(one: Members, other: Members) -> Members:
    """Who is in both groups."""
    return {subject: _and(answer, other[subject]) for subject, answer in one.items()}


def size(members: Members) -> tuple[int, int]:
    """How many are in the group, and of how many it is unknown."""
    answers = list(members.values())
    return answers.count(True), answers.count(None)


def _last_number(text: str | None) -> int | None:
    found = _NUMBER.findall(text or "")
    return int(found[-1]) if found else None


def _and(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _or(one: bool | None, other: bool | None) -> bool | None:
    if one or other:
        return True
    return None if one is None or other is None else False


def _not(one: bool | None) -> bool | None:
    return None if one is None else not one


def not_known(number: int) -> str:
    """Why there is no answer: the words for so many subjects of whom it is unknown."""
    return f"it is not known of {counted(number, 'subject')}"
