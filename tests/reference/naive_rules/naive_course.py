"""The life of one subject, day after day: phases, responses, relapses, and what the rules say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
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
    baseline,
    day_of,
    grade,
    in_order,
    mean_daily_dose,
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
    phase_from: list[tuple[date, str]] = field(default_factory=list)
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

    def relapses(self, day: date) -> tuple[list[date], bool]:
        """The days of all relapses so far, and whether the last one has not cleared again. The
        first lies after the day of the first complete response."""
        seen = self.after_baseline(day)
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

    def phase(self, day: date) -> str:
        """What was decided on the day itself changes the phase of the next."""
        found = "before start"
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

    def _after(self, day: date) -> str:
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
        return "treatment" if change > 0 and phase in ("taper", "off treatment") else phase

    # -- facts -------------------------------------------------------------------------------------

    def dosing_facts(self, day: date) -> dict[str, Any]:
        days, relapsed = self.relapses(day)
        seen = [each for each in self.clasi if each.day <= day]
        last = seen[-1] if seen and (day - seen[-1].day).days <= CLASI_AGE else None
        judged = last is not None and self.doses.first is not None and last.day > self.doses.first
        cycle, cycle_day = self.doses.cycle(day)
        relapse = None if last is None or last.value is None else "yes" if relapsed else "no"
        return {
            "PHASE": self.phase(day),
            "DOSE_STEP": STEP_OF.get(self.doses.before(day)),
            "WEEKS_AT_STEP": self.doses.weeks_at_step(day),
            "CYCLE": cycle,
            "CYCLE_DAY": cycle_day,
            "WEEK": nominal_week(cycle_day),
            "RESPONSE": self.response(last) if last and judged else None,
            "BEST_RESPONSE": self.best_response(day),
            "RELAPSE": relapse,
            "TAPER_RELAPSES": sum(self.phase(each) in REDUCED for each in days),
            "end_of_treatment.reason": self._reason(day),
        }

    def _reason(self, day: date) -> str | None:
        rows = [row for row in self.history["ds"] if row["DSSCAT"] == "TREATMENT"]
        rows = sorted(rows, key=lambda row: (row["DSSTDTC"], int(row["DSSEQ"])))
        rows = [row for row in rows if day_of(row["DSSTDTC"]) <= day]
        known = rows and rows[-1]["DSDECOD"] in REASONS
        return rows[-1]["DSDECOD"] if known else None

    def facts(self, day: date) -> dict[str, Any]:
        """Everything that the tables ask."""
        found = self.dosing_facts(day) | {"SEX": self.history["dm"][0]["SEX"]}
        for name, (table, code, age) in ANSWERS.items():
            row = self._last(table, code, day)
            answer = row[f"{table.upper()}ORRES"] if row and young(row, table, day, age) else ""
            found[name] = {"Y": "yes", "N": "no"}.get(answer)
        for test in UNITS:
            row = self._last("lb", test, day)
            found[f"{test}.GRADE"] = (
                grade(row) if row and young(row, "lb", day, COUNT_AGE) else None
            )
        found["SLEDAI.CHG"] = self._sledai_change(day)
        return found | self._pregnancy_tests(day)

    def _last(self, table: str, code: str, day: date) -> Row | None:
        """The last record by the day."""
        column = f"{table.upper()}DTC"
        rows = self.records[table, code]
        return next((row for row in reversed(rows) if day_of(row[column]) <= day), None)

    def _sledai_change(self, day: date) -> Fraction | None:
        """Until the first dose the baseline is the last value so far."""
        seen = [each for each in self.sledai if each.day <= day]
        if not seen or seen[-1].value is None or (day - seen[-1].day).days > COUNT_AGE:
            return None
        base = baseline(seen, min(self.doses.first or day, day))
        return None if base is None else seen[-1].value - base

    def _pregnancy_tests(self, day: date) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for form, test, since in (
            ("pregnancy_screening", "HCGFIRST", "FIRST_PREG_DAYS"),
            ("pregnancy_test", "HCGREGULAR", "PREG_TEST_DAYS"),
        ):
            row = self._last("lb", test, day)
            result = row["LBORRES"] if row and young(row, "lb", day, 28) else ""
            found[f"{form}.result"] = result if result in ("POSITIVE", "NEGATIVE") else None
            found[f"{form}.tested"] = day_of(row["LBDTC"]) if row else None
            found[since] = (day - day_of(row["LBDTC"])).days if row else None
        return found


def young(row: Row, table: str, day: date, oldest: int) -> bool:
    return (day - day_of(row[f"{table.upper()}DTC"])).days <= oldest


def answers(course: Course, day: date) -> dict[str, Any]:
    """The facts of a day and what the three tables answer."""
    facts: Mapping[str, Any] = course.facts(day)
    return dict(facts) | {
        "dosing": naive_rules.dosing(facts),
        "stopping": naive_rules.stopping(facts),
        "dispensing": naive_rules.dispensing(facts),
    }
