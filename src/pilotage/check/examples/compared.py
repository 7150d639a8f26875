"""Where an example comes out differently, in words: what the rules say, why, what was expected."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pilotage.check.examples.asked import Asked
from pilotage.check.examples.expected import UNKNOWN
from pilotage.check.examples.values import plain
from pilotage.conditions import Value
from pilotage.rules import Advice, CriterionAnswer, Decision, compare_dose, missing_tests
from pilotage.rules.advice import expected_step
from pilotage.rules.screening import WORDS
from pilotage.study.places import Path
from pilotage.study.protocol import text_of
from pilotage.study.worked_examples import NO_ADVICE, Expectation, Reported

MOST = 6
"""So many values are told at most."""

ANSWERS = {True: "yes", False: "no", None: "unknown"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as expected; `path` leads to it inside the expectation."""

    path: Path
    subject: str
    said: str
    reason: str
    expected: str

    def __str__(self) -> str:
        because = f" (because {self.reason})" if self.reason else ""
        return f"{self.subject} {self.said}{because}, expected {self.expected}"


def differences(each: Asked) -> Iterator[Difference]:
    """Everything that is named in the expectation and comes out differently."""
    expected = each.moment.expected
    if each.advice is not None:
        for compare in (_eligibility, _dosing, _entered, _reasons):
            yield from compare(each.advice, each, expected)
    yield from _state(each, expected)
    yield from _contacts(each, expected)
    yield from _deviations(each, expected)
    yield from _reporting(each, expected)
    yield from _queries(each, expected)


# -- eligibility -----------------------------------------------------------------------------------


def _eligibility(advice: Advice, each: Asked, expected: Expectation) -> Iterator[Difference]:
    said = ANSWERS[advice.eligible]
    if expected.eligible is not None and said != expected.eligible:
        yield _plainly("eligible", "eligible", said, _why_eligible(advice), expected.eligible)
    answers = {answer.criterion.id: answer for answer in advice.eligibility}
    for name, wanted in expected.criteria.items():
        if name not in answers:
            path: Path = ("criteria", name)
            yield Difference(path, name, "is not judged", advice.dosing.reason, f"'{wanted}'")
        elif (found := WORDS[answers[name].passed]) != wanted:
            why = _of_criterion(answers[name])
            yield _plainly(("criteria", name), name, found, why, wanted)
    if expected.waits_for is not None:
        waits = [test.input.name for test in missing_tests(advice)]
        if waits != list(expected.waits_for):
            yield _listed("waits_for", "eligibility waits for", waits, "", expected.waits_for)


def _why_eligible(advice: Advice) -> str:
    failed = [answer for answer in advice.eligibility if answer.passed is False]
    if failed:
        return "; ".join(f"{a.criterion.id} is failed: {_of_criterion(a)}" for a in failed)
    unknown = [answer for answer in advice.eligibility if answer.passed is None]
    if unknown:
        return "; ".join(f"{a.criterion.id} is unknown: {_of_criterion(a)}" for a in unknown)
    return "every criterion is passed" if advice.eligibility else advice.dosing.reason


def _of_criterion(answer: CriterionAnswer) -> str:
    return f"{text_of(answer.criterion.why)}; {_values(answer.inputs)}"


# -- dosing ----------------------------------------------------------------------------------------


def _dosing(advice: Advice, each: Asked, expected: Expectation) -> Iterator[Difference]:
    decision = advice.dosing
    if expected.dosing is not None and decision.action != expected.dosing:
        said = decision.action or "nothing"
        yield _plainly("dosing", "dosing", said, _why(decision), expected.dosing)
    if expected.step is not None:
        step = expected_step(decision, advice, each.record.protocol.treatment)
        if step != expected.step:
            said = step or "not known"
            yield _plainly("step", "the step of dosing", said, _why(decision), expected.step)
    if expected.missing is not None and set(decision.missing) != set(expected.missing):
        why = _why(decision)
        yield _listed("missing", "dosing misses", decision.missing, why, expected.missing)


def _entered(advice: Advice, each: Asked, expected: Expectation) -> Iterator[Difference]:
    for step, wanted in expected.entered.items():
        found = compare_dose(advice, step, each.record.protocol)
        if found.verdict != wanted:
            entered = f"{step}, when it is entered,"
            yield _plainly(("entered", step), entered, found.verdict, found.reason, wanted)


def _why(decision: Decision) -> str:
    parts = [decision.reason, _values(decision.inputs)]
    return "; ".join(part for part in parts if part)


def _values(inputs: Mapping[str, Value]) -> str:
    """The values on which an answer rests: `RESPONSE is 'NR' and WEEK is unknown`."""
    said = [f"{name} is {_shown(value)}" for name, value in inputs.items()]
    more = [f"{len(said) - MOST} more"] if len(said) > MOST else []
    return " and ".join([*said[:MOST], *more])


def _shown(value: Value) -> str:
    if value is None:
        return "unknown"
    return f"'{value}'" if isinstance(value, str) else str(plain(value))


# -- stopping, dispensing --------------------------------------------------------------------------


def _reasons(advice: Advice, each: Asked, expected: Expectation) -> Iterator[Difference]:
    tables: list[tuple[str, str, Sequence[Decision], object]] = [
        ("stops", "reasons to stop are", advice.stopping, expected.stops),
        ("blocks", "reasons not to dispense are", advice.dispensing, expected.blocks),
    ]
    for key, words, decisions, wanted in tables:
        if wanted is None:
            continue
        unknown = [decision for decision in decisions if not decision.known]
        said = list(dict.fromkeys(d.reason for d in decisions if d.known))
        if unknown:
            why = "; ".join(_why(decision) for decision in unknown)
            if wanted != NO_ADVICE:
                yield Difference((key,), words, f"'{NO_ADVICE}'", why, _names(_texts(wanted)))
        elif wanted == NO_ADVICE or set(said) != set(_texts(wanted)):
            why = "; ".join(_values(decision.inputs) for decision in decisions)
            asked_for = f"'{NO_ADVICE}'" if wanted == NO_ADVICE else _names(_texts(wanted))
            yield Difference((key,), words, _names(said), why, asked_for)


def _texts(wanted: object) -> Sequence[str]:
    return wanted if isinstance(wanted, tuple) else ()


# -- state -----------------------------------------------------------------------------------------


def _state(each: Asked, expected: Expectation) -> Iterator[Difference]:
    for name, wanted in expected.state.items():
        value, problem = each.state.get(name), each.problems.get(name, "no version in force")
        unknown = UNKNOWN.fullmatch(wanted) if isinstance(wanted, str) else None
        if unknown is not None:
            as_expected = value is None and unknown["problem"] in (None, problem)
        else:
            as_expected = value is not None and _same(value, wanted)
        if not as_expected:
            said = f"is {_shown(value)}" if value is not None else f"is 'unknown ({problem})'"
            yield Difference(("state", name), name, said, _source(each, name), _shown(wanted))


def _same(value: Value, wanted: int | float | str) -> bool:
    if isinstance(value, int | float) and isinstance(wanted, int | float):
        return abs(value - wanted) <= 1e-9 * max(1.0, abs(value))
    return str(value) == str(wanted)


def _source(each: Asked, name: str) -> str:
    """The day of a value, or what is recorded although it cannot be used."""
    if name not in each.state:
        return ""
    found = each.input(name)
    if found.recorded:
        return f"the record says {found.recorded}"
    return f"recorded on {found.on}" if found.on else ""


# -- contacts and deviations -----------------------------------------------------------------------


def _contacts(each: Asked, expected: Expectation) -> Iterator[Difference]:
    for status, wanted in expected.contacts.items():
        rows = [row for row in each.contacts if row["STATUS"] == status and row["ID"]]
        rows.sort(key=lambda row: (str(row["TARGET"]), str(row["ID"])))
        found = list(dict.fromkeys(str(row["ID"]) for row in rows))
        if set(found) != set(wanted):
            why = "; ".join(f"{row['LABEL']}, planned for {row['TARGET']}" for row in rows)
            yield _listed(("contacts", status), f"contacts that are {status}:", found, why, wanted)


def _deviations(each: Asked, expected: Expectation) -> Iterator[Difference]:
    found = each.deviations_by_kind()
    for kind, wanted in expected.deviations.items():
        if found[kind] != wanted:
            terms = [str(row["DVTERM"]) for row in each.deviations if row["DVDECOD"] == kind]
            path: Path = ("deviations", kind)
            said = f"is found {found[kind]} times" if found[kind] != 1 else "is found once"
            yield Difference(path, kind, said, "; ".join(terms), str(wanted))


# -- serious events and queries --------------------------------------------------------------------


def _reporting(each: Asked, expected: Expectation) -> Iterator[Difference]:
    """Every serious event must be named, and stand as it is said of it."""
    if expected.reporting is None:
        return
    rows = {str(row["AETERM"]): row for row in each.reporting}
    if set(rows) != set(expected.reporting):
        yield _listed("reporting", "serious events are", rows, "", expected.reporting)
    for term, wanted in expected.reporting.items():
        if term in rows:
            yield from _report(rows[term], term, wanted)


def _report(row: Mapping[str, object], term: str, wanted: str | Reported) -> Iterator[Difference]:
    status = wanted.status if isinstance(wanted, Reported) else wanted
    hours = wanted.hours if isinstance(wanted, Reported) else None
    least, most = row["HOURS"], row["HOURSTO"]
    why = str(row["REMARK"] or _learnt(row))
    subject = f"the report of '{term}'"
    if row["STATUS"] != status:
        yield _plainly(("reporting", term), subject, str(row["STATUS"]), why, status)
    elif hours is not None and not _all_same([least, most], hours):
        of = "took" if status.startswith("reported") else "has left"
        path: Path = ("reporting", term, "hours")
        yield Difference(path, subject, f"{of} {_hours(least, most)}", why, f"{hours:g}")


def _all_same(found: Iterable[object], wanted: float) -> bool:
    return all(isinstance(one, float) and _same(one, wanted) for one in found)


def _hours(least: object, most: object) -> str:
    said = [f"{one:g}" for one in (least, most) if isinstance(one, float)]
    return f"{' to '.join(dict.fromkeys(said))} hours" if said else "no known hours"


def _learnt(row: Mapping[str, object]) -> str:
    reported = f", reported {row['REPORTED']}" if row["REPORTED"] else ""
    return f"learnt {row['LEARNT']}{reported}"


def _queries(each: Asked, expected: Expectation) -> Iterator[Difference]:
    """Every query must contain one of the expected texts, and every text stand in a query."""
    if expected.queries is None:
        return
    asked = [str(row["QUERY"]) for row in each.queries]
    unexpected = [one for one in asked if not any(words in one for words in expected.queries)]
    not_asked = [words for words in expected.queries if not any(words in one for one in asked)]
    if unexpected or not_asked:
        yield _listed("queries", "queries are", asked, "", expected.queries)


# -- words -----------------------------------------------------------------------------------------


def _plainly(key: str | Path, subject: str, said: str, reason: str, wanted: str) -> Difference:
    path = (key,) if isinstance(key, str) else key
    return Difference(path, subject, f"is '{said}'", reason, f"'{wanted}'")


def _listed(
    key: str | Path, subject: str, said: Iterable[str], reason: str, wanted: Iterable[str]
) -> Difference:
    path = (key,) if isinstance(key, str) else key
    return Difference(path, subject, _names(said), reason, _names(wanted))


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names) or "none"
