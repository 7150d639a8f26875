"""Studies for the tests of the simulation: those that are there, and random changes of them."""

import dataclasses
import functools
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from pilotage.conditions import Condition, parse
from pilotage.courses.nature import Lasting, Nature, Occurrence, Shares
from pilotage.simulation.load import load_simulation
from pilotage.simulation.model import Decision, Exact, Simulation
from pilotage.simulation.scenarios import changed_models
from pilotage.simulation.scheme import Scheme, scheme_of
from pilotage.study import Study, load_study
from pilotage.study.new import TEMPLATE
from pilotage.study.protocol import Protocol

OTHERS = Path(__file__).parents[2] / "other_studies"
STUDIES = {
    "lenalidomide_cle": "lenalidomide_cle",
    "plaque_psoriasis": str(OTHERS / "plaque_psoriasis"),
    "childhood_nephrosis": str(OTHERS / "childhood_nephrosis"),
    "template": str(TEMPLATE),
}
"""The built-in study, the made-up ones, and the one with which `pilotage new` begins."""

NO_LOOKS = Exact(kind="exact", null=0.3)
HOT = {"subject.true_dropout_per_week": 0.004, "subject.true_missed_visit": 0.08}
"""More goes wrong than in the files, so that few subjects meet much."""
LASTING = Lasting(share=0.3, left=Shares(mean=0.5, sd=0.5, range=(0.1, 1)))


@functools.cache
def study(name: str) -> Study:
    return load_study(STUDIES[name])


@functools.cache
def models(name: str) -> tuple[Simulation, Nature]:
    """simulation.yaml and synthetic.yaml of a study, with more relapses, events and toxicity, with
    diseases that never clear, and no look before the end."""
    simulation, nature = load_simulation(study(name))
    nature = with_lasting(nature, LASTING)
    changes: dict[str, float] = {**HOT, "trial.follow_up_days": 500}
    for code, responding in nature.responding.items():
        for step in responding.true_relapse_per_week:
            changes[f"responding.{code}.true_relapse_per_week.{step}"] = 0.05
        changes[f"responding.{code}.true_clear_below"] = responding.true_clear_below * 1.5
    for code, stable in nature.stable.items():
        if stable.true_drug_shift:
            changes[f"stable.{code}.true_drug_shift"] = stable.true_drug_shift * 3
    for event in nature.events:
        changes[f"events.{event.term}.true_probability"] = 0.25
    nature, simulation = changed_models(nature, simulation, changes)
    return simulation.model_copy(update={"decision": NO_LOOKS}), nature


def with_lasting(nature: Nature, lasting: Lasting | None) -> Nature:
    """The same with such a share of subjects whose disease never clears; None: not declared."""
    responding = {
        code: each.model_copy(update={"true_lasting": lasting})
        for code, each in nature.responding.items()
    }
    return nature.model_copy(update={"responding": responding})


COMING = {
    "neurology.new_symptoms": ("Y", "N"),
    "neurology.gait": ("ABNORMAL", "NORMAL"),
    "systemic_review.exacerbation": ("Y", "N"),
    "stopping_review.consent_withdrawn": ("Y", "N"),
    "stopping_review.life_threatening": ("Y", "N"),
    "stopping_review.flare_other_treatment": ("Y", "N"),
    "stopping_review.physician_stops": ("Y", "N"),
}
"""Items of the built-in study with an answer that may come and the one until then."""


def with_coming(name: str, nature: Nature, per_week: float) -> Nature:
    """The same with answers that come at a rate, in the study that has such items."""
    if name != "lenalidomide_cle":
        return nature
    found = {
        item: Occurrence(answer=answer, otherwise=otherwise, true_per_week=per_week)
        for item, (answer, otherwise) in COMING.items()
    }
    return nature.model_copy(update={"occurrences": found})


def scheme(name: str) -> Scheme:
    simulation, nature = models(name)
    return scheme_of(study(name), nature, simulation)


def deciding(made: Scheme, decision: Decision, subjects: int) -> Scheme:
    """The same with another decision, for trials of so many subjects."""
    trial = made.simulation.trial.model_copy(update={"subjects": subjects})
    changes = {"decision": decision, "trial": trial}
    return dataclasses.replace(made, simulation=made.simulation.model_copy(update=changes))


def generator(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


# -- random changes --------------------------------------------------------------------------------


def mutants(name: str, seed: int, count: int) -> Iterator[tuple[str, Scheme]]:
    """Schemes of randomly changed studies, each with what was changed; every other one has answers
    that come. What no study can be is left out."""
    chance = random.Random(f"{name} {seed}")
    found = 0
    while found < count:
        done: list[str] = []
        protocol = study(name).protocol
        for _ in range(chance.randint(1, 4)):
            change = chance.choice(CHANGES)
            protocol = change(protocol, chance)
            done.append(change.__name__)
        changed = dataclasses.replace(study(name), protocol=protocol)
        simulation, nature = models(name)
        if found % 2:
            nature = with_coming(name, nature, 0.02)
        try:
            made = scheme_of(changed, nature, simulation)
        except (ValueError, KeyError, StopIteration):
            continue
        found += 1
        yield f"{', '.join(done)} ({found})", made


def _copy(part: Any, **changes: object) -> Any:
    return part.model_copy(update=changes)


def _rows(protocol: Protocol, chance: random.Random) -> tuple[str, list[Any]]:
    table = chance.choice(["dosing", "stopping"])
    return table, list(getattr(protocol, table).rows)


def _with_rows(protocol: Protocol, table: str, rows: list[Any]) -> Protocol:
    changed = _copy(getattr(protocol, table), rows=tuple(rows))
    return _copy(protocol, **{table: changed})


def rows_swapped(protocol: Protocol, chance: random.Random) -> Protocol:
    table, rows = _rows(protocol, chance)
    first, second = chance.randrange(len(rows)), chance.randrange(len(rows))
    rows[first], rows[second] = rows[second], rows[first]
    return _with_rows(protocol, table, rows)


def row_dropped(protocol: Protocol, chance: random.Random) -> Protocol:
    table, rows = _rows(protocol, chance)
    if len(rows) > 1:
        rows.pop(chance.randrange(len(rows)))
    return _with_rows(protocol, table, rows)


def row_not_stated(protocol: Protocol, chance: random.Random) -> Protocol:
    table, rows = _rows(protocol, chance)
    at = chance.randrange(len(rows) // 2, len(rows))
    rows[at] = _copy(rows[at], when="not stated")
    return _with_rows(protocol, table, rows)


def otherwise_changed(protocol: Protocol, chance: random.Random) -> Protocol:
    said = chance.choice(["hold", "not stated"])
    return _copy(protocol, dosing=_copy(protocol.dosing, otherwise=said))


def condition_changed(protocol: Protocol, chance: random.Random) -> Protocol:
    table, rows = _rows(protocol, chance)
    at = chance.randrange(len(rows))
    rows[at] = _copy(rows[at], when=_changed(rows[at].when, protocol, chance))
    return _with_rows(protocol, table, rows)


def condition_added(protocol: Protocol, chance: random.Random) -> Protocol:
    table, rows = _rows(protocol, chance)
    at = chance.randrange(len(rows))
    when = rows[at].when
    if isinstance(when, Condition):
        more = _comparison(protocol, chance)
        word = chance.choice(["and", "or", "and not", "or not"])
        rows[at] = _copy(rows[at], when=parse(f"({when}) {word} ({more})"))
    return _with_rows(protocol, table, rows)


def action_changed(protocol: Protocol, chance: random.Random) -> Protocol:
    rows = list(protocol.dosing.rows)
    steps = [step.step for step in protocol.treatment.ladder]
    at = chance.randrange(len(rows))
    do = chance.choice(["start", "raise", "hold", "lower", "stop", "reintroduce", "maintain"])
    rows[at] = _copy(rows[at], do=do, to=chance.choice([None, None, *steps[1:]]))
    return _with_rows(protocol, "dosing", rows)


def ladder_changed(protocol: Protocol, chance: random.Random) -> Protocol:
    ladder = list(protocol.treatment.ladder)
    at = chance.randrange(1, len(ladder))
    more = _copy(ladder[at], step=f"{ladder[at].step} more", dose=ladder[at].dose * 2)
    ladder.insert(at + 1, more)
    gap = chance.choice([0, 7, 14, 60])
    treatment = _copy(protocol.treatment, ladder=tuple(ladder), days_without_drug_within_cycle=gap)
    return _copy(protocol, treatment=treatment)


def ages_changed(protocol: Protocol, chance: random.Random) -> Protocol:
    state = {
        name: _copy(each, max_age_days=chance.choice([0, 7, 40, "not stated"]))
        if each.derivation in ("response", "relapse") and chance.random() < 0.4 else each
        for name, each in protocol.state.items()
    }  # fmt: skip
    parameters = {
        name: _copy(each, max_age_days=chance.choice([0, 10, 90, "not stated"]))
        if chance.random() < 0.4 else each
        for name, each in protocol.parameters.items()
    }  # fmt: skip
    return _copy(protocol, state=state, parameters=parameters)


def windows_changed(protocol: Protocol, chance: random.Random) -> Protocol:
    windows = protocol.analysis_windows
    rows = list(windows.rows)
    at = chance.randrange(len(rows))
    rows[at] = _copy(rows[at], first_day=rows[at].first_day + chance.choice([0, 2, 5]))
    later = windows.afterwards if chance.random() < 0.5 else None
    return _copy(protocol, analysis_windows=_copy(windows, rows=tuple(rows), afterwards=later))


def visits_changed(protocol: Protocol, chance: random.Random) -> Protocol:
    schedule = protocol.schedule
    visits = list(schedule.visits)
    later = [at for at, visit in enumerate(visits) if visit.day > 1]
    at = chance.choice(later)
    visits[at] = _copy(visits[at], day=visits[at].day + chance.choice([-1, 1, 3]))
    if chance.random() < 0.3:
        visits.pop(chance.choice(later))
    return _copy(protocol, schedule=_copy(schedule, visits=tuple(visits)))


def series_changed(protocol: Protocol, chance: random.Random) -> Protocol:
    schedule = protocol.schedule
    series = tuple(
        _copy(
            each, every_days=chance.choice([3, 7, 10]), during=chance.choice(["study", "treatment"])
        )
        for each in schedule.series
    )
    return _copy(protocol, schedule=_copy(schedule, series=series))


def response_changed(protocol: Protocol, chance: random.Random) -> Protocol:
    name = (
        protocol.relapse.classification
        if protocol.relapse
        else next(iter(protocol.classifications))
    )
    found = protocol.classifications[name]
    categories = list(found.categories)
    at = chance.randrange(len(categories))
    categories[at] = _copy(categories[at], when=_changed(categories[at].when, protocol, chance))
    against = chance.choice(["baseline", "previous assessment"])
    changed = _copy(found, categories=tuple(categories), against=against)
    return _copy(protocol, classifications={**protocol.classifications, name: changed})


def relapse_changed(protocol: Protocol, chance: random.Random) -> Protocol:
    if protocol.relapse is None:
        return protocol
    part = chance.choice(["when", "cleared"])
    condition = _changed(getattr(protocol.relapse, part), protocol, chance)
    return _copy(protocol, relapse=_copy(protocol.relapse, **{part: condition}))


def activities_changed(protocol: Protocol, chance: random.Random) -> Protocol:
    schedule = protocol.schedule
    rows = list(schedule.activities.rows)
    if not rows:
        return protocol
    rows.append(_copy(rows[-1], when=_comparison(protocol, chance)))
    table = _copy(schedule.activities, rows=tuple(rows))
    return _copy(protocol, schedule=_copy(schedule, activities=table))


def toxicity_changed(protocol: Protocol, chance: random.Random) -> Protocol:
    if protocol.toxicity is None:
        return protocol
    version = chance.choice(["3.0", "4.03", "5.0"])
    return _copy(protocol, toxicity=_copy(protocol.toxicity, version=version))


CHANGES = [
    rows_swapped, row_dropped, row_not_stated, otherwise_changed, condition_changed,
    condition_changed, condition_added, condition_added, action_changed, ladder_changed,
    ages_changed, windows_changed, visits_changed, series_changed, response_changed,
    relapse_changed, activities_changed, toxicity_changed,
]  # fmt: skip


def _changed(condition: object, protocol: Protocol, chance: random.Random) -> object:
    """A condition with another number, sign or word."""
    if not isinstance(condition, Condition):
        return condition
    text = str(condition)
    numbers = list(re.finditer(r"(?<![\w.'])-?\d+(?:\.\d+)?(?![\w.'])", text))
    signs = list(re.finditer(r"(==|!=|<=|>=|<|>)", text))
    ways = [kind for kind, there in (("number", numbers), ("sign", signs)) if there]
    if not ways:
        return condition
    if chance.choice(ways) == "number":
        place = chance.choice(numbers)
        new = f"{float(place.group()) + chance.choice([-2, -1, 0.5, 1, 3, 10]):g}"
    else:
        place = chance.choice(signs)
        words = text[place.end() :].lstrip()[:1] == "'"
        new = chance.choice(["==", "!="] if words else ["==", "!=", "<", "<=", ">", ">="])
    try:
        return parse(f"{text[: place.start()]}{new}{text[place.end() :]}")
    except ValueError:
        return condition


def _comparison(protocol: Protocol, chance: random.Random) -> Condition:
    """A condition about a name of any kind."""
    names = dict(study_names(protocol))
    name = chance.choice(list(names))
    values = names[name]
    if chance.random() < 0.15:
        return parse(f"{name} is {chance.choice(['', 'not '])}missing")
    if values and isinstance(values[0], str):
        if chance.random() < 0.3:
            some = ", ".join(f"'{value}'" for value in chance.sample(values, min(2, len(values))))
            return parse(f"{name} in ({some})")
        return parse(f"{name} {chance.choice(['==', '!='])} '{chance.choice(values)}'")
    if chance.random() < 0.2:
        numbers = [
            other for other, known in names.items() if not (known and isinstance(known[0], str))
        ]
        return parse(f"{name} {chance.choice(['<', '>=', '=='])} {chance.choice(numbers)}")
    if chance.random() < 0.2:
        return parse(f"{name} between {chance.choice(values)} and {chance.choice(values) + 5}")
    sign = chance.choice(["==", "!=", "<", "<=", ">", ">="])
    return parse(f"{name} {sign} {chance.choice(values)}")


def study_names(protocol: Protocol) -> Iterator[tuple[str, list[Any]]]:
    """Names that conditions may use, with values that they may have."""
    from pilotage.study.namespace import namespace

    for name, variable in namespace(protocol).items():
        first = name.partition(".")[0]
        if variable.type == "text" and variable.choices:
            yield name, list(variable.choices)
        elif variable.type == "number" and (
            first in protocol.state or first in protocol.parameters
        ):
            yield name, [0, 1, 2, 4, 10, 28]
