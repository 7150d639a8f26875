"""Parts of a study and their fields in words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from pilotage.amendments.units import Unit, Value
from pilotage.conditions import Condition, Namespace, describe
from pilotage.study.protocol import text_of

NOTHING = "nothing"
LONGEST = 400
"""Longer texts (sections of prose) are cut."""

FIELD_WORDS: Mapping[str, str] = {
    "when": "condition",
    "do": "action",
    "to": "dose step",
    "why": "reason",
    "is": "derivation",
    "max_age_days": "maximum age in days",
    "number": "visit number",
    "holds": "condition to be met",
    "cost": "cost (1 to 5)",
    "must_be_known": "must be known before eligibility is signed",
    "otherwise": "otherwise (no row holds)",
    "where": "rows",
    "among": "subjects at risk",
}
"""Fields that are called otherwise than their key."""

EXCERPT, AROUND = 160, 6
"""Of two texts of which one is longer, only the part that differs is told, and so many words around
it."""

_TOLD_APART = ("label", "title", "why", "when", "do", "to", "source", "id", "step", "code", "mode")
_TITLES = ("label", "title", "summary", "message", "text", "name")


def field_words(name: str) -> str:
    """`serious_criteria death` → `serious criteria death`."""
    head, gap, rest = name.partition(" ")
    return FIELD_WORDS.get(head, head.replace("_", " ").replace(".", ", ")) + gap + rest


def namespace_of(unit: Unit) -> Namespace:
    """The names that conditions of a part may use; none for the analysis plan, whose conditions are
    about columns."""
    return unit.study.namespace if unit.path[:1] == ("protocol",) else {}


def value_words(name: str, value: Value | None, unit: Unit) -> str | None:
    """What a field holds; None where the part does not have it."""
    if value is None:
        return None
    held = value.held
    if value.is_label and held is not None:
        return _label(held)
    match name, held:
        case "window", (before, after):
            return f"{before} days before to {after} days after"
        case "range", (low, high):
            return f"{low:g} to {high:g}"
    return _said(held, namespace_of(unit))


def _label(held: str | Mapping[str, str]) -> str:
    if isinstance(held, str) or len(held) == 1:
        text = " ".join(text_of(held).split())  # type: ignore[arg-type]
        return f"“{text}”" if text else NOTHING
    return "; ".join(f"{language}: “{text}”" for language, text in held.items())


def _said(held: Any, namespace: Namespace) -> str:
    match held:
        case None | () | {}:
            return NOTHING
        case bool():
            return "yes" if held else "no"
        case float():
            return f"{held:g}"
        case Condition():
            return describe(held, namespace)
        case tuple() | list():
            return ", ".join(_said(each, namespace) for each in held)
        case dict():
            return "; ".join(f"{key}: {_said(each, namespace)}" for key, each in held.items())
        case BaseModel():
            inner = ((key, getattr(held, key)) for key in type(held).model_fields)
            return "; ".join(
                f"{field_words(key)} {_said(each, namespace)}" for key, each in inner if each
            )
    return str(held)


def differing(old: str, new: str) -> tuple[str, str]:
    """The two texts; of long ones what differs, with some words around it."""
    if max(len(old), len(new)) <= EXCERPT:
        return old, new
    a, b = old.split(), new.split()
    start = next(
        (at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    rest = list(zip(a[start:][::-1], b[start:][::-1], strict=False))
    end = next((at for at, (x, y) in enumerate(rest) if x != y), len(rest))
    first, last = max(0, start - AROUND), max(0, end - AROUND)
    return _excerpt(a, first, last), _excerpt(b, first, last)


def _excerpt(words: Sequence[str], first: int, last: int) -> str:
    kept = " ".join(words[first : len(words) - last])
    return _shortened(f"{'… ' if first else ''}{kept}{' …' if last else ''}")


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def unit_words(unit: Unit, *, full: bool) -> str:
    """What a part says: the condition and what follows from it, or its label; `full` with
    everything else that it says."""
    said = _rule(unit) or _title(unit)
    if not full:
        return said
    more = "; ".join(_rest(unit))
    return f"{said}: {more}" if said and more else said or more


def _rule(unit: Unit) -> str:
    """`neutrophils is below 1 × 10⁹/L: stop (“neutropenia”)`."""
    fields = unit.fields
    if "when" not in fields or "why" not in fields:
        return ""
    condition = value_words("when", fields["when"], unit)
    done = [str(fields[name].held) for name in ("do", "to") if name in fields]
    action = " ".join(each for each in done if each != "None")
    said = f"{condition}: {action}" if action else str(condition)
    return f"{said} ({value_words('why', fields['why'], unit)})"


def _title(unit: Unit) -> str:
    for name in _TITLES:
        if name in unit.fields:
            return _shortened(value_words(name, unit.fields[name], unit) or "")
    return ""


def _rest(unit: Unit) -> Iterator[str]:
    """Everything else that is said."""
    for name, value in unit.fields.items():
        if name in _TOLD_APART or (name in _TITLES and not _rule(unit)):
            continue
        if value.held not in (None, (), {}):
            yield f"{field_words(name)} {value_words(name, value, unit)}"
    for kind in unit.kind.inside:
        held = unit.held
        for step in kind.path:
            held = getattr(held, step, ())
        if held:
            yield f"{len(held)} {kind.path[-1]}"
