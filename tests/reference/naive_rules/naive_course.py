"""The life of one subject, day after day: phases, responses, relapses, and what the rules say.

What is asked of a day is what the last record up to it says. Of several records of one day the one
with the later time is the last; where a time is missing, or the same, any of them may be, and what
they do not all say is unknown. (In which order assessments without a time make and clear relapses
is that of their numbers.) A reason to stop does not ask which is the last: each value of the latest
day is one, but one that cannot be used and was followed by another at a later time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any

import naive_rules
from naive_facts import (
    ONE_DAY,
    STEP_OF,
    UNITS,
    Doses,
    History,
    Row,
    Score,
    agreed,
    baseline,
    day_of,
    grade,
    in_order,
    may_be_last,
    mean_daily_dose,
    of_last_day,
    possibly_last,
    read_doses,
    scores,
)

# The last day of the window of each nominal week; then every 12 weeks.
LAST_DAYS = ((1, 0), (22, 2), (43, 4), (71, 8), (99, 12), (127, 16), (155, 20), (211, 24))
LAST_DAYS += ((295, 36), (379, 48))
RANK = ("CR", "PR", "MR", "NR")
RELAPSE_FROM, CLASI_AGE, COUNT_AGE = 4, 7, 30
REDUCED = ("taper", "off treatment", "maintenance")
ANSWERS = {  # name: table, code, oldest age in days
    "stopping_review.consent_withdrawn": ("fa", "CONSWD", 31),
    "stopping_review.life_threatening": ("fa", "LIFETHR", 31),
    "stopping_review.flare_other_treatment": ("fa", "FLAREALT", 31),
    "stopping_review.physician_stops": ("fa", "PHYSSTOP", 31),
    "childbearing.potential": ("rp", "CHILDPOT", 100),
    "childbearing.lactating": ("rp", "LACTAT", 100),
    "childbearing.contraception": ("rp", "CONTRADQ", 100),
}
REASONS = (
    *("COMPLETED", "MYELOSUPPRESSION", "WITHDRAWAL OF CONSENT", "PREGNANCY", "DEATH", "OTHER"),
    *("LIFE-THREATENING COMPLICATION", "SEVERE SYSTEMIC FLARE", "LACK OF EFFICACY"),
    *("ADVERSE EVENT", "PHYSICIAN DECISION", "LOST TO FOLLOW-UP"),
)


def nominal_week(day: int) -> int:
    for last, week in LAST_DAYS:
        if day <= last:
            return week
    week = 60
    while day > 7 * week + 1 + 42:
        week += 12
    return week


@dataclass
class Course:
    """One subject. `phase_on` keeps the phase of each day on which it was looked at."""

    history: History
    doses: Doses = field(init=False)
    clasi: list[Score] = field(init=False)
    sledai: list[Score] = field(init=False)
    phase_from: list[tuple[date, str | None]] = field(default_factory=list)
    records: dict[tuple[str, str], list[Row]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for table, code in (("lb", "LBTESTCD"), ("fa", "FATESTCD"), ("rp", "RPTESTCD")):
            for row in in_order(self.history[table], table):
                if row[f"{table.upper()}STAT"] != "NOT DONE":  # which is no record
                    self.records[table, row[code] + row.get("LBTPT", "")].append(row)
        self.doses = read_doses(self.history)
        self.clasi = scores(self.history, "CLASIACT")
        self.sledai = scores(self.history, "SLEDAI")
        self._live()

    # -- responses ---------------------------------------------------------------------------------

    def after_baseline(self, day: date) -> list[Score]:
        first = self.doses.first
        return [each for each in self.clasi if first is not None and first < each.day <= day]

    def response(self, score: Score) -> str | None:
        if score.value is None:
            return None
        if score.value == 0:
            return "CR"
        assert self.doses.first is not None
        base = baseline(self.clasi, self.doses.first)
        if base is None:
            return None
        if score.value >= base:
            return "NR"
        return "PR" if 2 * score.value <= base else "MR"

    def best_response(self, day: date) -> str | None:
        found = [self.response(each) for each in self.after_baseline(day)]
        return next((category for category in RANK if category in found), None)

    def perhaps_cleared(self, day: date) -> bool:
        """May the score of an assessment with open items have been 0?"""
        return any(each.value is None for each in self.after_baseline(day))

    def relapses(self, day: date, up_to: Score | None = None) -> tuple[list[date], bool]:
        """The days of all relapses so far (or `up_to` an assessment), and whether the last one has
        not cleared again. The first lies after the day of the first complete response."""
        seen = self.after_baseline(day)
        if up_to in seen:
            place = next(n for n, each in enumerate(seen) if each is up_to)
            seen = seen[: place + 1]
        complete = next((each.day for each in seen if each.value == 0), date.max)
        relapsed, days = False, []
        for each in seen:
            if each.value == 0:
                relapsed = False
            elif each.value is not None and each.value >= RELAPSE_FROM and each.day > complete:
                if not relapsed:
                    days.append(each.day)
                relapsed = True
        return days, relapsed

    # -- phases ------------------------------------------------------------------------------------

    def phase(self, day: date) -> str | None:
        """What was decided on the day itself changes the phase of the next. None where it is not
        known."""
        found: str | None = "before start"
        for since, phase in self.phase_from:
            if since <= day:
                found = phase
        return found

    def _live(self) -> None:
        """Look at every day on which something was decided: a dose, an assessment, a visit."""
        first = self.doses.first
        if first is None:
            return
        days = {day for day, _ in self.doses.changes} | {each.day for each in self.clasi}
        days |= {day_of(row["SVSTDTC"]) for row in self.history["sv"]}
        self.phase_from.append((first + ONE_DAY, "treatment"))
        for day in sorted(day for day in days if day > first):
            phase = self._after(day)
            if phase != self.phase_from[-1][1]:
                self.phase_from.append((day + ONE_DAY, phase))

    def _after(self, day: date) -> str | None:
        phase = self.phase(day)
        before, now = self.doses.before(day), self.doses.from_day(day)
        decision = naive_rules.dosing(self.dosing_facts(day))
        if decision is not None:
            _, action, step = decision
            wanted = "stop" if action == "stop" else step
            if wanted is not None and STEP_OF.get(now) == wanted:
                if action in ("start", "reintroduce"):
                    return "treatment"
                if action == "maintain":
                    return "maintenance"
                if action == "lower" and wanted != "stop":
                    return "taper"
                return phase if action == "raise" else "off treatment"
        change = mean_daily_dose(now) - mean_daily_dose(before)
        if now != before and not now[0]:
            return "off treatment"
        if change < 0 and self.best_response(day) == "CR":
            return "taper"
        if change < 0 and phase != "taper" and self.perhaps_cleared(day):
            return None
        return "treatment" if change > 0 and phase in ("taper", "off treatment") else phase

    # -- facts -------------------------------------------------------------------------------------

    def dosing_facts(self, day: date) -> dict[str, Any]:
        days, _ = self.relapses(day)
        seen = [each for each in self.clasi if each.day <= day]
        last = seen[-1] if seen and (day - seen[-1].day).days <= CLASI_AGE else None
        judged = last is not None and self.doses.first is not None and last.day > self.doses.first
        cycle, cycle_day = self.doses.cycle(day)
        endings = possibly_last(seen) if last else []
        after = [self.relapses(day, up_to=each)[1] for each in endings]
        relapse = None if last is None or last.value is None else agreed(after)
        return {
            "PHASE": self.phase(day),
            "DOSE_STEP": STEP_OF.get(self.doses.before(day)),
            "WEEKS_AT_STEP": self.doses.weeks_at_step(day),
            "CYCLE": cycle,
            "CYCLE_DAY": cycle_day,
            "WEEK": nominal_week(cycle_day),
            "RESPONSE": agreed([self.response(each) for each in endings]) if judged else None,
            "BEST_RESPONSE": self.best_response(day),
            "RELAPSE": None if relapse is None else "yes" if relapse else "no",
            "TAPER_RELAPSES": self._relapses_in_taper(days),
            "end_of_treatment.reason": self._reason(day),
        }

    def _relapses_in_taper(self, days: list[date]) -> int | None:
        phases = [self.phase(each) for each in days]
        return None if None in phases else sum(phase in REDUCED for phase in phases)

    def _reason(self, day: date) -> str | None:
        rows = [row for row in self.history["ds"] if row["DSSCAT"] == "TREATMENT"]
        rows = sorted(rows, key=lambda row: (row["DSSTDTC"], int(row["DSSEQ"])))
        rows = [row for row in rows if day_of(row["DSSTDTC"]) <= day]
        known = rows and rows[-1]["DSDECOD"] in REASONS
        return rows[-1]["DSDECOD"] if known else None

    def facts(self, day: date) -> dict[str, Any]:
        """Everything that the tables ask, as the last records say it."""
        found = self.dosing_facts(day) | {"SEX": self.history["dm"][0]["SEX"]}
        said = {name: last for name, (last, _) in self._said(day).items()}
        found |= {name: agreed(last) for name, last in said.items()}
        found["disagreeing"] = {name for name, last in said.items() if len({*last}) > 1}
        found["SLEDAI.CHG"] = agreed(self._sledai_changes(day)[0] or [None])
        return found | self._pregnancy_days(day)

    def every_facts(self, day: date) -> Iterator[dict[str, Any]]:
        """The same with each choice of one value of the latest day for what it holds several of."""
        several = {name: values for name, (_, values) in self._said(day).items() if values}
        several["SLEDAI.CHG"] = self._sledai_changes(day)[1] or [None]
        facts = self.facts(day)
        for choice in product(*several.values()):
            yield facts | dict(zip(several, choice, strict=True))

    def _said(self, day: date) -> dict[str, tuple[list[Any], list[Any]]]:
        """What the records of the latest day say, of those that may be the last one and of all that
        count, by the name of the fact."""
        found: dict[str, tuple[list[Any], list[Any]]] = {}
        for name, (table, code, age) in ANSWERS.items():
            column = f"{table.upper()}ORRES"
            found[name] = self._of_latest_day(
                table, code, day, age, lambda row, c=column: {"Y": "yes", "N": "no"}.get(row[c])
            )
        for test in UNITS:
            found[f"{test}.GRADE"] = self._of_latest_day("lb", test, day, COUNT_AGE, grade)
        for form, test in (
            ("pregnancy_screening", "HCGFIRST"),
            ("pregnancy_test", "HCGREGULAR"),
        ):
            found[f"{form}.result"] = self._of_latest_day(
                "lb", test, day, 28, lambda row: known_result(row["LBORRES"])
            )
        return found

    def _of_latest_day(
        self, table: str, code: str, day: date, oldest: int, said: Callable[[Row], Any]
    ) -> tuple[list[Any], list[Any]]:
        column = f"{table.upper()}DTC"
        rows = [row for row in self.records[table, code] if day_of(row[column]) <= day]
        rows = [row for row in rows if day_of(row[column]) == day_of(rows[-1][column])]
        if not rows or not young(rows[-1], table, day, oldest):
            return [None], [None]
        last = may_be_last([row[column][10:] for row in rows])
        values = [said(row) for row in rows]
        counted = [v for place, v in enumerate(values) if v is not None or place in last]
        return [values[place] for place in last], counted

    def _last(self, table: str, code: str, day: date) -> Row | None:
        """The last record by the day."""
        column = f"{table.upper()}DTC"
        rows = self.records[table, code]
        return next((row for row in reversed(rows) if day_of(row[column]) <= day), None)

    def _sledai_changes(self, day: date) -> tuple[list[Any], list[Any]]:
        """Until the first dose the baseline is the last value so far, and the change nothing."""
        seen = [each for each in self.sledai if each.day <= day]
        if not seen or (day - seen[-1].day).days > COUNT_AGE:
            return [], []
        first = self.doses.first
        begun = first is not None and first < day
        base = baseline(seen, first) if begun and first else None

        def change(value: Fraction | int | None) -> Fraction | int | None:
            if value is None or not begun:
                return None if value is None else 0
            return None if base is None else value - base

        last, every = possibly_last(seen), of_last_day(seen)
        counted = [each for each in every if each.value is not None or each in last]
        if not begun and len({each.value for each in last}) > 1:
            return [None], [change(each.value) for each in counted]
        return [change(each.value) for each in last], [change(each.value) for each in counted]

    def _pregnancy_days(self, day: date) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for form, test, since in (
            ("pregnancy_screening", "HCGFIRST", "FIRST_PREG_DAYS"),
            ("pregnancy_test", "HCGREGULAR", "PREG_TEST_DAYS"),
        ):
            row = self._last("lb", test, day)
            found[f"{form}.tested"] = day_of(row["LBDTC"]) if row else None
            found[since] = (day - day_of(row["LBDTC"])).days if row else None
        reported = self._last("rp", "PREGST", day)
        found["pregnancy_report.learnt"] = day_of(reported["RPDTC"]) if reported else None
        return found


def known_result(text: str) -> str | None:
    return text if text in ("POSITIVE", "NEGATIVE") else None


def young(row: Row, table: str, day: date, oldest: int) -> bool:
    return (day - day_of(row[f"{table.upper()}DTC"])).days <= oldest


def answers(course: Course, day: date) -> dict[str, Any]:
    """The facts of a day and what the three tables answer."""
    facts: Mapping[str, Any] = course.facts(day)
    told = {name: value for name, value in facts.items() if name != "disagreeing"}
    return told | {
        "dosing": naive_rules.dosing(facts),
        "stopping": naive_rules.stopping(list(course.every_facts(day))),
        "dispensing": naive_rules.dispensing(facts),
    }
