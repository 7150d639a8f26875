"""Forms and their items: where answers live in SDTM, what may be answered."""

import re
from collections.abc import Iterator

from pilotage.study.consistency.measures import check_range, check_unit, unknown_instrument
from pilotage.study.consistency.report import Report
from pilotage.study.names import did_you_mean
from pilotage.study.namespace import instrument_variables
from pilotage.study.places import Path
from pilotage.study.protocol import Form, Item

DOMAINS = (
    "AE", "AG", "BE", "BS", "CE", "CM", "CO", "CP", "DA", "DD", "DM", "DS", "DV", "EC", "EG", "EX",
    "FA", "FT", "GF", "HO", "IE", "IS", "LB", "MB", "MH", "MI", "MK", "ML", "MS", "NV", "OE", "PC",
    "PE", "PP", "PR", "QS", "RE", "RP", "RS", "SC", "SE", "SM", "SR", "SS", "SU", "SV", "TR", "TU",
    "UR", "VS",
)  # fmt: skip
"""Domains of SDTM IG 3.4 in which a form's answer can live; SUPP-- comes on top of them."""

_IDENTIFIERS = ("STUDYID", "DOMAIN", "USUBJID", "SUBJID", "EPOCH", "VISIT", "VISITNUM", "VISITDY")
_TARGET = re.compile(r"(?P<domain>[A-Z]+)\.(?P<variable>[A-Z0-9]+)(?: where (?P<where>.+))?")
_NUMBERS = ("integer", "number")


def check_forms(report: Report) -> None:
    """Items fit their type and their place in SDTM; conditions use declared names."""
    for name, form in report.protocol.forms.items():
        path: Path = ("protocol", "forms", name)
        report.sources(path, form)
        _instrument(report, path, form)
        targets: dict[str, str] = {}
        for code, item in form.items.items():
            here: Path = (*path, "items", code)
            _item(report, here, f"item {name}.{code}", item)
            _target(report, here, item)
            if item.target in targets:
                words = f"{item.target} holds the item '{targets[item.target]}' already"
                report.error((*here, "target"), words)
            targets.setdefault(item.target, code)
        for at, check in enumerate(form.checks):
            inner: Path = (*path, "checks", at)
            report.sources(inner, check)
            report.condition((*inner, "holds"), check.holds, f"check {at + 1} of {name}")


def _instrument(report: Report, path: Path, form: Form) -> None:
    from pilotage.instruments import instruments

    if form.instrument is None:
        if not form.items:
            report.error(path, f"the form '{path[-1]}' has no items")
        return
    if form.instrument not in instruments:
        report.error((*path, "instrument"), unknown_instrument(form.instrument))
        return
    taken = {name for name, _ in instrument_variables(form.instrument)}
    for code in form.items:
        if code in taken:
            words = f"'{code}' is an item of {form.instrument} already"
            report.error((*path, "items", code), words)


def _item(report: Report, path: Path, subject: str, item: Item) -> None:
    report.sources(path, item)
    report.condition((*path, "when"), item.when, subject)
    check_range(report, (*path, "range"), item.range)
    if item.type not in _NUMBERS:
        for key in ("range", "unit", "units"):
            if getattr(item, key):
                words = f"'{key}' belongs to numbers; this item is of type {item.type}"
                report.error((*path, key), words)
    if item.type == "integer" and item.range and any(end % 1 for end in item.range):
        report.error((*path, "range"), "the range of a whole number has whole ends")
    _codelist(report, path, item)
    _units(report, path, item)


def _codelist(report: Report, path: Path, item: Item) -> None:
    codelists = report.protocol.codelists
    if item.type != "choice":
        if item.codelist is not None:
            words = f"'codelist' belongs to type choice; this item is of type {item.type}"
            report.error((*path, "codelist"), words)
    elif item.codelist is None:
        report.error(path, "an item of type choice needs 'codelist'")
    else:
        message = f"the codelist '{item.codelist}' is not declared"
        declared: Path = ("protocol", "codelists")
        report.known((*path, "codelist"), item.codelist, codelists, message, declared=declared)


def _units(report: Report, path: Path, item: Item) -> None:
    """Laboratory items: units are known and can be converted to the unit of the parameter."""
    target = _TARGET.fullmatch(item.target)
    if target is None or target["domain"] != "LB" or item.type not in _NUMBERS:
        return
    code = dict(_pairs(target["where"])).get("LBTESTCD")
    parameter = report.protocol.parameters.get(code or "")
    stated: list[tuple[Path, str]] = [((*path, "units", at), u) for at, u in enumerate(item.units)]
    if item.unit is not None:
        stated.insert(0, ((*path, "unit"), item.unit))
    for here, unit in stated:
        if check_unit(report, here, unit):
            goal = parameter.unit if parameter is not None else item.unit
            _convertible(report, here, unit, goal, code)


def _convertible(report: Report, path: Path, unit: str, goal: str | None, code: str | None) -> None:
    from pilotage.instruments.units import IncompatibleUnits, UnknownUnit, conversion

    if goal is None:
        return
    try:
        conversion(unit, goal, analyte=code)
    except IncompatibleUnits as problem:
        report.error(path, f"{unit} cannot be converted to {goal}: {problem}")
    except UnknownUnit:
        return  # said where that unit stands


def _target(report: Report, path: Path, item: Item) -> None:
    target = _TARGET.fullmatch(item.target)
    if target is None:
        return  # a shape that the model refuses
    domain = target["domain"]
    parent = domain.removeprefix("SUPP")
    here = (*path, "target")
    if parent not in DOMAINS:
        hint = did_you_mean(domain, DOMAINS)
        report.error(here, f"'{domain}' is no domain of SDTM{hint}")
        return
    if domain == "DM" or domain.startswith("SUPP"):
        return
    for variable in (target["variable"], *(name for name, _ in _pairs(target["where"]))):
        if not variable.startswith(domain) and variable not in _IDENTIFIERS:
            report.error(here, f"'{variable}' is no variable of {domain}; they start with {domain}")


def _pairs(where: str | None) -> Iterator[tuple[str, str]]:
    for pair in (where or "").split(" and "):
        name, _, value = pair.partition(" = ")
        if value:
            yield name, value
