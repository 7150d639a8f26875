"""What decisions say in words: why a value cannot be used, and what the study calls it."""

from collections.abc import Iterable, Mapping

from pilotage.plural import counted
from pilotage.rules.inputs import Input, Problem
from pilotage.study import Study

NOTHING: Mapping[Problem, str] = {
    "missing": "not recorded",
    "too old": "too old",
    "no maximum age": "the study does not say how old it may be",
    "no unit or value": "no value that can be used",
    "date incomplete": "its date is not complete",
    "not computed": "cannot be computed from what is recorded",
    "values differ": "values of one day that differ, of which the last is not known",
}
"""What is wrong with an input, in words."""


def label_of(study: Study, name: str) -> str:
    """What the study calls a name: its label, or the name itself."""
    variable = study.namespace.get(name)
    return variable.label if variable and variable.label else name


def problem_words(each: Input) -> str:
    """`too old (0.9 of 2010-01-02, 45 days old; at most 30 days)`."""
    if each.problem is None:
        return NOTHING["missing"]
    more = [each.recorded] if each.recorded else []
    if each.problem == "too old" and each.max_age_days is not None:
        more.append(f"at most {counted(each.max_age_days, 'day')}")
    said = NOTHING[each.problem]
    return f"{said} ({'; '.join(more)})" if more else said


def not_known(reason: str) -> str:
    """What is said of a row of a table of which nobody can know whether it holds."""
    return f"not known whether this holds: {reason}"


def together(said: Iterable[tuple[str, str]]) -> str:
    """`Neutrophils, Platelets: not recorded; Response: too old`: labels with what is wrong, those
    with the same problem once."""
    alike: dict[str, list[str]] = {}
    for label, problem in said:
        alike.setdefault(problem, []).append(_quoted(label))
    return "; ".join(f"{', '.join(labels)}: {problem}" for problem, labels in alike.items())


def _quoted(label: str) -> str:
    """A label within a list: in quotation marks where it is a list itself."""
    return f"“{label}”" if set(label) & set(",:;") else label
