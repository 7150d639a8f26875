"""Proofs agree with `holds`: what is found holds, what cannot be found holds in no state."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from test_conditions import conditions

from pilotage.conditions import Variable, holds, names_in
from pilotage.conditions.plain import number_parts, plain_numbers
from pilotage.conditions.prove import Proofs, satisfiable

NAMESPACE = {
    "F": Variable("number", low=-100),
    "F.BASE": Variable("number", low=0, high=1),
    "I": Variable("number", low=-3, high=5),
    "T": Variable("text"),
    "T.CODE": Variable("text", choices=("a", "b", "12")),
    "D": Variable("date"),
}
WHOLE = {"I"}
NUMBERS = [-50, -1, 0, 0.1, 0.5, 1, 2, 4, 7.25, 1e7]
TEXTS = ["", "a", "b", "12", "ñ"]
CONDITION = conditions([*NAMESPACE, "ABSENT"], numbers=NUMBERS, texts=TEXTS)
STATE = st.fixed_dictionaries(
    {
        "F": st.none() | st.sampled_from([n for n in NUMBERS if n >= -100]) | st.integers(-100, 9),
        "F.BASE": st.none() | st.sampled_from([0, 0.1, 0.25, 0.5, 1]),
        "I": st.none() | st.integers(-3, 5),
        "T": st.none() | st.sampled_from([*TEXTS, "else"]),
        "T.CODE": st.sampled_from([None, "a", "b", "12"]),
        "D": st.sampled_from([None, date(2009, 1, 15)]),
    }
)


@settings(max_examples=250, deadline=None)
@given(st.lists(CONDITION, min_size=1, max_size=3), st.lists(STATE, max_size=20))
def test_the_example_holds_and_where_there_is_none_nothing_holds(wanted, states):
    found = satisfiable(*wanted, namespace=NAMESPACE, whole=WHOLE)
    if found is None:
        assert not any(all(holds(each, state) for each in wanted) for state in states)
        return
    assert all(holds(each, found) is True for each in wanted)
    assert found.keys() <= {name for each in wanted for name in names_in(each)}
    for name, value in found.items():
        assert value is None or allowed(name, value)


def allowed(name, value):
    variable = NAMESPACE[name]
    match variable.type:
        case "date":
            return isinstance(value, date)
        case "text":
            return value in variable.choices if variable.choices else isinstance(value, str)
    inside = (variable.low is None or value >= variable.low) and (
        variable.high is None or value <= variable.high
    )
    return inside and (name not in WHOLE or value == int(value))


@settings(max_examples=250, deadline=None)
@given(st.lists(CONDITION, min_size=1, max_size=2))
def test_the_example_needs_every_name_that_it_has(wanted):
    found = satisfiable(*wanted, namespace=NAMESPACE, whole=WHOLE)
    for name in found or {}:
        fewer = {other: value for other, value in found.items() if other != name}
        assert not all(holds(each, fewer) for each in wanted)


@settings(max_examples=250, deadline=None)
@given(CONDITION, STATE)
def test_the_formulas_of_a_condition_answer_as_the_condition_does(condition, state):
    proofs = Proofs(NAMESPACE, whole=WHOLE)
    answer = proofs.answer(condition)
    given_state = [is_value(proofs, name, value) for name, value in state.items()]
    assert proofs.possible(*given_state)
    expected = holds(condition, state)
    assert proofs.possible(*given_state, answer.true) is (expected is True)
    assert proofs.possible(*given_state, answer.false) is (expected is False)


def is_value(proofs, name, value):
    z3, symbol = proofs.z3, proofs.symbol(name)
    if value is None:
        return z3.Not(symbol.known)
    if symbol.type == "date":
        return symbol.known
    same = proofs.text(value) if symbol.type == "text" else proofs.number(value)
    return z3.And(symbol.known, symbol.value == same)


@given(st.lists(st.sampled_from(NUMBERS), max_size=5), st.booleans())
def test_every_part_that_cuts_make_has_its_plain_number(cuts, whole):
    parts = number_parts(cuts, -60, 1000, whole=whole)
    assert parts == sorted(set(parts))
    assert all(-60 <= number <= 1000 for number in parts)
    inside = sorted({cut for cut in cuts if -60 <= cut <= 1000})
    if not whole:
        assert set(inside) <= set(parts)
        assert len(parts) == (2 * len(inside) + 1 if inside else 1)
    assert set(parts) <= {*plain_numbers(cuts, -60, 1000, whole=whole)} or not inside
