"""What the protocol says of one subject on one day, and of a dose that somebody entered."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from pilotage.rules.consent import consented
from pilotage.rules.decide import UNKNOWN, AnyTable, Decision, State, decide, decide_any
from pilotage.rules.eligibility import CriterionAnswer, check_eligibility, eligible
from pilotage.rules.fold import BEFORE, no_drug
from pilotage.rules.inputs import Input
from pilotage.rules.record import Record
from pilotage.rules.states import known_of
from pilotage.study.doses import DOSES_PER_DAY
from pilotage.study.namespace import PHASES
from pilotage.study.protocol import Protocol, ProtocolVersion, Treatment, text_of
from pilotage.study.versions import version_on

UNNAMED = "the dosing rule"
"""Said in place of words that name a dose, where the study does not propose doses."""

WHETHER = "not known whether"
"""How the reason begins where it is not known whether the rule holds."""

EVERY_DAY = r"(?:\s*(?:/|a\s|per\s)\s*day\b|\s+daily\b)"
"""Words after a dose that is given once a day."""

Verdict = Literal["conforms", "deviates", "CANNOT ADVISE"]


@dataclass(frozen=True, slots=True)
class Advice:
    """The answers of every decision table, and each value on which they rest, by name.

    `step` is the step of the ladder before the day, `phase` the phase of treatment, `held` the step
    at which a relapse was last cleared; None where they are not known. `state` is what the tables
    were asked about; `of_the_day` holds every value of the latest day where there are several.
    """

    subject: str
    on: date
    version: ProtocolVersion | None
    eligibility: tuple[CriterionAnswer, ...]
    dosing: Decision
    stopping: Sequence[Decision]
    dispensing: Sequence[Decision]
    activities: Sequence[Decision]
    deviations: Sequence[Decision]
    inputs: Mapping[str, Input] = field(default_factory=dict)
    state: State = field(default_factory=dict, repr=False)
    of_the_day: Mapping[str, Sequence[Input]] = field(default_factory=dict, repr=False)
    step: str | None = None
    phase: str | None = None
    held: str | None = None

    def inputs_of(self, decision: Decision) -> tuple[Input, ...]:
        """The inputs on which a decision rests, or that keep it unknown: of several values of a
        day the one that met the rule."""
        names = decision.inputs if decision.known else decision.missing
        return tuple(self._input(n, decision) for n in names if n in self.inputs)

    def _input(self, name: str, decision: Decision) -> Input:
        used = decision.inputs.get(name)
        candidates = (self.inputs[name], *self.of_the_day.get(name, ()))
        met = (each for each in candidates if each.value == used)
        return next(met, self.inputs[name]) if decision.known else self.inputs[name]

    @property
    def eligible(self) -> bool | None:
        """May the subject enter? None where that is not known."""
        return eligible(self.eligibility) if self.eligibility else None


@dataclass(frozen=True, slots=True)
class DoseComparison:
    """A dose that was entered, beside what the protocol says.

    `expected` is the step that the protocol asks for; None where it is unknown, and where the study
    does not propose doses. `missing` are the inputs that keep the answer unknown, each with its
    problem. `ruling` is the decision on which the comparison rests; `silent` says that no word of
    the protocol about it may name another dose than the one entered.
    """

    verdict: Verdict
    reason: str
    source: tuple[str, ...] = ()
    expected: str | None = None
    missing: tuple[Input, ...] = ()
    ruling: Decision | None = field(default=None, compare=False)
    silent: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class MissingTest:
    """An input that eligibility still waits for, what it costs, and the criteria that need it."""

    input: Input
    cost: int
    criteria: tuple[str, ...]


def advise(record: Record, subject: str, on: date) -> Advice:
    """Ask every table about a subject on a day, under the version of the protocol that was in force
    on it. Everything measured or answered up to the end of the day counts, and the doses that began
    before it: what begins on the day, or on the next morning, is what is decided.

    Raises KeyError for a subject that the snapshot does not have.
    """
    version = version_on(record.protocol, on)
    ruling = record.under_version_on(on)
    if ruling is None:
        return _version_not_kept(subject, on, version)
    alone, protocol = ruling.of(subject), ruling.protocol
    known = known_of(alone, subject, on)
    state = known.state

    def any_of(table: AnyTable | None) -> Sequence[Decision]:
        return () if table is None else decide_any(table, state)

    step, phase, held = alone.phases.standing(subject, on)
    return Advice(
        subject=subject,
        on=on,
        version=version,
        eligibility=consented(check_eligibility(protocol.eligibility, state), alone, subject, on),
        dosing=decide(protocol.dosing, state),
        stopping=any_of(protocol.stopping),
        dispensing=any_of(protocol.dispensing),
        activities=any_of(protocol.schedule.activities),
        deviations=any_of(protocol.deviations),
        inputs=known.inputs,
        state=state,
        of_the_day=known.of_the_day,
        step=step,
        phase=phase,
        held=held,
    )


def _version_not_kept(subject: str, on: date, version: ProtocolVersion | None) -> Advice:
    why = "no version of the protocol was in force on this day"
    if version is not None:
        why = f"version {version.id} of the protocol is not kept in the study folder"
    unknown = Decision(UNKNOWN, why)
    every = (unknown,)
    return Advice(subject, on, version, (), unknown, every, every, every, every)


def compare_dose(advice: Advice, entered: str, protocol: Protocol) -> DoseComparison:
    """Does a step of the ladder that was entered conform to the protocol?

    A reason to stop comes before the dosing table, and nobody starts who may not enter the study:
    where either is not known, no dose is called conform. Where the study does not propose doses, a
    rule of dosing that the entered dose does not follow is not told where it names another dose.
    """
    steps = [step.step for step in protocol.treatment.ladder]
    if entered not in steps:
        said = f"{entered} is no step of the dose ladder"
        open_ = protocol.dose_proposals
        return DoseComparison("deviates", said, protocol.treatment.sources, silent=not open_)
    ruling = _ruling(advice)
    expected = expected_step(ruling, advice, protocol.treatment) if ruling.known else None
    verdict: Verdict = "CANNOT ADVISE"
    if expected is not None:
        verdict = "conforms" if entered == expected else "deviates"
    # criteria, reasons to stop and not to dispense name no dose of the ladder
    of_dosing = ruling is advice.dosing
    silent = of_dosing and verdict != "conforms" and not protocol.dose_proposals
    reason = ruling.reason
    if silent and names_another_dose(reason, entered, protocol.treatment):
        reason = f"{UNNAMED} of {', '.join(ruling.source)} applies here"
        if not ruling.known:
            reason = f"{WHETHER} {reason}"
        elif verdict == "deviates":
            reason += ", and it leads to another dose"
    if ruling.known and expected is None:
        reason = f"{reason}: which step that is cannot be known"
    missing = () if ruling.known else ruling.missing
    return DoseComparison(
        verdict,
        reason,
        ruling.source,
        expected if protocol.dose_proposals else None,
        tuple(advice.inputs[name] for name in missing if name in advice.inputs),
        ruling,
        silent,
    )


def _ruling(advice: Advice) -> Decision:
    """What decides about the dose: a known reason to stop, else the dosing table; unknown where one
    of the conditions for a dose is."""
    if advice.phase == PHASES[BEFORE]:
        return _entry(advice) if advice.dosing.action == "start" else advice.dosing
    stops = [stop for stop in advice.stopping if stop.known]
    if stops:
        return stops[0]
    if advice.dosing.action == "stop" or not advice.dosing.known:
        return advice.dosing
    return advice.stopping[0] if advice.stopping else advice.dosing


def _entry(advice: Advice) -> Decision:
    """A start, where every criterion is passed."""
    failed = [answer for answer in advice.eligibility if answer.passed is False]
    unknown = [answer for answer in advice.eligibility if answer.passed is None]
    if failed:
        criterion = failed[0].criterion
        why = f"not eligible ({criterion.id}): {text_of(criterion.why)}"
        return Decision("stop", why, criterion.sources)
    if unknown:
        names = tuple(dict.fromkeys(name for answer in unknown for name in answer.missing))
        criteria = ", ".join(answer.criterion.id for answer in unknown)
        sources = tuple(dict.fromkeys(s for answer in unknown for s in answer.criterion.sources))
        return Decision(UNKNOWN, f"eligibility is not known: {criteria}", sources, missing=names)
    return advice.dosing


def expected_step(decision: Decision, advice: Advice, treatment: Treatment) -> str | None:
    """The step of the ladder to which an action leads; None where that cannot be known."""
    steps = [step.step for step in treatment.ladder]
    if decision.to is not None:
        return decision.to
    at = None if advice.step is None else steps.index(advice.step)
    match decision.action:
        case "stop":
            none = no_drug(treatment)
            return None if none is None else steps[none]
        case "start" | "reintroduce":
            return steps[1]
        case "maintain":
            return advice.held
        case "hold":
            return advice.step
        case "raise" if at is not None:
            return steps[min(at + 1, len(steps) - 1)]
        case "lower" if at is not None:
            return steps[max(at - 1, 0)]
    return None


def names_another_dose(words: str, entered: str, treatment: Treatment) -> bool:
    """Do words of the protocol name a step of the ladder, or the dose of one, that is not the step
    entered? A dose that more than one step has is that of the entered one where it is said to be
    given every day and the entered one is."""
    said = words.casefold()
    own = next((step for step in treatment.ladder if step.step == entered), None)
    doses = [_pattern(f"{s.dose:g} {treatment.unit}") for s in treatment.ladder if s.dose]
    if own is not None:
        said = re.sub(_pattern(own.step), "", said)
    if own is not None and own.dose:
        dose = _pattern(f"{own.dose:g} {treatment.unit}")
        once_a_day = DOSES_PER_DAY.get(own.frequency or "") == (1, 1)
        if doses.count(dose) == 1:
            said = re.sub(dose, "", said)
        elif once_a_day:
            said = re.sub(rf"{dose}{EVERY_DAY}", "", said)
    return any(
        re.search(each, said) for each in (*doses, *(_pattern(s.step) for s in treatment.ladder))
    )


def _pattern(dose: str) -> str:
    words = r"\s*".join(re.escape(word) for word in dose.casefold().split())
    return rf"(?<![\w.]){words}(?!\w)"


def missing_tests(advice: Advice) -> tuple[MissingTest, ...]:
    """What eligibility still waits for, the cheapest first; nothing once it is decided."""
    if advice.eligible is not None:
        return ()
    found: dict[str, tuple[int, list[str]]] = {}
    for answer in advice.eligibility:
        for name in answer.missing if answer.passed is None else ():
            cost, criteria = found.get(name, (answer.criterion.cost, []))
            found[name] = (min(cost, answer.criterion.cost), [*criteria, answer.criterion.id])
    ordered = sorted(found.items(), key=lambda each: each[1][0])
    return tuple(
        MissingTest(advice.inputs[name], cost, tuple(criteria))
        for name, (cost, criteria) in ordered
    )
