"""The page of a form: its fields in order, as the study and the instrument declare them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, Literal

from pilotage.capture.entry_forms.scale_words import in_language
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

KEPT: Final = 1000
"""Pages that are kept: more than a study has in all its languages."""

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
    `periods` are the pairs of fields whose places in SDTM are a beginning and its end.
    """

    code: str
    label: str
    repeating: bool
    fields: tuple[Field, ...]
    instrument: str | None = None
    citation: str = ""
    regions: tuple[Region, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    periods: tuple[tuple[Field, Field], ...] = ()

    def field(self, item: str) -> Field | None:
        return next((field for field in self.fields if field.item == item), None)

    def label_of(self, item: str) -> str:
        """What the person reads beside an item; the item itself where the form has none such."""
        found = self.field(item)
        return found.label if found else item


def fields_of(study: Study, form: str, language: str | None = None) -> FormPage:
    """The page of a form, with labels in the language (else the study's first).

    Made once. Raises KeyError for a form that the study does not have.
    """
    protocol = study.protocol
    known = _pages.get((id(protocol), form, language))
    if known is None:
        if len(_pages) >= KEPT:
            _pages.clear()
        known = _pages[id(protocol), form, language] = (
            protocol,
            page_of(protocol, form, language),
        )
    return known[1]


_pages: dict[tuple[int, str, str | None], tuple[Protocol, FormPage]] = {}
"""By the protocol itself, whatever it says: that it is kept here keeps its number from another."""


def page_of(protocol: Protocol, form: str, language: str | None = None) -> FormPage:
    """The same from the protocol alone (of an older version, say)."""
    declared = protocol.forms[form]
    scale = instruments.get(declared.instrument or "")
    fields = tuple(_fields(declared, scale, protocol, language))
    return FormPage(
        code=form,
        label=text_of(declared.label, language),
        repeating=declared.repeating,
        fields=fields,
        instrument=scale.name if scale else None,
        citation=scale.citation if scale else "",
        regions=tuple(_region(r, language) for r in scale.regions) if scale else (),
        parameters=tuple(
            (name, parameter.score)
            for name, parameter in protocol.parameters.items()
            if scale and parameter.instrument == scale.name and parameter.score
        ),
        periods=tuple(_periods(declared, {field.item: field for field in fields})),
    )


def _periods(form: Form, fields: Mapping[str, Field]) -> Iterator[tuple[Field, Field]]:
    begun: dict[tuple[str, tuple[tuple[str, str], ...]], Field] = {}
    for code, item in form.items.items():
        target = read_target(item.target)
        if target.variable.endswith("STDTC"):
            begun[target.domain, target.where] = fields[code]
        elif target.variable.endswith("ENDTC") and (target.domain, target.where) in begun:
            yield begun[target.domain, target.where], fields[code]


def _fields(
    form: Form, scale: Instrument | None, protocol: Protocol, language: str | None
) -> Iterator[Field]:
    if scale is not None:
        yield from (_points(item, language) for item in scale.items)
    for code, item in form.items.items():
        yield _question(code, item, protocol, language)


@cache
def _points(item: ScaleItem, language: str | None) -> Field:
    few = len(item.allowed) <= FEW
    return Field(
        item=item.code.lower(),
        label=in_language(item.label, language),
        kind="points",
        required=True,
        options=tuple(Option(str(value), str(value)) for value in item.allowed) if few else (),
        low=min(item.allowed),
        high=max(item.allowed),
        hint=in_language(item.hint, language),
        group=in_language(item.group, language),
        region=item.region,
    )


@cache
def _region(region: Region, language: str | None) -> Region:
    return replace(region, label=in_language(region.label, language))


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
