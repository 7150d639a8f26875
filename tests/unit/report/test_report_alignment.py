"""Numbers stand below each other on their decimal point; what fills the gaps cannot be seen."""

import pytest

from pilotage.report.alignment import aligned
from pilotage.report.model import Cell, Column, Row, Table


def drawn(*texts: str) -> tuple[bool, list[str]]:
    """Does the column end flush, and its cells with hidden figures as `~`."""
    rows = tuple(Row((Cell("label"), Cell(text))) for text in texts)
    table = Table("T1", "", "", (Column(""), Column("", "number")), rows)
    column = aligned(table)[1]
    return column.right, [
        "".join("~" * len(p.text) if p.hidden else p.text for p in cell) for cell in column.cells
    ]


def test_whole_numbers_and_decimals_share_the_point():
    assert drawn("7", "10.93", "0.5", "−3.25") == (
        True, ["~~7~~~", "~10.93", "~~0.5~", "−~3.25".replace("−~", "~−")],
    )  # fmt: skip


def test_counts_with_percentages_are_aligned_number_by_number():
    assert drawn("12/14 (86 %)", "7/7 (100 %)", "1/14 (7 %)") == (
        True,
        ["12/14~ (86 %)", "~~7/7 (100 %)", "~1/14~~ (7 %)"],
    )


def test_bounds_are_aligned_at_both_points():
    assert drawn("57.2 to 98.2 %", "0.0 to 100.0 %")[1] == ["57.2 to ~98.2 %", "~0.0 to 100.0 %"]


def test_a_shorter_cell_of_the_same_form_leaves_room_for_the_rest():
    assert drawn("0/0", "9/15 (60 %)")[1] == ["~0/0~~~~~~~", "9/15 (60 %)"]
    assert drawn("12.3+", "4.0")[1] == ["12.3+", "~4.0~"]


def test_numbers_in_brackets_with_other_decimals_leave_no_gap_before_the_bracket():
    right, cells = drawn("10.9 (5.9)", "9.11 (9.87)")
    assert not right
    assert cells == ["10.9 (5.9)", "~9.11 (9.87)"]
    assert drawn("10.9 (5.9)", "9.1 (9.9)")[0]


def test_a_dash_stands_where_the_first_number_would():
    assert drawn("–", "10.93")[1] == ["~–~~~", "10.93"]


def test_a_bound_of_a_p_value_stands_before_its_number_as_a_minus_does():
    assert drawn("<0.0001", "0.013", ">0.999") == (True, ["<0.0001", "~0.013~", ">0.999~"])


@pytest.mark.parametrize(
    "texts", [("15", "39.9 (7.4)", "12/15 (80 %)"), ("n 15", "0.013", "4 to 5")]
)
def test_cells_of_several_forms_are_aligned_at_their_first_number(texts):
    right, cells = drawn(*texts)
    assert not right
    assert ["".join(cell.split("~")) for cell in cells] == list(texts)


def test_nothing_that_is_seen_ever_changes():
    texts = ("not collected", "–", "0/0", "−9.1 (−10.2 to 4.6)", "<0.0001", "15", "", "2024-03-01")
    assert [cell.replace("~", "") for cell in drawn(*texts)[1]] == list(texts)


def test_texts_are_left_alone():
    rows = (Row((Cell("12"),)), Row((Cell("7"),)))
    table = Table("T1", "", "", (Column(""),), rows)
    assert [[piece.text for piece in cell] for cell in aligned(table)[0].cells] == [["12"], ["7"]]
