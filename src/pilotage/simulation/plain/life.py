"""The life of one virtual subject, told by `rules.Standing` and the study's tables themselves."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from pilotage.conditions import Value, holds
from pilotage.courses.calendar import Contact
from pilotage.courses.progress import carry_out
from pilotage.rules import UNKNOWN, Decision, Standing, decide, decide_any
from pilotage.simulation import nature
from pilotage.simulation.compiled.emit import LOOKS_EVERY
from pilotage.simulation.compiled.emit_passing import AFTER_A_STOPPING_EVENT
from pilotage.simulation.compiled.emit_rules import (
    MISSED,
    NOTHING,
    OTHERWISE,
    OTHERWISE_UNKNOWN,
    STOPPED_BY,
    UNKNOWN_AT,
)
from pilotage.simulation.compiled.numbers import Numbers, first_share
from pilotage.simulation.compiled.terms import person_items
from pilotage.simulation.design.decisions import endpoint_day
from pilotage.simulation.facts import Fact
from pilotage.simulation.plain.truth import NEVER, Truth
from pilotage.simulation.scheme import Scheme
from pilotage.study.namespace import PHASES


@dataclass(slots=True)
class Told:
    """A contact: what the kernel tells of it too, in its order."""

    day: int
    visit: bool
    values: dict[str, float]
    rank: int
    in_relapse: bool
    taper: int
    phase: str
    step: int
    cycle: int
    action: int

    def row(self, scheme: Scheme) -> list[float]:
        values = [self.values.get(each.code, math.nan) for each in scheme.measured]
        after = (self.rank, self.in_relapse, self.taper, PHASES.index(self.phase), self.step)
        return [self.day, self.visit, *values, *after, self.cycle, self.action]


@dataclass(slots=True)
class Life:
    """The life of one subject. `counts` are those of the kernel, by the names of its columns."""

    scheme: Scheme
    numbers: Numbers
    random: np.random.Generator
    told: list[Told] = field(default_factory=list)
    counts: dict[str, float] = field(default_factory=dict)
    success: bool = False
    toxic_in_time: bool = False
    seen: int = 0
    standing: Standing = field(init=False)
    truth: Truth = field(init=False)
    facts: list[tuple[Fact, Value]] = field(default_factory=list)
    ended: bool = False
    early: int | None = None
    relapses: int = 0
    dose_since: int = 1
    capsules: float = 0.0
    dropout: int = NEVER

    def live(self) -> "Life":
        """From consent to the end of follow-up."""
        self._begin()
        before = 1
        for contact in self.scheme.contacts:
            day = contact.day
            if day > 1:
                if contact.visit:
                    day += self.truth.lateness()
                day = max(day, before + 1)
                self._between(before, day)
            self._pass_events(day)
            if day > 1 and day >= self.truth.gone:
                break
            if day > 1:
                before = day
            self._planned(contact, day)
        self._end(before)
        return self

    # -- the beginning -----------------------------------------------------------------------------

    def _begin(self) -> None:
        scheme, drawn = self.scheme, dict[str, Value]()
        known: dict[str, Value] = {}
        items = dict(person_items(scheme.protocol))
        for at, fact in enumerate(scheme.facts):
            if fact.per_week is not None:
                self.facts.append((fact, None))
                continue
            if fact.when is not None and holds(fact.when, known) is not True:
                continue
            drawn[fact.name] = known[fact.name] = value = self._fact(at, fact)
            known |= {item: value for item, person in items.items() if person == fact.name}
            if fact.name == "SEX":
                states = scheme.protocol.state.items()
                known |= {name: value for name, kind in states if kind.derivation == "sex"}
            self.facts.append((fact, value))
        self.truth = Truth(scheme, self.numbers, self.random)
        self.dropout = self.truth.gone
        described = scheme.nature.stable.items()
        age = drawn.get("AGE")
        self.standing = Standing(
            scheme.protocol,
            {code: stable.normal.both for code, stable in described},
            int(age) if isinstance(age, int | float) else 0,
            str(drawn.get("SEX", "")),
        )
        consent = scheme.contacts[0].day
        brought = {item: drawn[person] for item, person in items.items() if person in drawn}
        once = {f.name: v for f, v in self.facts if f.form is None and "." in f.name}
        self.standing.answer({**brought, **once}, consent)

    def _fact(self, at: int, fact: Fact) -> Value:
        if fact.spread is not None:
            spread = (self.numbers[f"f{at}_{part}"] for part in ("mean", "sd", "low", "high"))
            return float(nature.whole(self.random, *spread))
        first = first_share(self.scheme, at)
        found = int(nature.choice(self.random, self.numbers.shares, first, len(fact.choices)))
        return list(fact.choices)[found]

    # -- contacts ----------------------------------------------------------------------------------

    def _between(self, before: int, following: int) -> None:
        """Contacts that the table of activities asks for in between."""
        rows = tuple(self.scheme.setting.activities.rows[at] for at in self.scheme.activities)
        table = self.scheme.setting.activities.model_copy(update={"rows": rows})
        for day in range(before + LOOKS_EVERY, following, LOOKS_EVERY):
            if self.ended or not rows:
                return
            self._pass_events(day)
            if day >= self.truth.gone or self.ended:
                return
            due = decide_any(table, self.standing.state(day))
            forms = tuple(dict.fromkeys(row.to for row in due if row.known and row.to))
            if forms:
                self._attend(day, forms, visit=True, samples=self.scheme.samples(forms))

    def _planned(self, contact: Contact, day: int) -> None:
        forms = contact.forms
        if day > 1 and not self.standing.step:
            forms = tuple(form for form in forms if form not in self.scheme.under_drug)
        samples = self.scheme.samples(forms)
        if contact.visit or samples or set(forms) & set(self.scheme.forms):
            self._attend(day, forms, visit=contact.visit, samples=samples)

    def _attend(self, day: int, forms: Iterable[str], *, visit: bool, samples: int) -> None:
        if day > 1 and self.truth.misses():
            self._count("MISSED")
            self._tell(day, {}, visit, MISSED)
            return
        self._count("VISITS", visit)
        self._count("SAMPLES", samples)
        self.seen = day
        values = self._measure(day, set(forms))
        action = NOTHING
        if day > 0 and not self.ended:
            action = self._decide(day, visit=visit)
        self._tell(day, values, visit, action)

    def _tell(self, day: int, values: dict[str, float], visit: bool, action: int) -> None:
        standing, response = self.standing, self.scheme.response
        codes = [category.code for category in response.categories]
        rank = -1 if standing.response is None else codes.index(standing.response)
        self.told.append(
            Told(
                day, visit, values, rank, standing.in_relapse, standing.relapses_in_taper,
                standing.phase, standing.step, standing.cycle, action,
            )
        )  # fmt: skip

    # -- what is measured --------------------------------------------------------------------------

    def _measure(self, day: int, forms: set[str]) -> dict[str, float]:
        scheme, standing = self.scheme, self.standing
        standing.answer({fact.name: self._answer(fact, value, day)
                         for fact, value in self.facts if fact.form in forms}, day)  # fmt: skip
        if any(forms & set(scheme.measured[at].forms) for at in scheme.diseases):
            self.truth.advance(day, self.standing.step)
        values: dict[str, float] = {}
        for at, measured in enumerate(scheme.measured):
            if forms & set(measured.forms):
                values[measured.code] = self.truth.measure(at, under_drug=standing.step > 0)
                standing.answer(dict.fromkeys(measured.items, values[measured.code]), day)
        was = standing.in_relapse
        standing.observe(values, day)
        self.relapses += standing.in_relapse and not was
        if day > 1 and scheme.response.parameter in values:
            self._note_best(day)
        return values

    def _answer(self, fact: Fact, drawn: Value, day: int) -> Value:
        """What a subject says on a day: what was drawn, or what has come by then."""
        if fact.per_week is None:
            return drawn
        return list(fact.choices)[self.truth.has_come(fact.name, day)]

    def _note_best(self, day: int) -> None:
        response = self.standing.response
        if response is not None and self._counts(day):
            rank = [c.code for c in self.scheme.response.categories].index(response)
            self.early = rank if self.early is None else min(self.early, rank)

    def _counts(self, day: int) -> bool:
        """Does what happens on the day count for the endpoint?"""
        return day <= endpoint_day(self.scheme.simulation)

    # -- what is decided ---------------------------------------------------------------------------

    def _decide(self, day: int, *, visit: bool) -> int:
        """The action, as the kernel numbers it."""
        protocol, standing = self.scheme.protocol, self.standing
        state = standing.state(day)
        if standing.step:
            stops = [d for d in decide_any(protocol.stopping, state) if d.action == "stop"]
            if stops:
                row = stops[0].row
                assert row is not None
                self._stop(day, f"STOPPED_RULE_{row + 1}")
                self._note_toxicity(row, day)
                return STOPPED_BY + row
        if not visit:
            return NOTHING
        decision = decide(protocol.dosing, state)
        self._count("UNKNOWN_DECISIONS", not decision.known)
        if decision.action == "stop":
            self._stop(day, "STOPPED_DOSING")
        else:
            self._carry_out(decision, day)
            if day == 1 and not any(row.do == "start" for row in protocol.dosing.rows):
                self._carry_out(Decision("start"), day)
        if decision.row is None:
            return OTHERWISE_UNKNOWN if decision.action == UNKNOWN else OTHERWISE
        return decision.row if decision.known else UNKNOWN_AT + decision.row

    def _carry_out(self, decision: Decision, day: int) -> None:
        """What has passed until the step changes has passed at the old one."""
        standing, before = self.standing, self.standing.step
        trial = Standing(standing.protocol, {}, 0, "", step=before)
        trial.holding_step = standing.holding_step
        carry_out(decision, trial, day)
        if trial.step != before:
            self.truth.advance(day, self.standing.step)
            self._account(day - self.dose_since)
            self.dose_since = day
        carry_out(decision, standing, day)

    def _account(self, days: int) -> None:
        step = self.standing.step
        if step and days > 0:
            self._count("DOSE_DAYS", days)
            self._count("DRUG_AMOUNT", days * float(self.numbers.daily[step]))
            self.capsules += days * float(self.numbers.capsules[step])

    def _stop(self, day: int, reason: str) -> None:
        self._carry_out(Decision("stop"), day)
        self.ended = True
        self._count("STOPPED")
        self._count(reason)

    def _note_toxicity(self, row: int, day: int) -> None:
        from pilotage.simulation.trials.columns import is_of_laboratory

        protocol = self.scheme.protocol
        if is_of_laboratory(protocol, protocol.stopping.rows[row]):
            self.toxic_in_time = self._counts(day)
            self._count("TOX")
            self._count("TOX_IN_TIME", self.toxic_in_time)

    # -- events ------------------------------------------------------------------------------------

    def _pass_events(self, day: int) -> None:
        """What happened up to a day: events, and the end of treatment for one."""
        truth = self.truth
        if truth.halt <= day and truth.halt < truth.gone:
            self._settle(truth.halt)
            if self.standing.step:
                self._event(truth.halted_by)
                self._stop(truth.halt, "STOPPED_EVENT")
                truth.gone = min(truth.gone, truth.halt + AFTER_A_STOPPING_EVENT + 1)
            truth.halt = NEVER
        self._settle(min(day, truth.gone))

    def _settle(self, before: int) -> None:
        """Events before a day have happened where drug was taken on theirs."""
        for at, day in self.truth.events.items():
            if day < before:
                if self.standing.step:
                    self._event(at)
                self.truth.events[at] = NEVER

    def _event(self, at: int) -> None:
        self._count("EVENTS")
        self._count(f"EVENT_{at + 1}")

    # -- the end -----------------------------------------------------------------------------------

    def _end(self, before: int) -> None:
        truth, standing = self.truth, self.standing
        end = max(self.numbers.last_day, before)
        until = min(end, truth.gone - 1)
        self._pass_events(until)
        self._settle(min(until + 1, truth.gone))
        self._count("DROPPED_OUT", self.dropout == truth.gone <= end)
        self._account(min(end, truth.gone - 1) - self.dose_since + 1)
        self._count("CAPSULES", math.ceil(self.capsules - 1e-9))
        codes = [category.code for category in self.scheme.response.categories]
        wanted = self.scheme.simulation.endpoint.codes
        self.success = self.early is not None and codes[self.early] in wanted
        self._count("SUCCESSES", self.success)
        if standing.best_rank is not None:
            self._count(f"BEST_{codes[standing.best_rank].replace(' ', '_')}")
        self._count("RELAPSED", self.relapses > 0)
        self._count("RELAPSES_TAPER", standing.relapses_in_taper)

    def _count(self, name: str, number: float = 1) -> None:
        self.counts[name] = self.counts.get(name, 0) + number
