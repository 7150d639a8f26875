"""Slips of typing: only what the item makes possible, and never what was meant."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from pilotage.instruments import instruments
from pilotage.simulation.rehearsal.slips import (
    possible_slips,
    slips_of_choice,
    slips_of_date,
    slips_of_number,
)
from pilotage.study import load_study

NUMBERS = st.decimals(0, 100_000, places=2).map(lambda number: f"{number:f}") | st.integers(
    0, 10**6
).map(str)
DATES = st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(str)


def kinds(text: str) -> dict[str, str]:
    return {slip.value: slip.kind for slip in slips_of_number(text)}


def test_a_number_slips_by_its_digits_and_its_point() -> None:
    assert kinds("4.2") == {
        "44.2": "digit doubled",
        "4.22": "digit doubled",
        "42": "decimal point lost",
    }
    assert kinds("120") == {
        "210": "digits swapped",
        "20": "digit lost",
        "10": "digit lost",
        "12": "digit lost",
        "102": "digits swapped",
        "1120": "digit doubled",
        "1220": "digit doubled",
        "1200": "digit doubled",
    }


@given(NUMBERS)
def test_a_mistyped_number_is_a_number_and_another_one(text: str) -> None:
    for slip in slips_of_number(text):
        assert float(slip.value) != float(text)
        assert slip.value[0] != "0" or slip.value[1:2] in ("", ".")


@given(NUMBERS)
def test_a_whole_number_stays_whole(text: str) -> None:
    if "." not in text:
        assert not any("." in slip.value for slip in slips_of_number(text))


@given(st.text(max_size=8).filter(lambda text: not text.strip().isdigit()))
def test_what_is_no_plain_number_has_no_slip_of_digits(text: str) -> None:
    assert not slips_of_number(f"< {text}")


@given(DATES)
def test_a_mistyped_date_is_a_day_of_the_calendar_in_another_month_or_year(text: str) -> None:
    meant, found = date.fromisoformat(text), slips_of_date(text)
    assert found or meant.day > 28
    for slip in found:
        wrong = date.fromisoformat(slip.value)
        assert wrong != meant
        assert wrong.day == meant.day
        apart = (wrong.year - meant.year) * 12 + wrong.month - meant.month
        assert abs(apart) == {"another month": 1, "another year": 12}[slip.kind]


def test_a_date_without_a_day_and_one_with_a_time_keep_their_form() -> None:
    assert [slip.value for slip in slips_of_date("2009-01")] == [
        "2008-12", "2008-01", "2009-02", "2010-01",
    ]  # fmt: skip
    assert [slip.value for slip in slips_of_date("2009-03-31T09:30")] == [
        "2008-03-31T09:30", "2010-03-31T09:30",
    ]  # fmt: skip
    assert slips_of_date("2009") == ()


@given(st.lists(st.text(min_size=1, max_size=3), unique=True, max_size=6), st.integers(0, 5))
def test_a_choice_slips_to_its_neighbours(choices: list[str], at: int) -> None:
    if at < len(choices):
        found = [slip.value for slip in slips_of_choice(choices[at], choices)]
        assert [abs(choices.index(each) - at) for each in found] == [1] * len(found)
        assert bool(found) == (len(choices) > 1)


def test_the_type_of_an_item_says_which_slips_there_are() -> None:
    protocol = load_study("lenalidomide_cle").protocol

    def of(form: str, item: str, value: str) -> list[str]:
        return [slip.value for slip in possible_slips(protocol, form, item, value)]

    assert of("consent", "signed", "yes") == ["no"]
    assert of("demography", "sex", "nobody offers this") == []
    assert of("demography", "age", "30") == ["0", "330", "3", "300"]
    assert of("clasi", "mucosa", "0") == ["1"]
    assert of("end_of_study", "words", "moved 300 km away") == []
    assert of("photograph", "picture", "12") == []
    allowed = {
        item.code.lower(): {str(value) for value in item.allowed}
        for item in instruments[protocol.forms["clasi"].instrument or ""].items
    }
    for item, values in allowed.items():
        for value in values:
            assert set(of("clasi", item, value)) <= values - {value}
