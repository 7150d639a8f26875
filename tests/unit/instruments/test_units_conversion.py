"""Units: spellings, exact factors, and what is refused."""

from fractions import Fraction
from itertools import combinations

import polars as pl
import pytest

from pilotage.instruments.units import (
    UNITS,
    IncompatibleUnits,
    UnknownUnit,
    conversion,
    convert,
    convert_columns,
    counts_single_cells,
    standard_unit,
    ucum_code,
)

SPELLINGS = {
    "10*9/L": "10^9/L 10*9/L 10**9/L x10E9/L 10E9/L 10e9/L 10E+09/L X10^9/L Giga/L GIGA/L 10*9/l "
    "10⁹/L K/uL k/ul K/mm3 10^9cells/L",
    "10*3/uL": "10*3/uL 10^3/µL 10^3/μL x10³/µL 10^3/mm3 10^3/mm³ 10*3/mm^3",
    "10*12/L": "10*12/L 10^12/L Tera/L M/uL",
    "/uL": "/uL /µL /μL /ul cells/uL cells/µL Cells/mcL",
    "/mm3": "/mm3 /mm^3 /mm³ cells/mm3 cells/mm^3 /cumm /MM3",
    "g/dL": "g/dL g/dl G/DL gm/dL",
    "g/L": "g/L g/l mg/mL",
    "mg/dL": "mg/dL mg/dl MG/DL mg/100mL",
    "mg/L": "mg/L ug/mL µg/mL mcg/mL",
    "mmol/L": "mmol/L mmol/l MMOL/L",
    "umol/L": "umol/L µmol/L μmol/l UMOL/L",
    "U/L": "U/L u/l U/l mU/mL",
    "ukat/L": "ukat/L µkat/L μkat/l",
    "[IU]/L": "[IU]/L IU/L iu/l mIU/mL",
    "[IU]/mL": "[IU]/mL IU/mL IU/ml kIU/L k[IU]/L",
    "%": "%",
    "kg": "kg KG Kg",
    "Cel": "Cel °C C",
    "d": "d day days DAYS",
    "mL/min/{1.73_m2}": "mL/min/1.73m2 mL/min/1.73_m2 ml/min/1.73m^2",
    "ng/L": "ng/L pg/mL PG/ML",
    "meq/L": "meq/L mEq/L MEQ/L",
    "mm/h": "mm/h mm/hr MM/HR",
    "fL": "fL FL fl",
    "{INR}": "{INR} INR",
    "[pH]": "[pH] pH",
}
ONE_SPELLING = [(text, code) for code, texts in SPELLINGS.items() for text in texts.split()]


@pytest.mark.parametrize("text, code", ONE_SPELLING)
def test_a_unit_is_known_in_the_spellings_of_laboratories(text, code):
    assert ucum_code(text) == code


def test_spaces_do_not_matter():
    assert ucum_code(" x 10^9 / L ") == "10*9/L"
    assert ucum_code("10^3 cells/µL") == "10*3/uL"
    assert ucum_code("mL/min/1.73 m2") == "mL/min/{1.73_m2}"


@pytest.mark.parametrize("code", UNITS)
def test_every_code_is_its_own_spelling_and_converts_to_itself(code):
    assert ucum_code(code) == code
    assert conversion(code, code) == 1


@pytest.mark.parametrize("text", ["", "G", "M", "K", "c", "10^8/L", "109/L", "10 9/L", "mm3", "x"])
def test_what_could_mean_anything_is_unknown(text):
    with pytest.raises(UnknownUnit):
        ucum_code(text)


def test_an_unknown_unit_is_refused_with_the_nearest_one():
    with pytest.raises(UnknownUnit, match=r"unit 'mgr/dL' is not known; did you mean 'mg/dL'\?"):
        conversion("mgr/dL", "g/L")
    with pytest.raises(UnknownUnit, match=r"unit 'umoll/L' is not known; did you mean 'umol/L'\?"):
        conversion("mg/dL", "umoll/L", analyte="CREAT")


@pytest.mark.parametrize("text", ["G/L", "G/l"])
def test_giga_and_gram_per_litre_are_not_guessed_apart(text):
    with pytest.raises(UnknownUnit, match=r"ambiguous: .*write 10\*9/L or g/L"):
        ucum_code(text)


@pytest.mark.parametrize(
    "from_unit, to_unit, analyte, factor",
    [
        ("/mm3", "10*9/L", "NEUT", Fraction(1, 1000)),
        ("/uL", "/mm3", None, Fraction(1)),
        ("10*3/uL", "10*9/L", "PLAT", Fraction(1)),
        ("10*6/L", "10*9/L", None, Fraction(1, 1000)),
        ("10*6/uL", "10*12/L", None, Fraction(1)),
        ("10*12/L", "10*9/L", None, Fraction(1000)),
        ("/L", "/uL", None, Fraction(1, 1_000_000)),
        ("/mL", "/uL", None, Fraction(1, 1000)),
        ("g/dL", "g/L", "HGB", Fraction(10)),
        ("mmol/L", "g/L", "HGB", Fraction(16114, 1000)),
        ("g/dL", "mmol/L", "HGB", Fraction(10_000, 16114)),
        ("mg/dL", "umol/L", "CREAT", Fraction(884, 10)),
        ("umol/L", "mg/dL", "CREAT", Fraction(10, 884)),
        ("mmol/L", "umol/L", "CREAT", Fraction(1000)),
        ("nmol/L", "mol/L", None, Fraction(1, 10**9)),
        ("mg/dL", "umol/L", "BILI", Fraction(171, 10)),
        ("mmol/L", "g/L", "GLUC", Fraction(18016, 100_000)),
        ("mmol/L", "mg/dL", "URATE", Fraction(16811, 1000)),
        ("mg/dL", "g/L", "C3", Fraction(1, 100)),
        ("mg/L", "g/L", "C4", Fraction(1, 1000)),
        ("ug/L", "mg/L", None, Fraction(1, 1000)),
        ("ukat/L", "U/L", "ALT", Fraction(60)),
        ("nkat/L", "U/L", "ALT", Fraction(6, 100)),
        ("U/mL", "U/L", "ALT", Fraction(1000)),
        ("IU/L", "U/L", "ALT", Fraction(1)),
        ("IU/L", "ukat/L", "ALT", Fraction(1, 60)),
        ("IU/L", "IU/mL", None, Fraction(1, 1000)),
        ("kIU/L", "IU/mL", None, Fraction(1)),
        ("mIU/L", "IU/L", None, Fraction(1, 1000)),
        ("1", "%", None, Fraction(100)),
        ("g", "kg", None, Fraction(1, 1000)),
        ("mg", "g", None, Fraction(1, 1000)),
        ("lb", "kg", None, Fraction(45_359_237, 100_000_000)),
        ("in", "cm", None, Fraction(254, 100)),
        ("m", "cm", None, Fraction(100)),
        ("mm", "cm", None, Fraction(1, 10)),
        ("wk", "d", None, Fraction(7)),
        ("d", "h", None, Fraction(24)),
        ("h", "min", None, Fraction(60)),
        ("min", "s", None, Fraction(60)),
        ("g/24h", "mg/24h", None, Fraction(1000)),
        ("pg/mL", "ug/dL", None, Fraction(1, 10_000)),
        ("nmol/mL", "umol/L", None, Fraction(1)),
        ("ug/g", "mg/g", None, Fraction(1, 1000)),
    ],
)
def test_factors_are_exact(from_unit, to_unit, analyte, factor):
    assert conversion(from_unit, to_unit, analyte=analyte) == factor
    assert conversion(to_unit, from_unit, analyte=analyte) == 1 / factor


@pytest.mark.parametrize(
    "from_unit, to_unit, analyte, why",
    [
        ("mg/dL", "umol/L", None, "needs a molar mass"),
        ("mg/dL", "umol/L", "C3", "none is known for C3"),
        ("%", "10*9/L", "NEUT", "is a fraction"),
        ("U/L", "IU/mL", None, "the same for enzymes only"),
        ("U/mL", "IU/mL", "DSDNA", "DSDNA is not one of them"),
        ("/[HPF]", "/uL", None, "number per field"),
        ("mg/mmol", "mg/g", "CREAT", "mass per amount"),
        ("[degF]", "Cel", None, "different zeros"),
        ("g/L", "U/L", "ALT", "mass per volume"),
    ],
)
def test_different_things_are_not_converted(from_unit, to_unit, analyte, why):
    with pytest.raises(IncompatibleUnits, match=why):
        conversion(from_unit, to_unit, analyte=analyte)


@pytest.mark.parametrize(
    "value, from_unit, to_unit, expected",
    [
        (1500, "/mm3", "10*9/L", 1.5),
        (1499, "/mm3", "10*9/L", 1.499),
        (999, "/uL", "10*9/L", 0.999),
        (1190, "cells/uL", "10^9/L", 1.19),
        (75_000, "/mm3", "10*9/L", 75),
        (8.0, "g/dL", "g/L", 80),
        (6.5, "g/dL", "g/L", 65),
        (98.6, "[degF]", "Cel", 37),
        (38, "°C", "°F", 100.4),
    ],
)
def test_values_come_out_on_the_clinical_boundary(value, from_unit, to_unit, expected):
    assert convert(value, from_unit, to_unit) == expected


def test_every_count_up_to_ten_thousand_converts_to_its_decimal():
    converted = [convert(count, "/mm3", "10*9/L") for count in range(10_001)]
    assert converted == [float(f"{count // 1000}.{count % 1000:03}") for count in range(10_001)]


def test_a_column_is_converted_as_one_value_is():
    factor = conversion("mg/dL", "umol/L", analyte="CREAT")
    values = [round(0.01 * number, 2) for number in range(1, 500)]
    one_by_one = [convert(value, "mg/dL", "umol/L", analyte="CREAT") for value in values]
    assert converted([*values, None], factor) == [*one_by_one, None]
    assert [converted([value], factor) for value in values] == [[value] for value in one_by_one]


def converted(values: list[float | None], factor: Fraction) -> list[float | None]:
    frame = pl.DataFrame({"AVAL": values}, schema={"AVAL": pl.Float64})
    return frame.select(convert_columns(pl.col("AVAL"), factor)).to_series().to_list()


@pytest.mark.parametrize(
    "unit, expected",
    [
        ("/mm3", True), ("cells/mm3", True), ("/uL", True), ("cells/µL", True), ("/mL", True),
        ("10*6/L", True), ("/hpf", True),
        ("10*9/L", False), ("10*3/uL", False), ("K/uL", False), ("10*12/L", False), ("g/L", False),
        ("%", False), ("umol/L", False),
    ],
)  # fmt: skip
def test_units_that_count_single_cells(unit, expected):
    assert counts_single_cells(unit) is expected


def test_an_unknown_unit_counts_nothing():
    with pytest.raises(UnknownUnit):
        counts_single_cells("furlong")


@pytest.mark.parametrize("analyte", [None, "NEUT", "HGB", "CREAT", "ALT", "CA", "ADSDNA"])
def test_units_have_one_standard_if_and_only_if_they_convert_into_each_other(analyte):
    for one, other in combinations(UNITS, 2):
        try:
            conversion(one, other, analyte=analyte)
        except IncompatibleUnits:
            alike = False
        else:
            alike = True
        standards = {standard_unit(unit, analyte=analyte) for unit in (one, other)}
        assert (len(standards) == 1) is alike, (one, other, standards)


@pytest.mark.parametrize(
    "unit, analyte, standard",
    [
        ("/mm3", None, "10*9/L"),
        ("mg/dL", None, "g/L"),
        ("mg/dL", "CREAT", "umol/L"),
        ("mmol/L", "HGB", "g/L"),
        ("IU/L", "AST", "U/L"),
        ("mIU/mL", "HCG", "[IU]/mL"),
        ("°F", None, "[degF]"),
        ("INR", None, "{INR}"),
    ],
)
def test_the_standard_unit_is_that_of_what_is_measured(unit, analyte, standard):
    assert standard_unit(unit, analyte=analyte) == standard


def test_an_unknown_unit_has_no_standard():
    with pytest.raises(UnknownUnit):
        standard_unit("mgr/dL")
