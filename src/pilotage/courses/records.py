"""The SDTM rows of one subject, collected as they arise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from pilotage.datasets.facts import Target
from pilotage.snapshot.tables import DATE_COLUMN


class Named(Protocol):
    """What a record says of the contact at which it was made."""

    @property
    def number(self) -> float | None: ...

    @property
    def label(self) -> str: ...


@dataclass(slots=True)
class Records:
    """Rows by domain (lower case). --SEQ is numbered at the end, in the order of the dates."""

    study: str
    subject: str
    day_one: date
    demography: dict[str, object] = field(default_factory=dict)
    rows: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    parents: list[tuple[dict[str, object], dict[str, object]]] = field(default_factory=list)
    """Each supplement that belongs to one row of its domain, with that row."""

    def date_of(self, day: int) -> date:
        """The date of a study day (there is no day 0)."""
        return self.day_one + timedelta(days=day - 1 if day > 0 else day)

    def add(self, domain: str, when: date, values: Mapping[str, object]) -> dict[str, object]:
        """A new row, which is returned."""
        column = DATE_COLUMN.get(domain, f"{domain.upper()}DTC")
        row = {
            "STUDYID": self.study,
            "DOMAIN": domain.upper(),
            "USUBJID": self.subject,
            **values,
            column: when.isoformat(),
        }
        self.rows.setdefault(domain, []).append(row)
        return row

    def supplement(
        self, target: Target, answer: object, parent: dict[str, object] | None = None
    ) -> None:
        """A supplement to a row of its domain, or to the subject."""
        row: dict[str, object] = {
            "STUDYID": self.study,
            "RDOMAIN": target.domain.removeprefix("supp").upper(),
            "USUBJID": self.subject,
        }
        if parent is not None:
            row |= {"IDVAR": f"{row['RDOMAIN']}SEQ", "IDVARVAL": None}
            self.parents.append((row, parent))
        row |= {**dict(target.where), target.variable: answer}
        self.rows.setdefault(target.domain, []).append(row)

    def answer(self, target: Target, answer: object, when: date) -> None:
        """The answer to an item, in its place: a column of DM, a supplement to DM (which has no
        date), else a row of its own."""
        values = {**dict(target.where), target.variable: answer}
        if target.domain == "dm":
            self.demography |= values
        elif target.domain.startswith("supp"):
            self.supplement(target, answer)
        else:
            self.add(target.domain, when, values)

    def visit(self, number: float | None, label: str, when: date) -> None:
        self.add("sv", when, {"VISITNUM": number, "VISIT": label, "SVENDTC": when.isoformat()})

    def item(self, category: str, code: str, name: str, value: int, when: date, at: Named) -> None:
        self.add(
            "qs",
            when,
            {
                "QSCAT": category,
                "QSTESTCD": code,
                "QSTEST": name,
                "QSORRES": str(value),
                "QSSTRESN": value,
                "VISITNUM": at.number,
                "VISIT": at.label,
            },
        )

    def laboratory(
        self,
        code: str,
        value: str,
        unit: str,
        limits: tuple[float | None, float | None],
        when: date,
        at: Named,
    ) -> None:
        low, high = limits
        self.add(
            "lb",
            when,
            {
                "LBTESTCD": code,
                "LBORRES": value,
                "LBORRESU": unit,
                "LBORNRLO": None if low is None else f"{low:g}",
                "LBORNRHI": None if high is None else f"{high:g}",
                "VISITNUM": at.number,
                "VISIT": at.label,
            },
        )

    def tables(self) -> dict[str, list[dict[str, object]]]:
        """Every row with its sequence number; DM with its one row."""
        dm = {"STUDYID": self.study, "DOMAIN": "DM", "USUBJID": self.subject, **self.demography}
        numbered: dict[str, list[dict[str, object]]] = {"dm": [dm]}
        numbers: dict[int, int] = {}
        for domain, rows in self.rows.items():
            if domain.startswith("supp"):
                numbered[domain] = rows
                continue
            column = DATE_COLUMN.get(domain, f"{domain.upper()}DTC")
            ordered = sorted(rows, key=lambda row: str(row[column]))
            numbers |= {id(row): number for number, row in enumerate(ordered, 1)}
            numbered[domain] = [
                {**row, f"{domain.upper()}SEQ": number} for number, row in enumerate(ordered, 1)
            ]
        for supplement, parent in self.parents:
            supplement["IDVARVAL"] = numbers[id(parent)]
        return numbered
