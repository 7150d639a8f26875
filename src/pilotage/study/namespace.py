"""The names that a study declares for its decision tables and edit checks.

- state names, as `state` declares them;
- for each parameter X: X (last value), X.BASE, X.CHG, X.PCHG (per cent), X.AGE_DAYS (days since the
  last value) and, where it is graded, X.GRADE (0 to 4);
- `form.item` for every item of a form; a form with an instrument has the instrument's items and
  scores too, by their codes in small letters.
"""

from collections.abc import Iterator

from pilotage.conditions import Namespace, Variable
from pilotage.study.protocol import Form, Item, Parameter, Protocol, StateVariable, text_of

PHASES = ("before start", "treatment", "taper", "off treatment", "maintenance")
SEXES = ("F", "M", "U", "UNDIFFERENTIATED")

_UNITS = {
    "age": "years",
    "study day": "days",
    "week of cycle": "weeks",
    "weeks at dose step": "weeks",
    "day of cycle": "days",
    "days since": "days",
}
_MAY_BE_NEGATIVE = ("study day", "days since")
_WORDS = {
    "en": {
        "BASE": "{label} at baseline",
        "CHG": "change of {label} from baseline",
        "PCHG": "relative change of {label} from baseline",
        "AGE_DAYS": "age of the last value of {label}",
        "GRADE": "toxicity grade of {label}",
    },
    "es": {
        "BASE": "{label} basal",
        "CHG": "cambio de {label} respecto al valor basal",
        "PCHG": "cambio relativo de {label} respecto al valor basal",
        "AGE_DAYS": "antigüedad del último valor de {label}",
        "GRADE": "grado de toxicidad de {label}",
    },
}
"""What the derived names are called. A further language is a further entry with the same keys."""


def namespace(protocol: Protocol, language: str | None = None) -> Namespace:
    """Every name that the protocol's conditions may use, with labels in the language asked for
    (else the study's first)."""
    names: dict[str, Variable] = {}
    for name, state in protocol.state.items():
        names[name] = state_variable(state, protocol, language)
    for name, parameter in protocol.parameters.items():
        names.update(_parameter_variables(name, parameter, language or protocol.languages[0]))
    for code, form in protocol.forms.items():
        for item, variable in form_variables(form, protocol, language):
            names[f"{code}.{item}"] = variable
    return names


def category_codes(protocol: Protocol) -> tuple[str, ...]:
    """The categories of response: those of the classification that relapse names, else of the
    first one; empty where the study classifies nothing."""
    name = protocol.relapse.classification if protocol.relapse else None
    found = protocol.classifications.get(name or "")
    if found is None:
        found = next(iter(protocol.classifications.values()), None)
    return tuple(category.code for category in found.categories) if found else ()


def state_variable(
    state: StateVariable, protocol: Protocol, language: str | None = None
) -> Variable:
    """The type, unit and choices of a state name, which follow from how it is derived."""
    label = text_of(state.label, language)
    choices = state_choices(state, protocol)
    if choices is not None:
        return Variable(type="text", choices=choices, label=label)
    low, high = None if state.derivation in _MAY_BE_NEGATIVE else 0.0, None
    if state.range is not None:
        low, high = sorted(state.range)
    unit = state.unit or _UNITS.get(state.derivation)
    return Variable(type="number", unit=unit, low=low, high=high, label=label)


def state_choices(state: StateVariable, protocol: Protocol) -> tuple[str, ...] | None:
    """The words that a state name can be; None for a number."""
    match state.derivation:
        case "sex":
            return state.choices or SEXES
        case "dose step":
            return tuple(step.step for step in protocol.treatment.ladder)
        case "treatment phase":
            return PHASES
        case "response" | "best response":
            return category_codes(protocol)
        case "relapse":
            return ("yes", "no")
    return None


def _parameter_variables(
    name: str, parameter: Parameter, language: str
) -> Iterator[tuple[str, Variable]]:
    label, unit = text_of(parameter.label, language), parameter.unit
    low, high = sorted(parameter.range)
    words = _WORDS.get(language) or _WORDS.get(language.split("-")[0]) or _WORDS["en"]

    def derived(part: str, unit: str | None, low: float | None, high: float | None) -> Variable:
        said = words[part].format(label=label)
        return Variable(type="number", unit=unit, low=low, high=high, label=said)

    yield name, Variable(type="number", unit=unit, low=low, high=high, label=label)
    yield f"{name}.BASE", derived("BASE", unit, low, high)
    yield f"{name}.CHG", derived("CHG", unit, low - high, high - low)
    yield f"{name}.PCHG", derived("PCHG", "%", -100 if low >= 0 else None, None)
    yield f"{name}.AGE_DAYS", derived("AGE_DAYS", "days", 0, None)
    if parameter.grade is not None:
        yield f"{name}.GRADE", derived("GRADE", None, 0, 4)


def form_variables(
    form: Form, protocol: Protocol, language: str | None = None
) -> Iterator[tuple[str, Variable]]:
    """Name (without the form) and variable of every item of a form, its instrument's included."""
    if form.instrument is not None:
        yield from instrument_variables(form.instrument)
    for name, item in form.items.items():
        yield name, _item_variable(item, protocol, language)


def instrument_variables(name: str) -> Iterator[tuple[str, Variable]]:
    """Items and scores of a published scale, by their codes in small letters; nothing for a scale
    that Pilotage does not have."""
    from pilotage.instruments import instruments

    instrument = instruments.get(name)
    if instrument is None:
        return
    for item in instrument.items:
        low, high = min(item.allowed), max(item.allowed)
        yield item.code.lower(), Variable(type="number", low=low, high=high, label=item.label)
    for score in instrument.scores:
        variable = Variable(type="number", low=score.low, high=score.high, label=score.label)
        yield score.code.lower(), variable


def _item_variable(item: Item, protocol: Protocol, language: str | None) -> Variable:
    label = text_of(item.label, language)
    match item.type:
        case "integer" | "number":
            low, high = sorted(item.range) if item.range else (None, None)
            return Variable(type="number", unit=item.unit, low=low, high=high, label=label)
        case "yes_no":
            return Variable(type="text", choices=("yes", "no"), label=label)
        case "choice":
            choices = tuple(protocol.codelists.get(item.codelist or "", {}))
            return Variable(type="text", choices=choices, label=label)
        case "date" | "datetime":
            return Variable(type="date", label=label)
    return Variable(type="text", label=label)
