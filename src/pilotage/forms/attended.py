"""The contacts of one subject, as its tables tell them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cmp_to_key

from pilotage.forms.filled import FilledContact
from pilotage.forms.planned import Plan
from pilotage.snapshot.tables import DATE_COLUMN

Line = dict[str, str]
AFTERWARDS = "WEEK_"


@dataclass(slots=True)
class Attended:
    """Visits from SV; tests on a calendar of their own from the rows that name them. `rows` are the
    visits with their row of SV."""

    plan: Plan
    tables: Mapping[str, list[Line]]
    rows: list[tuple[FilledContact, Line]] = field(default_factory=list)
    tests: dict[tuple[str, str], FilledContact] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for line in self.tables.get("sv", []):
            self._visit(line)
        self._number_days()

    def all(self) -> tuple[FilledContact, ...]:
        """Every contact, in the order of the days."""
        every = [*(contact for contact, _ in self.rows), *self.tests.values()]
        return tuple(sorted(every, key=lambda contact: (contact.held_on, contact.order)))

    def of(self, domain: str, line: Line) -> FilledContact | None:
        """The contact at which a row was written; None for a row of a log."""
        label, number = line.get("VISIT", ""), line.get("VISITNUM")
        if not label and number is None:
            return None
        day = _day(domain, line)
        visits = [
            contact
            for contact, _ in self.rows
            if contact.label == label and (number is None) == (contact.number is None)
            and (number is None or contact.number == float(number))
        ]  # fmt: skip
        if visits:
            return min(visits, key=lambda contact: _apart(contact.held_on, day))
        if (label, day) not in self.tests:
            self.tests[label, day] = self._test(label, number, day)
        return self.tests[label, day]

    def planning(self, form: str, day: str | None) -> FilledContact | None:
        """The visit of a day whose plan has the form: where a row that names no visit belongs."""
        visits = (contact for contact, _ in self.rows if contact.held_on == day)
        return next((contact for contact in visits if form in self.plan.forms(contact)), None)

    def _visit(self, line: Line) -> None:
        label, day = line.get("VISIT", ""), line.get("SVSTDTC", "")
        number = line.get("VISITNUM")
        found = None if number is None else float(number)
        contact = FilledContact(self._planned(found, day), found, label, day)
        self.rows.append((contact, line))

    def _planned(self, number: float | None, day: str) -> str:
        """The id of a visit of the plan; of one that is repeated after the last, its week."""
        schedule = self.plan.schedule
        if number is None:
            return ""
        for visit in schedule.visits:
            if visit.number == number:
                return visit.id
        last = max(schedule.visits, key=lambda visit: visit.number)
        beyond = number - last.number
        if schedule.afterwards is None or beyond < 1 or beyond % 1:
            return ""
        offset = last.day - 1 if last.day > 0 else last.day
        return f"{AFTERWARDS}{int(offset + beyond * schedule.afterwards.every_days) // 7}"

    def _test(self, label: str, number: str | None, day: str) -> FilledContact:
        form = next((form for form, said in self.plan.series.items() if said == label), None)
        planned = "" if form is None else f"{form} {self._study_day(day)}"
        return FilledContact(planned, None if number is None else float(number), label, day)

    def _study_day(self, day: str) -> str:
        """The day after the first dose (which is 1), as far as both are known."""
        starts = [line["EXSTDTC"] for line in self.tables.get("ex", []) if "EXSTDTC" in line]
        try:
            apart = (date.fromisoformat(day) - date.fromisoformat(min(starts))).days
        except ValueError:
            return day
        return str(apart + 1 if apart >= 0 else apart)

    def _number_days(self) -> None:
        """Contacts of one day are told apart in the order of their rows."""
        firsts = self._first_rows()
        days: dict[str, list[FilledContact]] = {}
        for contact in (*(contact for contact, _ in self.rows), *self.tests.values()):
            days.setdefault(contact.held_on, []).append(contact)
        orders: dict[int, int] = {}
        for found in days.values():
            found.sort(key=cmp_to_key(lambda a, b: _compared(firsts, a, b)))
            orders |= {id(contact): order for order, contact in enumerate(found)}
        self.rows = [(replace(c, order=orders[id(c)]), line) for c, line in self.rows]
        self.tests = {k: replace(c, order=orders[id(c)]) for k, c in self.tests.items()}

    def _first_rows(self) -> dict[int, dict[str, int]]:
        """The lowest --SEQ of each contact in each table."""
        firsts: dict[int, dict[str, int]] = {}
        for domain, lines in self.tables.items():
            for line in lines if domain != "sv" else ():
                contact, number = self.of(domain, line), line.get(f"{domain.upper()}SEQ")
                if contact is not None and number is not None:
                    firsts.setdefault(id(contact), {}).setdefault(domain, int(number))
        return firsts


def _compared(
    firsts: Mapping[int, Mapping[str, int]], one: FilledContact, other: FilledContact
) -> int:
    """Which of two contacts comes first, by the tables in which both have rows."""
    own, others = firsts.get(id(one), {}), firsts.get(id(other), {})
    return sum(
        (own[domain] > others[domain]) - (own[domain] < others[domain])
        for domain in own.keys() & others.keys()
    )


def _day(domain: str, line: Line) -> str:
    prefix = domain.upper()
    return line.get(f"{prefix}DTC") or line.get(DATE_COLUMN.get(domain, ""), "")


def _apart(first: str, second: str) -> int:
    """Days between two dates; many where one of them is not complete."""
    if first == second:
        return 0
    try:
        return 1 + abs((date.fromisoformat(first[:10]) - date.fromisoformat(second[:10])).days)
    except ValueError:
        return 100_000
