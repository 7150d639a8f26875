"""A name of the study's namespace, traced: a parameter, an item of a form, a part of the state."""

from collections.abc import Iterable, Iterator
from datetime import date

import polars as pl

from pilotage.conditions import describe, holds
from pilotage.datasets.facts import read_target
from pilotage.explain.case import Case
from pilotage.explain.doses import changes_of, named
from pilotage.explain.model import Part
from pilotage.explain.trace import Found, Trace, line_of, saying, snapshot_rows
from pilotage.explain.words import label_of, number_words, problem_words, sources, value_words
from pilotage.instruments.ctcae_terms import rules_of
from pilotage.rules import Input
from pilotage.rules.assessments import classification_of
from pilotage.study.protocol import Category, Item, StateVariable

DERIVED = {
    "age": "the age in DM",
    "sex": "the sex in DM",
    "study day": "days since the first dose, which is day 1; there is no day 0",
    "dose step": "the step of the ladder that was taken on the day before",
    "weeks at dose step": "weeks since this step was taken up, to the nearest whole week",
    "cycle": "the treatment cycle begun last before the day",
    "day of cycle": "days since the first dose of the cycle, which is its day 1",
    "week of cycle": "the week whose analysis window holds the day of the cycle",
    "treatment phase": "what the doses taken so far, and the dosing table on each day on which the "
    "dose changed, make of the treatment",
    "relapses in taper": "relapses that began while the dose was reduced or after withdrawal",
    "best response": "the best category of all assessments so far",
    "relapse": "whether a relapse was seen that has not cleared again",
    "response": "the category of the last assessment: the first one whose condition holds, where "
    "every one before it is known not to hold",
    "days since": "days since the date that this item holds",
}
"""How each part of the state is derived."""


def trace_name(case: Case, name: str, on: date, *, deep: bool = True) -> Trace:
    """The value of a name on a day, with what it is computed from where `deep`."""
    (known,) = case.inputs(on, name)
    behind = tuple(_behind(case, name)) if deep else ()
    return Trace(
        name,
        label_of(case.study, name),
        _answer(case, known),
        "unknown" if known.problem or known.value is None else "",
        how=tuple(_how(case, known, on)),
        steps=tuple(_steps(case, name, on)),
        datasets=_datasets(case, known),
        snapshot=_lines(case, known),
        behind=tuple(trace_name(case, each, on, deep=False) for each in behind),
    )


def _answer(case: Case, known: Input) -> str:
    if known.problem is not None or known.value is None:
        return f"not known: {problem_words(known)}"
    said = value_words(known.name, known.value, case.study.namespace)
    return said if known.on is None else f"{said}, of {known.on}"


# -- in words --------------------------------------------------------------------------------------


def _how(case: Case, known: Input, on: date) -> Iterator[str]:
    state = case.protocol.state.get(known.name)
    first, _, part = known.name.partition(".")
    if state is not None:
        yield DERIVED[state.derivation]
    elif first in case.protocol.parameters:
        yield from _of_parameter(case, first, part, on)
    else:
        yield from _of_item(case, first, part)
    if known.max_age_days is not None:
        yield f"decisions may use it for {known.max_age_days} days"


def _of_parameter(case: Case, code: str, part: str, on: date) -> Iterator[str]:
    parameter = case.protocol.parameters[code]
    value, base = (each.value for each in case.inputs(on, code, f"{code}.BASE"))
    numbers = isinstance(value, int | float) and isinstance(base, int | float)
    match part:
        case "":
            yield f"the last value recorded on or before the day, in {parameter.unit}"
            if parameter.instrument:
                yield "the items of the instrument, added by its own rule"
        case "BASE":
            yield "the last known value up to the day of the first dose"
        case "CHG":
            yield f"the value − the baseline{_sum(value, base) if numbers else ''}"
        case "PCHG":
            yield f"100 × (the value − the baseline) / the baseline{_share(value, base)}"
        case "AGE_DAYS":
            yield "days since the last value was recorded"
        case "GRADE":
            yield from _of_grade(case, parameter.grade or "")


def _sum(value: object, base: object) -> str:
    assert isinstance(value, int | float)
    assert isinstance(base, int | float)
    first, second, found = (number_words(each) for each in (value, base, value - base))
    return f": {first} − {second} = {found}"


def _share(value: object, base: object) -> str:
    if not isinstance(value, int | float) or not isinstance(base, int | float) or not base:
        return ""
    share = 100 * (value - base) / base
    first, second, found = (number_words(each) for each in (value, base, share))
    return f": 100 × ({first} − {second}) / {second} = {found}"


def _of_grade(case: Case, term: str) -> Iterator[str]:
    """The rules of a term; LLN and ULN are the limits of normal that came with the value."""
    toxicity = case.protocol.toxicity
    if toxicity is None:
        return
    yield f"graded by the toxicity criteria, version {toxicity.version}, term {term}"
    for rule in rules_of(term, toxicity.version):
        said = " and ".join(
            f"{each.left} {each.operator} {each.factor:g}"
            f"{'' if each.right == 'ONE' else f' × {each.right}'}"
            for each in rule.comparisons
        )
        yield f"grade {rule.grade}: {said}"


def _of_item(case: Case, form: str, part: str) -> Iterator[str]:
    found = case.protocol.forms[form]
    item = found.items.get(part)
    label = case.text(found.label)
    if item is None:
        yield f"item {part.upper()} of the instrument {found.instrument}, form “{label}”"
    else:
        yield f"the last answer on the form “{label}”, kept in {item.target}"


# -- step by step ----------------------------------------------------------------------------------


def _steps(case: Case, name: str, on: date) -> Iterator[Part]:
    state = case.protocol.state.get(name)
    if state is None:
        return
    match state.derivation:
        case "response":
            yield from _categories(case, name, on)
        case "relapse" | "relapses in taper":
            yield from _relapses(case, on)
        case "treatment phase" | "dose step" | "weeks at dose step":
            yield from _phases(case, on)


def _categories(case: Case, name: str, on: date) -> Iterator[Part]:
    """Each category beside the numbers of the last assessment."""
    code = classification_of(case.protocol)
    (known,) = case.inputs(on, name)
    if code is None or known.on is None:
        return
    classification = case.protocol.classifications[code]
    parameter = classification.parameter
    names = [parameter, *(f"{parameter}.{part}" for part in ("BASE", "CHG", "PCHG"))]
    values = {each.name: each.value for each in case.inputs(known.on, *names)}
    against = classification.against != "baseline"
    for category in classification.categories:
        answer = None if against else holds(category.when, values)
        yield _category(case, category, answer, silent=against)


def _category(case: Case, category: Category, answer: bool | None, *, silent: bool) -> Part:
    said = {True: ": yes", False: ": no", None: ": not known"}[answer] if not silent else ""
    return Part(
        f"{category.code}, {case.text(category.label)}{said}",
        why=describe(category.when, case.study.namespace),
        sources=sources(case.study, category.sources),
    )


def _relapses(case: Case, on: date) -> Iterator[Part]:
    relapse = case.protocol.relapse
    if relapse is None:
        return
    when, cleared = (describe(c, case.study.namespace) for c in (relapse.when, relapse.cleared))
    cited = sources(case.study, relapse.sources)
    yield Part("a relapse begins", why=f"{when}, after {relapse.after}", sources=cited)
    yield Part("it clears", why=cleared, sources=cited)
    assessed = case.record.assessments
    rows = assessed.judged.rows.filter("EVENT") if assessed else pl.DataFrame()
    for row in rows.iter_rows(named=True):
        if row["DTC"][:10] <= on.isoformat():
            yield Part(f"relapse on {row['DTC']}")


def _phases(case: Case, on: date) -> Iterator[Part]:
    """Each change of the dose before the day, and the phase from then on."""
    for change in changes_of(case):
        if change.on < on:
            (after,) = case.inputs(date.fromordinal(change.on.toordinal() + 1), *_phase_names(case))
            yield Part(
                f"{change.on}: {named(case, change.step)}", why=str(after.value or "not known")
            )


def _phase_names(case: Case) -> list[str]:
    state = case.protocol.state.items()
    return [name for name, each in state if each.derivation == "treatment phase"][:1]


# -- rows ------------------------------------------------------------------------------------------


def _behind(case: Case, name: str) -> Iterable[str]:
    """The names that a value is computed from."""
    first, _, part = name.partition(".")
    state = case.protocol.state.get(name)
    if state is not None:
        return _behind_state(case, state)
    if first in case.protocol.parameters and part in ("CHG", "PCHG"):
        return (first, f"{first}.BASE")
    if first in case.protocol.parameters and part in ("GRADE", "AGE_DAYS"):
        return (first,)
    return ()


def _behind_state(case: Case, state: StateVariable) -> Iterable[str]:
    code = classification_of(case.protocol)
    if state.derivation in ("response", "relapse") and code is not None:
        parameter = case.protocol.classifications[code].parameter
        return (parameter, f"{parameter}.BASE")
    return (state.of,) if state.of else ()


def _datasets(case: Case, known: Input) -> tuple[Found, ...]:
    first = known.name.partition(".")[0]
    parameter = case.protocol.parameters.get(first)
    if parameter is not None:
        name = "adqs" if parameter.domain == "QS" else "adlb"
        return saying(case, name, first, known.rows)
    state = case.protocol.state.get(known.name)
    code = classification_of(case.protocol)
    if state is not None and code and state.derivation in ("response", "relapse", "best response"):
        relapses = saying(case, "adrs", "RELAPSE", known.rows)
        return (*saying(case, "adrs", code, known.rows), *relapses)
    return ()


def _lines(case: Case, known: Input) -> tuple[Found, ...]:
    first, _, part = known.name.partition(".")
    form = case.protocol.forms.get(first)
    item = form.items.get(part) if form else None
    found = snapshot_rows(case, known.rows)
    return (*found, *_supplements(case, item)) if item is not None else found


def _supplements(case: Case, item: Item) -> Iterator[Found]:
    """The rows of a supplement that hold the answer itself."""
    target = read_target(item.target)
    if not target.domain.startswith("supp"):
        return
    for row in case.rows(target.domain):
        if all(str(row.get(column)) == value for column, value in target.where):
            yield line_of(case, target.domain, row)
