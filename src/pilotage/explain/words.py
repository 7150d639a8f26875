"""Values, days and reasons in words."""

from collections.abc import Iterable, Sequence
from datetime import date

from pilotage.conditions import Comparison, Literal, Name, Namespace, Value, Variable, describe
from pilotage.explain.model import Source
from pilotage.plural import counted
from pilotage.report import formats
from pilotage.rules import UNKNOWN, Input
from pilotage.rules.wording import NOTHING as NOTHING
from pilotage.rules.wording import label_of as label_of
from pilotage.rules.wording import problem_words as problem_words
from pilotage.study import Study

FEW = 4
"""So many names are listed; of more the first ones."""


def unknown(reason: str) -> str:
    """A decision that cannot be taken says so first."""
    return f"{UNKNOWN}: {reason}"


def sources(study: Study, ids: Iterable[str]) -> tuple[Source, ...]:
    return tuple(Source(each, study.headings.get(each, "")) for each in dict.fromkeys(ids))


def value_words(name: str, value: Value, namespace: Namespace) -> str:
    """A value with its unit as people write it: `1.2 × 10⁹/L`."""
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, int | float):
        return str(value)
    variable = namespace.get(name)
    bare = {} if variable is None else {name: Variable(variable.type, unit=variable.unit)}
    said = describe(Comparison(Name(name), "==", Literal(short_number(value))), bare)
    return said.removeprefix(f"{name} is ").replace("-", "−", 1)


def number_words(value: float) -> str:
    """`−28.5714`: a number with a proper minus sign."""
    return formats.plain(short_number(value))


def short_number(value: float) -> float:
    """A number without the digits that only its computation gave it."""
    return float(f"{value:.6g}")


def _label_and_rest(each: Input, namespace: Namespace) -> tuple[str, str]:
    """`Neutrophils` and `: 1.2 × 10⁹/L (2009-02-10, 3 days old)`, or why there is no value."""
    variable = namespace.get(each.name)
    label = variable.label if variable and variable.label else each.name
    if each.problem is not None or each.value is None:
        return label, f": {problem_words(each)}"
    return label, f": {value_words(each.name, each.value, namespace)}{_when(each)}"


def inputs_words(inputs: Sequence[Input], namespace: Namespace) -> list[str]:
    """Each input in words; many that say the same, and those with the same problem, are named
    together."""
    told = [_label_and_rest(each, namespace) for each in inputs]
    together: dict[str, list[str]] = {}
    for each, (label, said) in zip(inputs, told, strict=True):
        alike = sum(said == other for _, other in told)
        own = said if each.problem or alike > FEW else f"{said} {label}"
        together.setdefault(own, []).append(label)
    return [
        f"{shortened(labels)}{own.removesuffix(f' {labels[0]}') if len(labels) == 1 else own}"
        for own, labels in together.items()
    ]


def shortened(names: Sequence[str]) -> str:
    """`scalp, ears and 11 more`."""
    if len(names) <= FEW:
        return ", ".join(names)
    return f"{', '.join(names[: FEW - 1])} and {len(names) - FEW + 1} more"


def _when(each: Input) -> str:
    """When it was measured, and how old that is where it may grow too old; nothing where it is of
    the day, or timeless."""
    if each.on is None or not each.age_days:
        return ""
    old = f", {days(each.age_days)} old" if each.max_age_days is not None else ""
    return f" ({each.on}{old})"


def days(number: int) -> str:
    return counted(number, "day")


def listed(parts: Iterable[str]) -> str:
    """`a, b and c`."""
    *first, last = [*parts] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
