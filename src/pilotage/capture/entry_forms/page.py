"""The page of a form: its fields in order, as the study and the instrument declare them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from pilotage.conditions import Condition
from pilotage.datasets.facts import read_target
from pilotage.instruments import Instrument, Region, instruments
from pilotage.instruments import Item as ScaleItem
from pilotage.study import Study
from pilotage.study.protocol import Form, Item, Protocol, text_of

Kind = Literal[
    "text", "integer", "number", "choice", "yes_no", "date", "datetime", "file", "points"
]
"""The types of items, and `points`: a value that an instrument allows."""

FEW: Final = 9
"""So many allowed values of an instrument are shown side by side as buttons; more are typed."""


@dataclass(frozen=True, slots=True)
class Option:
    """One allowed answer: what is kept, and what the person reads."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One question.

    `item` is its name in the form (an instrument's code in small letters). `units` are those that
    the site chooses among; `unit` is the one in which the study speaks of it, its range included.
    `analyte` is the LBTESTCD of a laboratory line, which has limits of normal beside the value.
    `gives` are the names that conditions know the answer by besides `form.item` (AGE, a parameter),
    each with its unit.
    """

    item: str
    label: str
    kind: Kind
    required: bool = False
    options: tuple[Option, ...] = ()
    units: tuple[str, ...] = ()
    unit: str | None = None
    analyte: str | None = None
    low: float | None = None
    high: float | None = None
    when: Condition | None = None
    hint: str = ""
    group: str = ""
    region: str | None = None
    gives: tuple[tuple[str, str | None], ...] = ()

    @property
    def is_number(self) -> bool:
        return self.kind in ("integer", "number") or (self.kind == "points" and not self.options)

    @property
    def is_laboratory(self) -> bool:
        return self.analyte is not None and self.is_number


@dataclass(frozen=True, slots=True)
class FormPage:
    """A form as it is filled in: all fields in order, whether or not they are asked now.

    `parameters` are those that the scores of its instrument give: parameter and code of the score.
    """

    code: str
    label: str
    repeating: bool
    fields: tuple[Field, ...]
    instrument: str | None = None
    citation: str = ""
    regions: tuple[Region, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()

    def field(self, item: str) -> Field | None:
        return next((field for field in self.fields if field.item == item), None)

    def label_of(self, item: str) -> str:
        """What the person reads beside an item; the item itself where the form has none such."""
        found = self.field(item)
        return found.label if found else item


def fields_of(study: Study, form: str, language: str | None = None) -> FormPage:
    """The page of a form, with labels in the language (else the study's first).

    Raises KeyError for a form that the study does not have.
    """
    return page_of(study.protocol, form, language)


def page_of(protocol: Protocol, form: str, language: str | None = None) -> FormPage:
    """The same from the protocol alone (of an older version, say)."""
    declared = protocol.forms[form]
    scale = instruments.get(declared.instrument or "")
    return FormPage(
        code=form,
        label=text_of(declared.label, language),
        repeating=declared.repeating,
        fields=tuple(_fields(declared, scale, protocol, language)),
        instrument=scale.name if scale else None,
        citation=scale.citation if scale else "",
        regions=scale.regions if scale else (),
        parameters=tuple(
            (name, parameter.score)
            for name, parameter in protocol.parameters.items()
            if scale and parameter.instrument == scale.name and parameter.score
        ),
    )


def _fields(
    form: Form, scale: Instrument | None, protocol: Protocol, language: str | None
) -> Iterator[Field]:
    if scale is not None:
        yield from map(_points, scale.items)
    for code, item in form.items.items():
        yield _question(code, item, protocol, language)


@cache
def _points(item: ScaleItem) -> Field:
    few = len(item.allowed) <= FEW
    return Field(
        item=item.code.lower(),
        label=item.label,
        kind="points",
        required=True,
        options=tuple(Option(str(value), str(value)) for value in item.allowed) if few else (),
        low=min(item.allowed),
        high=max(item.allowed),
        hint=item.hint,
        group=item.group,
        region=item.region,
    )


def _question(code: str, item: Item, protocol: Protocol, language: str | None) -> Field:
    low, high = sorted(item.range) if item.range else (None, None)
    return Field(
        item=code,
        label=text_of(item.label, language),
        kind=item.type,
        required=item.required,
        options=_options(item, protocol, language),
        units=item.units or ((item.unit,) if item.unit else ()),
        unit=item.unit or (item.units[0] if len(item.units) == 1 else None),
        analyte=_analyte(item),
        low=low,
        high=high,
        when=item.when,
        gives=tuple(_names_given(item, protocol)),
    )


def _options(item: Item, protocol: Protocol, language: str | None) -> tuple[Option, ...]:
    """The codelist of a choice. Yes and no are worded where they are shown."""
    if item.type == "yes_no":
        return (Option("yes", "yes"), Option("no", "no"))
    if item.type != "choice":
        return ()
    codelist = protocol.codelists.get(item.codelist or "", {})
    return tuple(Option(code, text_of(label, language)) for code, label in codelist.items())


def _names_given(item: Item, protocol: Protocol) -> Iterator[tuple[str, str | None]]:
    """Age and sex by the names of the state, and the parameter that is measured here."""
    target = read_target(item.target)
    place = f"{target.domain}.{target.variable}".upper()
    of_subject = {"DM.AGE": "age", "DM.SEX": "sex"}.get(place)
    for name, state in protocol.state.items():
        if of_subject and state.derivation == of_subject:
            yield name, item.unit
    code = {"LB.LBORRES": "LBTESTCD", "QS.QSORRES": "QSTESTCD"}.get(place, "")
    test = dict(target.where).get(code)
    if test in protocol.parameters:
        yield test, protocol.parameters[test].unit


def _analyte(item: Item) -> str | None:
    """The laboratory test that the item is a line for: LBORRES, where LBTESTCD is given."""
    target = read_target(item.target)
    if (target.domain, target.variable) != ("lb", "LBORRES"):
        return None
    return dict(target.where).get("LBTESTCD")
