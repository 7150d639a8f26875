"""What a place of the study file may hold: in words, and as the smallest value that fits.

Both are read from the annotations of the models, so that a message can never disagree with them.
"""

from datetime import date
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MinLen

from pilotage.conditions import Condition, parse
from pilotage.study.annotations import Meta, Place, field_place, fields, is_model
from pilotage.study.names import listed

PATTERNS: dict[str, tuple[str, str]] = {
    r"^[A-Z][A-Z0-9_]{0,31}$": (
        "a name in capitals such as SCORE (letters, digits and _, at most 32)",
        "PLACEHOLDER",
    ),
    r"^[a-z][a-z0-9_]*$": (
        "a name in small letters such as vital_signs (letters, digits and _)",
        "placeholder",
    ),
    r"^[A-Za-z0-9][A-Za-z0-9-]*$": ("a study id such as PILOT-01 (letters, digits and -)", "X"),
    r"^[A-Z0-9]{2,8}$": ("an id such as IN01 (2 to 8 capitals and digits)", "XX"),
    r"^[A-Z0-9_]+$": ("an id such as WEEK_4 (capitals, digits and _)", "X"),
    r"^[A-Z][A-Z0-9 ]*$": ("a code such as CR (capitals, digits and spaces)", "X"),
    r"^[A-Z][A-Z0-9_]*$": ("an id such as RESPONSE_ALL (capitals, digits and _)", "X"),
    r"^Q-[0-9]+$": ("the id of an open question such as Q-12", "Q-0"),
    r"^[TFLS][0-9]+(\.[0-9]+)*$": ("an id such as T1, F2, L3.1 or S1", "T0"),
    r"^(-?[1-9][0-9]{0,4}|[0-9]{4}-[0-9]{2}-[0-9]{2})$": (
        "a study day such as 29 or -7, or a date such as 2024-03-31",
        "1",
    ),
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$": ("a date such as 2024-03-31", "2000-01-01"),
}
TARGET_WORDS = "a place in SDTM such as DM.AGE, or LB.LBORRES where LBTESTCD = NEUT"
TARGET_PATTERN_START = r"^[A-Z]{2,6}\."

# -- in words --------------------------------------------------------------------------------------


def in_words(place: Place) -> str:
    """What the place may hold: `a whole number of at least 1 or 'not stated'`."""
    words: list[str] = []
    literals: list[str] = []
    for member in place.members():
        if get_origin(member.annotation) is Literal:
            literals += [str(choice) for choice in get_args(member.annotation)]
        elif (said := _member_words(member)) not in words:
            words.append(said)
    if not words and literals == ["1"]:
        return "1"
    if len(literals) > 1:
        words.append(listed(literals))
    elif literals:
        words.append(f"'{literals[0]}'")
    return ", or ".join(words)


def _member_words(place: Place) -> str:
    annotation = place.annotation
    if is_model(annotation):
        return "a group of keys"
    if annotation is str:
        return _text_words(place.metadata)
    if annotation is bool:
        return "true or false"
    if annotation is int:
        return f"a whole number{_bounds(place.metadata)}"
    if annotation is float:
        return f"a number{_bounds(place.metadata)}"
    if annotation is date:
        return "a date such as 2024-03-31"
    if get_origin(annotation) is tuple:
        return _list_words(annotation)
    if get_origin(annotation) is dict:
        return _group_words(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Condition):
        return "a condition in quotes"
    return "something else"


def _text_words(metadata: Meta) -> str:
    pattern = _pattern(metadata)
    if pattern is None:
        return "text"
    if pattern.startswith(TARGET_PATTERN_START):
        return TARGET_WORDS
    return PATTERNS.get(pattern, (f"text of the form {pattern}", ""))[0]


def _group_words(annotation: Any) -> str:
    keys, values = get_args(annotation)
    if keys is str and values is str:
        return "one text per language"
    if keys is str and str in get_args(values):
        return "a group of codes with their labels"
    if keys is str:
        return "a group of keys with their values"
    return "a group of names"


def _list_words(annotation: Any) -> str:
    arguments = get_args(annotation)
    if arguments[-1] is Ellipsis:
        return "a list"
    words = _member_words(Place(arguments[0]).opened())
    words = words.removeprefix("a ").replace("number", "numbers", 1)
    return f"a list of {len(arguments)} {words}"


def _pattern(metadata: Meta) -> str | None:
    for part in metadata:
        pattern = getattr(part, "pattern", None)
        if isinstance(pattern, str):
            return pattern
    return None


def _bounds(metadata: Meta) -> str:
    words: list[str] = []
    for part in metadata:
        match part:
            case Ge():
                words.append(f"of at least {part.ge}")
            case Gt():
                words.append(f"above {part.gt}")
            case Le():
                words.append(f"at most {part.le}")
            case Lt():
                words.append(f"below {part.lt}")
    return "".join(" " + word if at == 0 else " and " + word for at, word in enumerate(words))


# -- as the smallest value that fits ---------------------------------------------------------------


def placeholder(place: Place) -> Any:
    """A value that fits, to stand in for a mistaken one while the rest is being checked; None where
    the models do not say enough."""
    member = next(place.members(), place)
    annotation = member.annotation
    if is_model(annotation):
        return {
            key: placeholder(field_place(info))
            for key, info in fields(annotation).items()
            if info.is_required()
        }
    if get_origin(annotation) is Literal:
        return get_args(annotation)[0]
    if get_origin(annotation) is tuple:
        return _list_placeholder(member)
    if get_origin(annotation) is dict:
        least = any(isinstance(part, MinLen) for part in member.metadata)
        keys, values = get_args(annotation)
        return {placeholder(Place(keys)): placeholder(Place(values))} if least else {}
    return _simple_placeholder(member)


def _list_placeholder(place: Place) -> Any:
    arguments = get_args(place.annotation)
    if arguments[-1] is not Ellipsis:
        return tuple(placeholder(Place(argument)) for argument in arguments)
    least = next((part.min_length for part in place.metadata if isinstance(part, MinLen)), 0)
    return tuple(placeholder(Place(arguments[0])) for _ in range(least))


def _simple_placeholder(place: Place) -> Any:
    annotation = place.annotation
    if annotation is str:
        pattern = _pattern(place.metadata) or ""
        if pattern.startswith(TARGET_PATTERN_START):
            return "DM.AGE"
        return PATTERNS.get(pattern, ("", "placeholder"))[1]
    if annotation is bool:
        return False
    if annotation in (int, float):
        return _number_placeholder(place.metadata)
    if annotation is date:
        return date(2000, 1, 1)
    if isinstance(annotation, type) and issubclass(annotation, Condition):
        return parse("PLACEHOLDER is missing")
    return None


def _number_placeholder(metadata: Meta) -> float:
    low = next((part.ge for part in metadata if isinstance(part, Ge)), None)
    if isinstance(low, int | float):
        return low
    if any(isinstance(part, Gt) for part in metadata):
        return 0.75  # every open interval of the models holds it
    return 1
