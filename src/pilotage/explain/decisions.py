"""The answers of the decision tables on a day, as entries: eligibility, reasons to stop,
dispensing, activities, deviations."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from pilotage.explain.case import Case
from pilotage.explain.model import Entry, Kind, Mark, Part
from pilotage.explain.words import label_of, shortened, sources, unknown
from pilotage.plural import counted
from pilotage.rules import Advice, CriterionAnswer, Decision, missing_tests
from pilotage.rules.consent import consent_later, of_consent
from pilotage.rules.entry import eligibility_between
from pilotage.study.protocol import text_of

MARKS: Mapping[bool | None, Mark] = {True: "", False: "against", None: "unknown"}
"""How a criterion is marked that is passed, not passed, not known."""

NOUNS: Mapping[Kind, tuple[str, str]] = {
    "stopping": ("reason to stop", "reasons to stop"),
    "dispensing": ("reason not to dispense", "reasons not to dispense"),
    "activity": ("activity", "activities"),
    "deviation": ("deviation", "deviations"),
}
"""What the rows of a table are."""


def eligibility_entry(case: Case, advice: Advice) -> Entry | None:
    """Each criterion with what it rests on; what is still missing, cheapest first."""
    answers = advice.eligibility
    if not answers:
        return None
    failed = [each for each in answers if each.passed is False]
    open_ = [each for each in answers if each.passed is None]
    total = counted(len(answers), "criterion", "criteria")
    if failed:
        what = f"not eligible: {', '.join(each.criterion.id for each in failed)}"
    elif open_:
        ids = ", ".join(each.criterion.id for each in open_)
        what = unknown(f"eligibility waits for {len(open_)} of {total}: {ids}")
    else:
        what = f"eligible: {total} passed"
    parts = [_criterion(case, advice, each) for each in (*failed, *open_)]
    parts += _wanted(case, advice)
    parts += [_criterion(case, advice, each) for each in answers if each.passed]
    return Entry("eligibility", what, MARKS[advice.eligible], parts=tuple(parts), short=what)


def entry_between(case: Case, first: date, last: date) -> Entry | None:
    """Eligibility where the first dose was taken on one of these days, and nobody knows which."""
    answers = eligibility_between(case.record, case.subject, first, last)
    if not answers:
        return None
    advice = replace(case.advice(last), eligibility=answers)
    found = eligibility_entry(case.under(last), advice)
    if found is None:
        return None
    what = f"first dose on a day from {first} to {last}; on any of them {found.what}"
    if found.mark == "unknown":
        said = found.what.removeprefix(unknown(""))
        what = unknown(f"first dose on a day from {first} to {last}; {said}")
    return replace(found, what=what, short=what)


def _criterion(case: Case, advice: Advice, answer: CriterionAnswer) -> Part:
    criterion = answer.criterion
    holds = None if answer.passed is None else answer.passed is (answer.kind == "inclusion")
    said = {True: "holds", False: "does not hold", None: "is not known"}[holds]
    wanted = answer.missing or answer.inputs
    later = consent_later(case.record, case.subject, advice.on)
    if later is not None and of_consent(criterion, case.protocol_on(advice.on)):
        said = f"{said}: informed consent is dated later ({later})"
    return Part(
        f"{criterion.id} {said}",
        MARKS[answer.passed],
        why=text_of(criterion.why),
        sources=sources(case.study, criterion.sources),
        inputs=tuple(advice.inputs[name] for name in wanted if name in advice.inputs),
        brief=answer.passed is True,
    )


def _wanted(case: Case, advice: Advice) -> list[Part]:
    """What eligibility still waits for, the cheapest first; inputs of the same criteria
    together."""
    together: dict[tuple[str, ...], list[str]] = {}
    for test in missing_tests(advice):
        together.setdefault(test.criteria, []).append(label_of(case.study, test.input.name))
    if not together:
        return []
    said = [f"{shortened(names)} ({', '.join(ids)})" for ids, names in together.items()]
    return [Part(f"wanted, cheapest first: {'; '.join(said)}")]


def stopping_entry(case: Case, advice: Advice) -> Entry:
    rules = len(case.protocol_on(advice.on).stopping.rows)
    none = f"no reason to stop ({counted(rules, 'rule')})"
    return _any(
        case, advice, advice.stopping, "stopping", none, lambda each: f"stop: {each.reason}"
    )


def dispensing_entry(case: Case, advice: Advice) -> Entry | None:
    if case.protocol_on(advice.on).dispensing is None:
        return None
    none = "nothing stands against dispensing"
    return _any(
        case, advice, advice.dispensing, "dispensing", none, lambda each: f"blocked: {each.reason}"
    )


def activity_entry(case: Case, advice: Advice, done: Mapping[str, str]) -> Entry | None:
    """The forms that the protocol asks for; `done` says of a form what became of it."""
    if not advice.activities:
        return None

    def asked(each: Decision) -> str:
        code = each.to or ""
        form = case.protocol_on(advice.on).forms.get(code)
        stands = f", {done[code]}" if code in done else ""
        return f"{case.text(form.label) if form else code} is asked for{stands}"

    return _any(case, advice, advice.activities, "activity", "", asked, mark="")


def deviation_entry(case: Case, advice: Advice) -> Entry | None:
    if not advice.deviations:
        return None
    return _any(case, advice, advice.deviations, "deviation", "", lambda each: each.reason)


def _any(
    case: Case,
    advice: Advice,
    decisions: Sequence[Decision],
    kind: Kind,
    none: str,
    told: Callable[[Decision], str],
    *,
    mark: Mark = "against",
) -> Entry:
    """The entry of a table in which any row answers: what is known, else what cannot be known."""
    known = [each for each in decisions if each.known]
    open_ = [each for each in decisions if not each.known]
    if not decisions:
        return Entry(kind, none, short=none)
    unsure = [_part(case, advice, each, each.reason, "unknown") for each in open_]
    sure = [_part(case, advice, each, told(each), mark) for each in known]
    if len(sure) == 1 and not unsure:
        (one,) = sure
        shown = "" if kind in ("stopping", "dispensing", "deviation") else one.why
        return Entry(kind, one.what, one.mark, shown, one.sources, one.inputs, short=one.what)
    said = "; ".join(each.what for each in sure)
    waiting = unknown(f"{counted(len(unsure), *NOUNS[kind])} cannot be judged")
    what = "; ".join(each for each in (waiting if unsure else "", said) if each)
    return Entry(
        kind, what, "unknown" if unsure else sure[0].mark, parts=(*unsure, *sure), short=what
    )


def _part(case: Case, advice: Advice, each: Decision, what: str, mark: Mark) -> Part:
    inputs = advice.inputs_of(each)
    why = each.reason if each.known and what != each.reason else ""
    return Part(what, mark, why, sources(case.study, each.source), inputs)
