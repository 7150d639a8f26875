"""The answers of one filled form as SDTM rows: those with the same place share a row."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from pilotage.courses.records import Named, Records
from pilotage.datasets.facts import Target, read_target
from pilotage.snapshot.tables import DATE_COLUMN
from pilotage.study.protocol import Form


@dataclass(slots=True)
class Rows:
    """The rows of one form, and the supplements to them."""

    records: Records
    when: date
    at: Named | None
    categories: dict[str, dict[str, str]] = field(default_factory=dict)
    found: dict[tuple[str, tuple[tuple[str, str], ...]], dict[str, object]] = field(
        default_factory=dict
    )
    supplements: list[tuple[Target, object]] = field(default_factory=list)

    def put(self, target: Target, value: object) -> None:
        if target.domain == "sv":
            return
        if target.domain == "dm":
            self.records.answer(target, value, self.when)
        elif target.domain.startswith("supp"):
            self.supplements.append((target, value))
        else:
            self.found.setdefault((target.domain, target.where), {})[target.variable] = value

    def write(self) -> None:
        """Add the rows; a supplement belongs to the first row of its domain."""
        parents: dict[str, dict[str, object]] = {}
        for (domain, where), values in self.found.items():
            column = DATE_COLUMN.get(domain, f"{domain.upper()}DTC")
            only_date = set(values) <= {column}
            if only_date and self._others(domain):
                continue
            when = str(values.pop(column, self.when.isoformat()))
            visit = {} if self.at is None else {"VISITNUM": self.at.number, "VISIT": self.at.label}
            row = {**self.categories.get(domain, {}), **dict(where), **values, **visit}
            made = self.records.add(domain, date.fromisoformat(when), row)
            parents.setdefault(domain, made)
        for target, value in self.supplements:
            parent = parents.get(target.domain.removeprefix("supp"))
            self.records.supplement(target, value, parent)

    def _others(self, domain: str) -> bool:
        return sum(1 for found, _ in self.found if found == domain) > 1


def categories(form: Form) -> Iterator[tuple[str, dict[str, str]]]:
    """The category that a form's date gives to all of its rows: LBCAT of a laboratory sheet."""
    for item in form.items.values():
        target = read_target(item.target)
        own = {c: v for c, v in target.where if c == f"{target.domain.upper()}CAT"}
        if item.type == "date" and own:
            yield target.domain, own
