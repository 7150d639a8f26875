"""What a kernel makes of a condition and of a toxicity grade is what `holds` and `grade` say."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotage.conditions import (
    Between,
    Comparison,
    Condition,
    IsMissing,
    Literal,
    Logical,
    Name,
    Not,
    OneOf,
    holds,
    parse,
)
from pilotage.conditions.nodes import OPERATORS
from pilotage.instruments.ctcae import TERMS, VERSIONS, grade
from pilotage.simulation.compiled.grades import grade_lines, steps
from pilotage.simulation.truth import NO, YES, Term, truth

NUMBERS = [-1.0, 0.0, 0.5, 2.0]
WORDS = ["a", "b", "c"]
TERMS_OF = {
    "X": Term("x"),
    "Y": Term("y"),
    "SURE": Term("sure", sure=True),
    "T": Term("t", {"a": 0, "b": 1}),
    "U": Term("u", {"b": 0, "c": 1}),
}
NAMES = [*TERMS_OF, "NEVER"]
STATE = st.fixed_dictionaries(
    {
        "X": st.sampled_from([*NUMBERS, None]),
        "Y": st.sampled_from([*NUMBERS, None]),
        "SURE": st.sampled_from(NUMBERS),
        "T": st.sampled_from(["a", "b", None]),
        "U": st.sampled_from(["b", "c", None]),
    }
)


def _literal(value: object) -> Literal:
    return Literal(value)  # type: ignore[arg-type]


_name = st.sampled_from(NAMES).map(Name)
_value = st.sampled_from([*NUMBERS, *WORDS]).map(_literal)
_number = st.sampled_from(NUMBERS).map(_literal)
_leaf = st.one_of(
    st.builds(Comparison, _name, st.sampled_from(OPERATORS), st.one_of(_value, _name)),
    st.builds(Comparison, _value, st.sampled_from(OPERATORS), _name),
    st.builds(Between, _name, _number, _number),
    st.builds(OneOf, _name, st.lists(_number, min_size=1, max_size=3).map(tuple)),
    st.builds(OneOf, _name, st.lists(st.sampled_from(WORDS).map(_literal), min_size=1).map(tuple)),
    st.builds(IsMissing, _name),
)


def _parts(part: st.SearchStrategy[Condition]) -> st.SearchStrategy[tuple[Condition, ...]]:
    return st.lists(part, min_size=2, max_size=3).map(tuple)


CONDITION = st.recursive(
    _leaf,
    lambda part: st.one_of(
        st.builds(Not, part),
        st.builds(Logical, st.sampled_from(["and", "or"]), _parts(part)),
    ),
    max_leaves=6,
)  # fmt: skip


def in_kernel(condition: Condition, state: dict[str, object]) -> bool | None:
    """The answer of both expressions."""
    values: dict[str, object] = {"nan": math.nan}
    for name, term in TERMS_OF.items():
        value = state[name]
        if term.codes is not None:
            values[term.text] = -1 if value is None else term.codes[str(value)]
        else:
            values[term.text] = math.nan if value is None else value
    holds_, fails = (eval(text, {}, values) for text in truth(condition, TERMS_OF.get))  # noqa: S307
    assert not (holds_ and fails)
    return True if holds_ else False if fails else None


@settings(max_examples=200, deadline=None)
@given(CONDITION, STATE)
def test_a_condition_holds_in_a_kernel_as_everywhere(
    condition: Condition, state: dict[str, object]
) -> None:
    assert in_kernel(condition, state) is holds(condition, state)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "holds_", "fails"),
    [
        ("NEVER == 1", NO, NO),
        ("NEVER is missing", YES, NO),
        ("NEVER == 1 and SURE > 2", NO, "(sure <= 2.0)"),
        ("SURE > 2", "(sure > 2.0)", "(sure <= 2.0)"),
        ("X == 2", "(x == 2.0)", "(x < 2.0 or x > 2.0)"),
        ("T == 'a'", "(t == 0)", "((t != 0) and (t >= 0))"),
        ("T == 'z'", NO, "(t >= 0)"),
        ("T > 'a'", NO, NO),
    ],
)
def test_what_is_never_known_is_decided_before_the_kernel_runs(
    text: str, holds_: str, fails: str
) -> None:
    assert truth(parse(text), TERMS_OF.get) == (holds_, fails)


# -- grades ----------------------------------------------------------------------------------------


def values_near(term: str, limits: tuple[float | None, float | None]) -> list[float]:
    """Values on, beside and between the bounds of a grade."""
    found = [0.0, 1e-9, 0.3, 1.0, 17.0, 45.0, 200.0, 5000.0]
    for version in VERSIONS:
        for rule in TERMS[term].rules[version]:
            for comparison in rule.comparisons:
                known = {"LLN": limits[0], "ULN": limits[1], "BASE": 60.0}.get(
                    comparison.right, 1.0
                )
                bound = comparison.factor * (known or 1.0)
                found += [
                    bound * (1 + part) for part in (-1e-3, -2e-9, -5e-10, 0, 5e-10, 2e-9, 1e-3)
                ]
                found += [math.nextafter(bound, 0), math.nextafter(bound, math.inf)]
    return found


LIMITS = [(None, None), (1.8, 7.5), (None, 40.0), (4.0, None), (120.0, 160.0)]


@pytest.mark.parametrize("term", TERMS)
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("limits", LIMITS)
def test_a_grade_in_a_kernel_is_that_of_the_criteria(
    term: str, version: str, limits: tuple[float | None, float | None]
) -> None:
    lines = grade_lines("g", "v", "b", term=term, version=version, limits=limits, least=0)
    code = compile("\n".join(f"{name} = {text}" for name, text in lines), "grade", "exec")
    for value in values_near(term, limits):
        for base in (math.nan, 60.0, 39.0):
            space = {"v": value, "b": base, "nan": math.nan, "inf": math.inf}
            exec(code, {}, space)  # noqa: S102
            wanted = grade(
                term, value, lln=limits[0], uln=limits[1],
                baseline=None if math.isnan(base) else base, version=version,
            )  # fmt: skip
            found = None if math.isnan(space["g"]) else int(space["g"])
            assert found == wanted, (value, base)


def test_an_unknown_value_has_no_grade() -> None:
    space = {"v": math.nan, "b": math.nan, "nan": math.nan, "inf": math.inf}
    lines = grade_lines("g", "v", "b", term="NEUT", version="5.0", limits=(1.8, None), least=0)
    for variable, text in lines:
        space[variable] = eval(text, {}, space)  # noqa: S307
    assert math.isnan(space["g"])


def test_the_bounds_of_a_grade_are_found_to_the_last_digit() -> None:
    bounds = [bound for bound, found in steps("NEUT", "5.0", (1.8, 7.5)) if found == 3]
    assert [round(bound, 6) for bound in bounds] == [1.0]
    assert grade("NEUT", bounds[0], version="5.0") == 3
    assert grade("NEUT", math.nextafter(bounds[0], 2), version="5.0") == 2
