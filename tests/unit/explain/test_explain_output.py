"""The same life on a terminal, as JSON and as a page."""

import json
import re

import pytest
from explain_examples import built_in, case, dose, life, on, score, treated, visits

from pilotage.explain import Life, as_text, trace_text
from pilotage.explain.curve import curve
from pilotage.explain.document import life_document, trace_document
from pilotage.explain.life import life_of
from pilotage.explain.page import page
from pilotage.explain.why import trace
from pilotage.instruments import instruments

SCORES: dict[int, object] = {1: 10, 29: 0, 43: 3, 50: 4}


@pytest.fixture(scope="module")
def lived() -> Life:
    event = {"AESTDTC": on(9), "AETERM": "Rash <script>alert(1)</script> & more"}
    return life(60, ae=[event], **treated(SCORES, [dose(1, 28), dose(29, often="QOD")]))


def paged(of: Life, drawing: tuple[str, str] = ("", "")) -> str:
    return page(of, built_in(), drawing)


# -- terminal --------------------------------------------------------------------------------------


def test_no_line_is_wider_than_a_terminal(lived: Life) -> None:
    long = life(60, qs=[score(-14, 9)], dv=[{"DVTERM": "x" * 300, "DVSTDTC": "2020-01-02"}])
    for each in (lived, long):
        assert max(len(line) for line in as_text(each, built_in())) <= 80
    found = trace(case(60, **treated(SCORES)), "RESPONSE")
    assert max(len(line) for line in trace_text(found, built_in(), "S01", on(60))) <= 80


def test_a_decision_that_is_unknown_says_so_first(lived: Life) -> None:
    marked = [e for day in lived.days for e in day.entries if e.mark == "unknown"]
    assert marked
    assert all(each.what.startswith("CANNOT ADVISE: ") for each in marked)


def test_the_headings_that_were_cited_are_said_once(lived: Life) -> None:
    lines = as_text(lived, built_in())
    cited = set(re.findall(r"P-\d\d", "\n".join(lines)))
    told = lines[lines.index("The protocol says") + 1 :]
    assert [line.split()[0] for line in told if line.startswith("  P-")] == sorted(cited)


def test_many_lines_of_a_trace_are_shown_once() -> None:
    items = [
        {**score(29, min(item.allowed)), "QSTESTCD": item.code}
        for item in instruments["clasi"].items
    ]
    found = trace(case(29, ex=[dose(1)], qs=[score(1, 10), *items], sv=visits(1, 29)), "RESPONSE")
    lines = trace_text(found, built_in(), "S01", on(29))
    assert sum(line.startswith("  from  qs.csv:3 ") for line in lines) == 1
    (again,) = (line for line in lines if "lines as above" in line)
    assert again.startswith("  from  29 lines as above, qs.csv:3 to qs.csv:")


# -- JSON ------------------------------------------------------------------------------------------


def test_the_document_holds_every_day_and_every_entry(lived: Life) -> None:
    document = json.loads(json.dumps(life_document(lived, built_in()), default=str))
    assert [day["written"] for day in document["days"]] == [day.written for day in lived.days]
    assert [len(day["entries"]) for day in document["days"]] == [
        len(day.entries) for day in lived.days
    ]
    values = [i for day in document["days"] for e in day["entries"] for i in e["inputs"]]
    assert {"name", "label", "value", "unit", "on", "age_days", "rows"} <= values[0].keys()


def test_the_document_of_a_trace_holds_what_is_behind() -> None:
    found = trace(case(29, **treated(SCORES)), "RESPONSE")
    document = json.loads(json.dumps(trace_document(found, built_in()), default=str))
    assert [each["name"] for each in document["behind"]] == ["CLASIACT", "CLASIACT.BASE"]
    assert document["snapshot"][0]["where"] == "qs.csv:3"


# -- page ------------------------------------------------------------------------------------------


def test_a_page_runs_no_script_and_asks_for_nothing(lived: Life) -> None:
    text = paged(lived)
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert not re.search(r"(src|href)=\"(?!#|data:)", text)
    assert "default-src 'none'" in text


def test_a_page_says_synthetic_where_the_data_are_and_only_there(lived: Life) -> None:
    from dataclasses import replace

    assert "Synthetic data" not in paged(lived)
    text = paged(replace(lived, synthetic=True))
    assert text.count("Synthetic data") >= 4
    assert "<title>S01 in LEN-CLE · Synthetic data</title>" in text


def test_the_curve_stands_in_the_page_without_the_comments_of_its_maker() -> None:
    kept = case(60, **treated(SCORES))
    drawing = curve(kept)
    assert drawing[0].startswith("<svg")
    assert "10 in week 0, 0 in week 4" in drawing[1]
    text = paged(life_of(kept, on(60)), drawing)
    assert "<svg" in text
    assert "<!--" not in text


def test_nothing_is_drawn_before_the_first_dose() -> None:
    assert curve(case(60, qs=[score(-7, 9)])) == ("", "")


def test_the_curve_ends_on_the_day(lived: Life) -> None:
    assert "week 6" not in curve(case(42, **treated(SCORES)))[1]


def test_the_same_life_gives_the_same_bytes() -> None:
    first, second = (case(60, **treated(SCORES)) for _ in range(2))
    assert curve(first) == curve(second)
    assert paged(life_of(first, on(60))) == paged(life_of(second, on(60)))
