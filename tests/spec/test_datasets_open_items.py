"""A total that is missing names the items that it needs and does not have, and no others."""

from __future__ import annotations

import pytest
from dataset_examples import clasi_items, derive_snapshot, read_tables

pytestmark = pytest.mark.requirement("P-50")


def open_items(code: str, *lines: str) -> list[str]:
    """What is said of the totals of a score that have open items."""
    tables = read_tables(qs="\n".join(["QSTESTCD | QSDTC | QSORRES", *lines]))
    for row in tables["qs"]:
        row["QSCAT"] = "CLASI"
    messages = derive_snapshot(tables).findings["MESSAGE"]
    return [m.partition("open items ")[2] for m in messages if m.startswith(f"{code} on ")]


def test_activity_names_its_own_open_item_and_no_item_of_damage():
    assert open_items("CLASIACT", *clasi_items("D1", ERYCHEST="")) == ["ERYCHEST"]


def test_damage_names_no_item_of_activity():
    (named,) = open_items("CLASIDAM", *clasi_items("D1", ERYCHEST=""), "DYSCHEST | D1 | 1")
    assert "DYSBACK" in named.split(", ")
    assert "ERYCHEST" not in named.split(", ")


def test_a_total_with_all_its_items_is_not_mentioned():
    assert open_items("CLASIACT", *clasi_items("D1")) == []
