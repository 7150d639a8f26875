"""When to start, raise, hold, lower, reintroduce, maintain and stop, rule after rule.

A fact is None where it is unknown. A rule holds (True), does not hold (False), or cannot be judged
(None). `facts` are the names of the study; an answer is the number of the rule, what to do and the
step to go to. The rules stand in the order of the study's tables, so that their numbers can be
compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Facts = Mapping[str, Any]
Answer = tuple[int, str, str | None]
STEPS = ("stop", "5 mg TIW", "5 mg QOD", "5 mg QD", "10 mg QD")
NOT_STATED: Answer = (-1, "not stated", None)


def all_of(*parts: bool | None) -> bool | None:
    if False in parts:
        return False
    return None if None in parts else True


def any_of(*parts: bool | None) -> bool | None:
    opposite = all_of(*(None if part is None else not part for part in parts))
    return None if opposite is None else not opposite


def is_(value: Any, *wanted: Any) -> bool | None:
    return None if value is None else value in wanted


def is_not(value: Any, unwanted: Any) -> bool | None:
    return None if value is None else value != unwanted


def at_least(value: Any, bound: float) -> bool | None:
    return None if value is None else value >= bound


def below(value: Any, bound: float) -> bool | None:
    return None if value is None else value < bound


def above(value: Any, bound: float) -> bool | None:
    return None if value is None else value > bound


def dosing(facts: Facts) -> Answer | None:
    """The first rule that holds; None where an earlier one cannot be judged."""
    for number, (holds, action, step) in enumerate(_dosing_rules(facts)):
        if holds is None:
            return None
        if holds and action == "lower":
            return number, action, _one_step_down(facts["DOSE_STEP"])
        if holds:
            return number, action, step
    return NOT_STATED


def _one_step_down(step: str | None) -> str | None:
    """From a dose that is none of the steps it is not known which is the next."""
    return None if step is None else STEPS[STEPS.index(step) - 1]


Rule = tuple[bool | None, str, str | None]


def _dosing_rules(facts: Facts) -> list[Rule]:
    reason = facts["end_of_treatment.reason"]
    # a stop is for good. P-30: start at 5 mg/day.
    return [
        (reason is not None and reason != "COMPLETED", "stop", None),
        (is_(facts["PHASE"], "before start"), "start", "5 mg QD"),
        *_relapse_rules(facts),
        *_taper_rules(facts),
        *_treatment_rules(facts),
    ]


def _relapse_rules(facts: Facts) -> list[Rule]:
    """Q-20: the second relapse allows the last step that held; all others return to 5 mg QD."""
    phase, step, weeks = facts["PHASE"], facts["DOSE_STEP"], facts["WEEKS_AT_STEP"]
    relapsed, cleared = is_(facts["RELAPSE"], "yes"), is_(facts["RELAPSE"], "no")
    again = at_least(facts["TAPER_RELAPSES"], 2)
    taper, off = is_(phase, "taper"), is_(phase, "off treatment")
    kept = is_(phase, "maintenance")
    return [
        (all_of(taper, relapsed, again, is_(step, "5 mg QOD")), "maintain", "5 mg QD"),
        (all_of(taper, relapsed, again, is_(step, "5 mg TIW")), "maintain", "5 mg QOD"),
        (all_of(off, relapsed, again), "maintain", "5 mg TIW"),
        (all_of(kept, relapsed, below(weeks, 8)), "hold", None),
        (
            all_of(is_(phase, "taper", "off treatment", "maintenance"), relapsed),
            "reintroduce",
            "5 mg QD",
        ),
        (all_of(off, is_(facts["BEST_RESPONSE"], "CR"), cleared), "hold", None),
        (all_of(kept, cleared), "hold", None),
    ]


def _taper_rules(facts: Facts) -> list[Rule]:
    """Q-18: a step down after 4 weeks at 0. Q-19: between 0 and a relapse the dose is kept."""
    taper, cleared = is_(facts["PHASE"], "taper"), is_(facts["RELAPSE"], "no")
    complete, weeks = is_(facts["RESPONSE"], "CR"), facts["WEEKS_AT_STEP"]
    less = is_(facts["RESPONSE"], "PR", "MR", "NR")
    return [
        (all_of(taper, cleared, complete, at_least(weeks, 4)), "lower", None),
        (all_of(taper, cleared, complete, below(weeks, 4)), "hold", None),
        (all_of(taper, cleared, less), "hold", None),
    ]


def _treatment_rules(facts: Facts) -> list[Rule]:
    """P-31 to P-33, Q-15 to Q-17; 4 weeks of 5 mg/day after a reintroduction come first."""
    treatment, step, weeks = (
        is_(facts["PHASE"], "treatment"), facts["DOSE_STEP"], facts["WEEKS_AT_STEP"],
    )  # fmt: skip
    again = at_least(facts["TAPER_RELAPSES"], 1)
    response = facts["RESPONSE"]
    later = all_of(treatment, at_least(facts["WEEK"], 4))
    none_at_10 = all_of(later, is_(response, "NR"), is_(step, "10 mg QD"))
    return [
        (all_of(treatment, again, is_(step, "5 mg QD"), below(weeks, 4)), "hold", None),
        (all_of(treatment, below(facts["WEEK"], 4)), "hold", None),
        (all_of(later, is_(response, "CR")), "lower", None),
        (all_of(later, is_(response, "PR")), "hold", None),
        (all_of(later, is_(response, "MR")), "hold", None),
        (all_of(later, is_(response, "NR"), is_(step, "5 mg QD")), "raise", "10 mg QD"),
        (all_of(none_at_10, at_least(weeks, 8)), "stop", None),
        (all_of(none_at_10, below(weeks, 8)), "hold", None),
    ]


Answers = tuple[frozenset[int], frozenset[int]]  # rules that hold, rules that cannot be judged


def _judged(rules: Iterable[bool | None]) -> Answers:
    numbered = list(enumerate(rules))
    return (
        frozenset(number for number, holds in numbered if holds),
        frozenset(number for number, holds in numbered if holds is None),
    )


def stopping(every: Sequence[Facts]) -> Answers:
    """P-36, Q-23, Q-24. A rule holds where any choice of the values of a day meets it, and cannot
    be judged where none does and one of them cannot."""
    judged = [_stopping(facts) for facts in every]
    true = frozenset().union(*(holds for holds, _ in judged))
    return true, frozenset().union(*(unknown for _, unknown in judged)) - true


def _stopping(facts: Facts) -> Answers:
    other = is_(facts["stopping_review.flare_other_treatment"], "yes")
    return _judged(
        [
            *(at_least(facts[f"{test}.GRADE"], 3) for test in ("NEUT", "WBC", "PLAT", "HGB")),
            is_(facts["stopping_review.consent_withdrawn"], "yes"),
            any_of(_positive(facts), _reported(facts)),
            is_(facts["stopping_review.life_threatening"], "yes"),
            all_of(above(facts["SLEDAI.CHG"], 12), other),
            is_(facts["stopping_review.physician_stops"], "yes"),
        ]
    )


def _may_conceive(facts: Facts) -> bool | None:
    return all_of(is_not(facts["SEX"], "M"), is_(facts["childbearing.potential"], "yes"))


def _lacking(facts: Facts, name: str) -> bool | None:
    """Is there no value that can be used? Where those of a day disagree, nobody can say."""
    if facts[name] is not None:
        return False
    return None if name in facts["disagreeing"] else True


def _positive(facts: Facts) -> bool | None:
    """A test that was made counts for everybody; only those who can bear children lack one."""
    result, not_male = facts["pregnancy_test.result"], is_not(facts["SEX"], "M")
    if _lacking(facts, "pregnancy_test.result") and facts["childbearing.potential"] == "no":
        return False
    return all_of(not_male, is_(result, "POSITIVE"))


def _reported(facts: Facts) -> bool | None:
    return all_of(is_not(facts["SEX"], "M"), facts["pregnancy_report.learnt"] is not None)


def dispensing(facts: Facts) -> Answers:
    """Q-09: no capsule without a valid negative test and contraception on record."""
    not_male = is_not(facts["SEX"], "M")
    fertile = _may_conceive(facts)
    tested, first_on = facts["pregnancy_test.tested"], facts["pregnancy_screening.tested"]
    phase, days = facts["PHASE"], facts["PREG_TEST_DAYS"]
    before = is_(phase, "before start", "off treatment")
    taking = is_(phase, "treatment", "taper", "maintenance")
    contraception = "childbearing.contraception"
    wrong_first = any_of(
        _lacking(facts, "pregnancy_screening.result"),
        first_on is None,
        is_(facts["pregnancy_screening.result"], "POSITIVE"),
        below(facts["FIRST_PREG_DAYS"], 10),
        above(facts["FIRST_PREG_DAYS"], 14),
    )
    cycle_day = facts["CYCLE_DAY"]
    early = None if cycle_day is None else cycle_day <= 29
    return _judged(
        [
            all_of(not_male, _lacking(facts, "childbearing.potential")),
            _positive(facts),
            all_of(fertile, any_of(_lacking(facts, "pregnancy_test.result"), tested is None)),
            all_of(not_male, is_(facts["childbearing.lactating"], "yes")),
            all_of(
                fertile, any_of(_lacking(facts, contraception), is_(facts[contraception], "no"))
            ),
            all_of(fertile, before, wrong_first),
            all_of(fertile, before, above(days, 1)),
            all_of(fertile, taking, early, above(days, 7)),
            all_of(fertile, taking, above(cycle_day, 29), above(days, 28)),
            _reported(facts),
        ]
    )
