"""In which unit each laboratory test is kept, and what each unit in the data means for it.

A parameter of the study is kept in its own unit; any other test in the unit of the form item that
asks for it, else in the standard unit of what its unit measures. The choice looks at one row at a
time, so that it never depends on other rows or other subjects.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from pilotage.datasets.facts import read_target
from pilotage.datasets.once import once_per_study
from pilotage.datasets.small_plans import improved
from pilotage.instruments.ctcae import TERMS
from pilotage.instruments.units import (
    IncompatibleUnits,
    UnknownUnit,
    conversion,
    counts_single_cells,
    standard_unit,
    ucum_code,
)
from pilotage.study.protocol import Item, Parameter, Protocol

PAIR = ["LBTESTCD", "LBORRESU"]

SCHEMA = {
    "TIMES": pl.Float64,
    "OVER": pl.Float64,
    "UNIT": pl.String,
    "CODE": pl.UInt32,
    "SERIES": pl.UInt32,
    "CELLS": pl.Boolean,
    "MEASURED": pl.Boolean,
    "CODED": pl.Boolean,
    "LOWEST": pl.Float64,
    "LEAST": pl.Float64,
    "MOST": pl.Float64,
    "PROBLEM": pl.String,
}


@dataclass(frozen=True, slots=True)
class LabTest:
    """What the study says of a test. `unit` is None where it names none.

    `coded`: the answer is a choice or a text, so that a result without a unit is no value. Values
    are expected in `expected`; those above 0 and below `least` are hardly compatible with life.
    """

    code: str
    unit: str | None = None
    parameter: bool = False
    coded: bool = False
    expected: tuple[float, float] | None = None
    least: float = 0


@once_per_study
def tests_of(protocol: Protocol) -> dict[str, LabTest]:
    """The laboratory tests of the study by LBTESTCD: its parameters, and what its forms ask for. Of
    several items for one test the first that has a unit decides."""
    found: dict[str, LabTest] = {}
    for form in protocol.forms.values():
        for item in form.items.values():
            test = _asked_for(item)
            known = found.get(test.code) if test else None
            if test and (known is None or (known.unit is None and test.unit)):
                found[test.code] = test
    own = {c: _declared(c, p) for c, p in protocol.parameters.items() if p.domain == "LB"}
    return found | own


def _asked_for(item: Item) -> LabTest | None:
    """The laboratory test that an item of a form asks for, if it does."""
    if not item.target.startswith("LB.LBORRES "):
        return None
    code = dict(read_target(item.target).where).get("LBTESTCD")
    if code is None:
        return None
    if item.type not in ("integer", "number"):
        return LabTest(code, coded=True)
    unit = item.unit if item.unit and _is_known(item.unit) else None
    return LabTest(code, unit, expected=item.range if unit else None)


def unit_table(lb: pl.DataFrame, tests: Mapping[str, LabTest]) -> pl.DataFrame:
    """For each test and unit in the data, how its values are read.

    TIMES / OVER is the exact factor to UNIT (null where there is no unit, or a PROBLEM, which says
    why the unit cannot be used). Values are compared within a SERIES: of a test that is no
    parameter, units that do not convert into each other are series of their own. CODE numbers the
    tests in alphabetical order. CELLS: the unit counts single cells. MEASURED: the study names the
    unit of the test. CODED, LOWEST, LEAST, MOST: see `LabTest`.
    """
    found = lb.lazy().select(PAIR).unique().pipe(improved).rows()
    pairs = sorted(found, key=lambda pair: (pair[0] or "", pair[1] or ""))
    place = {code: number for number, code in enumerate(dict.fromkeys(c for c, _ in pairs))}
    series: dict[object, int] = {}
    rows = []
    for code, unit in pairs:
        read = _reading(tests.get(code, LabTest(code)), unit)
        number = series.setdefault(read["SERIES"], len(series))
        row = {"LBTESTCD": code, "LBORRESU": unit, "CODE": place[code]}
        rows.append({**row, **read, "SERIES": number})
    columns = [(column, lb[column].dtype) for column in PAIR]
    return pl.DataFrame(rows, schema=[*columns, *SCHEMA.items()])


def _declared(code: str, parameter: Parameter) -> LabTest:
    least = TERMS[parameter.grade].least if parameter.grade else 0
    return LabTest(code, parameter.unit, parameter=True, expected=parameter.range, least=least)


@lru_cache(maxsize=1000)
def _reading(test: LabTest, unit: str | None) -> Mapping[str, object]:
    lowest, most = test.expected or (None, None)
    read: dict[str, object] = {
        "UNIT": test.unit,
        "SERIES": test.code,
        "CELLS": False,
        "MEASURED": test.unit is not None,
        "CODED": test.coded,
        "LOWEST": lowest,
        "LEAST": test.least,
        "MOST": most,
    }
    if unit is None:
        return read
    try:
        kept = _kept_in(test, unit)
        factor = conversion(unit, kept, analyte=test.code)
    except (UnknownUnit, IncompatibleUnits) as problem:
        return read | {"PROBLEM": f"{test.code}: {problem}"}
    own = kept == test.unit
    return read | {
        "TIMES": float(factor.numerator),
        "OVER": float(factor.denominator),
        "UNIT": kept,
        "SERIES": test.code if own else f"{test.code} in {kept}",
        "CELLS": counts_single_cells(unit),
        # the range that the study expects is in its own unit
        "LOWEST": lowest if own else None,
        "MOST": most if own else None,
    }


def _kept_in(test: LabTest, unit: str) -> str:
    """The unit for values of the test in `unit`. Raises UnknownUnit."""
    if test.parameter and test.unit:
        return test.unit
    code = ucum_code(unit)
    if test.unit:
        try:
            conversion(code, test.unit, analyte=test.code)
        except IncompatibleUnits:
            pass
        else:
            return test.unit
    return standard_unit(code, analyte=test.code)


def _is_known(unit: str) -> bool:
    try:
        ucum_code(unit)
    except UnknownUnit:
        return False
    return True
