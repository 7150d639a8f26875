"""From a snapshot to the report: the built-in trial on a synthetic cohort, as a reader sees it."""

import csv
import re
import sys
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "report"))

from report_examples import Element, letters, pages, read_html

import pilotage
from pilotage.cli import app
from pilotage.study import load_study
from pilotage.study.protocol import text_of

pytestmark = pytest.mark.slow

STUDY = "lenalidomide_cle"
STUDIES = Path(pilotage.__file__).parent / "studies"
NUMBER = re.compile(r"−?\d+(?:\.\d+)?")
Rows = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("story")
    run("cohort", STUDY, "--out", folder / "snapshot", "--seed", 15, "--subjects", 15)
    run("report", STUDY, folder / "snapshot", "--out", folder / "report")
    return folder / "report"


def run(*arguments: object) -> None:
    ran = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert ran.exit_code == 0, ran.output


@pytest.fixture(scope="module")
def page(out: Path) -> Element:
    return read_html((out / "report.html").read_text("utf-8"))


@pytest.fixture(scope="module")
def printed(out: Path) -> list[str]:
    return pages((out / "report.pdf").read_bytes())


def part(page: Element, name: str) -> Element:
    return next(s for s in page.all("section") if s.attributes.get("id") == name)


def columns(table: Element) -> list[str]:
    return [head.own_text for row in table.all("thead") for head in row.all("tr")[-1].all("th")]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# -- what the report holds -------------------------------------------------------------------------


@pytest.mark.requirement("P-80")
def test_table_1_has_a_row_for_each_enrolled_subject(out, page):
    enrolled = [row["USUBJID"] for row in read(out / "datasets/adsl.csv")]
    panels = part(page, "T1").all("tbody")
    assert len(enrolled) == 15
    for panel in panels:
        assert [row.all("th")[0].own_text for row in panel.all("tr")] == enrolled
    heads = {head for table in part(page, "T1").all("table") for head in columns(table)}
    assert {"Age", "Race", "Subtype", "ANA", "SLEDAI"} <= heads


@pytest.mark.requirement("P-81")
def test_table_2_has_a_row_for_each_treated_subject(out, page):
    treated = [r["USUBJID"] for r in read(out / "datasets/adsl.csv") if r["SAFFL"] == "Y"]
    first = part(page, "T2").all("tbody")[0]
    assert [row.all("th")[0].own_text for row in first.all("tr")] == treated


@pytest.mark.requirement("P-81")
def test_the_primary_answer_stands_in_both_populations_with_its_interval(out, page):
    response = part(page, "T2.1").all("table")[0]
    groups = [
        head.own_text for head in response.all("th") if head.attributes["scope"] == "colgroup"
    ]
    assert len(groups) == 2
    assert all(re.search(r"\(n = 1[45]\)", group) for group in groups)
    row = response.all("tbody")[0].all("tr")[0]
    assert [bool(re.fullmatch(r"\d+/\d+ ?\(\d+ %\)", c.own_text)) for c in row.all("td")[::2]] == [
        True, True,
    ]  # fmt: skip
    assert all("to" in cell.own_text for cell in row.all("td")[1::2])


@pytest.mark.requirement("P-82")
def test_adverse_events_count_subjects_and_events(out, page):
    events = read(out / "datasets/adae.csv")
    emergent = [row for row in events if row["TRTEMFL"] == "Y"]
    first = part(page, "T3").all("tbody")[0].all("tr")[1]
    cells = [cell.own_text for cell in first.all("td")]
    assert cells[0].startswith(f"{len({row['USUBJID'] for row in emergent})}/15 ")
    assert cells[2] == str(len(emergent))


@pytest.mark.requirement("P-84")
def test_figure_2_shows_both_scores_and_tells_its_changes_with_their_p_values(page):
    figure = part(page, "F2")
    alternative = figure.all("img")[0].attributes["alt"]
    assert "CLASI activity" in alternative
    assert "CLASI damage" in alternative
    notes = [note.text for note in figure.all("li")]
    assert any("week 2" in note and re.search(r"P [=<>]", note) for note in notes)
    assert any("one year" in note for note in notes)
    assert "SEM" in columns(figure.all("table")[0])


def test_every_page_says_synthetic(page, printed):
    assert all("Synthetic" in text for text in printed)
    assert all("Synthetic" in section.text for section in page.all("section"))


def test_the_figures_are_there_as_files_too(out, page):
    assert {path.stem for path in (out / "figures").glob("*.svg")} == {
        section.attributes["id"] for section in page.all("section") if section.all("figure")
    }


def test_no_code_of_the_data_is_shown_raw(page):
    cells = {cell.own_text for cell in page.all("td")}
    heads = {head.own_text for head in page.all("th")}
    assert not {"Y", "N", "WHITE", "NEGATIVE", "POSITIVE", "MILD", "not known"} & (cells | heads)


def test_both_forms_hold_the_same_texts(page, printed):
    text = letters("".join(printed))
    assert [c.own_text for c in page.all("td") if letters(c.own_text) not in text] == []
    assert [h.own_text for h in page.all("th") if letters(h.own_text) not in text] == []


# -- every number comes from the data --------------------------------------------------------------


def test_every_number_of_every_table_is_a_result_or_a_value_of_a_dataset(out, page):
    results = {row["RESULTID"]: row for row in read(out / "results.csv")}
    values = dict(dataset_rows(out / "datasets"))
    labels = {
        category.code: text_of(category.label)
        for each in load_study(STUDY).protocol.classifications.values()
        for category in each.categories
    }
    checked = 0
    for cell in page.all("td"):
        shown = NUMBER.findall(cell.own_text)
        if not shown:
            continue
        if "data-results" in cell.attributes:
            rows = [results[name] for name in cell.attributes["data-results"].split("\n")]
            allowed = numbers_of(rows)
        elif "data-source" not in cell.attributes:
            assert cell.attributes["class"].startswith("text")  # what the study says in words
            continue
        elif re.fullmatch("ADSL [A-Z]+FL", cell.attributes["data-source"]):
            flag = cell.attributes["data-source"].split()[1]
            adsl = read(out / "datasets/adsl.csv")
            allowed = [Decimal(sum(row[flag] == "Y" for row in adsl))]
        elif cell.attributes["data-source"] == "ADSL":  # nobody is counted
            allowed = [Decimal(0)]
        else:
            rows = [values[name] for name in cell.attributes["data-source"].split("\n")]
            if any(cell.own_text in (*row.values(), labels.get(row.get("AVALC"))) for row in rows):
                continue
            relapsed = [r for r in values.values() if of_relapse(r, rows[0]["USUBJID"])]
            if cell.own_text == "0" and rows[0].get("AVALC") == "CR" and not relapsed:
                continue  # a count of relapses: there is no row of one
            allowed = [*values_of(rows), Decimal(len(rows))]
        for number in shown:
            checked += 1
            assert any(same(number, value) for value in allowed), (cell.own_text, cell.attributes)
    assert checked > 500


def of_relapse(row: dict[str, str], subject: str) -> bool:
    return row["USUBJID"] == subject and row.get("PARAMCD") == "RELAPSE"


def values_of(rows: list[dict[str, str]]) -> list[Decimal]:
    """What a cell may show of rows of datasets: their numbers; of several rows, the days of the
    doses together, the doses of all days together, and both by the days of treatment."""
    found = [Decimal(v) for row in rows for v in row.values() if re.fullmatch(r"-?\d+(\.\d+)?", v)]
    subject, *doses = rows
    if "TRTDURD" in subject and doses and all("ADURN" in row for row in doses):
        treated = Decimal(subject["TRTDURD"])
        days = sum((Decimal(row["ADURN"]) for row in doses), Decimal(0))
        total = sum((Decimal(row["ADURN"]) * Decimal(row["AVAL"]) for row in doses), Decimal(0))
        found += [days, total, 100 * days / treated, total / treated]
    return found


def dataset_rows(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    for path in folder.glob("ad*.csv"):
        for row in read(path):
            yield f"{path.stem.upper()} {row['USUBJID']}.{row['ASEQ']}", row


def numbers_of(rows: list[dict[str, str]]) -> list[Decimal]:
    """What a cell may show of its results: the number, its n, the number as per cent of 1 or of n,
    its time on a curve; and the zero that is left when all other categories make up n."""
    found = []
    for row in rows:
        n = Decimal(row["N"]) if row["N"] else None
        found += [] if n is None else [n]
        found += [Decimal(row["AT"])] if row["AT"] else []
        if row["VALUE"]:
            value = Decimal(row["VALUE"])
            found += [value, 100 * value, *([100 * value / n] if n else [])]
    counts = [Decimal(row["VALUE"]) for row in rows if row["STATISTIC"].startswith("count ")]
    if len(counts) and sum(counts) == Decimal(rows[0]["N"]):
        found.append(Decimal(0))
    return found


def same(shown: str, value: Decimal) -> bool:
    """Is the number shown the value, rounded half away from zero to as many decimals?"""
    written = Decimal(shown.replace("−", "-"))
    unit = Decimal(1).scaleb(int(written.as_tuple().exponent))
    return value.quantize(unit, rounding=ROUND_HALF_UP) == written or (
        shown == "0.0001" and value < Decimal("0.0001")
    )


@pytest.mark.requirement("P-87")
def test_every_number_of_every_sentence_of_the_results_is_a_result_or_named_by_the_study(out, page):
    results = {row["RESULTID"]: row for row in read(out / "results.csv")}
    study = (STUDIES / STUDY / "sap.yaml").read_text("utf-8")
    levels = {Decimal(95)}
    checked = 0
    for sentence in part(page, "S1").all("span"):
        names = sentence.attributes["data-results"].split("\n")
        allowed = [*numbers_of([results[name] for name in names]), *levels]
        allowed += [Decimal(results[name]["AVISITN"]) for name in names if results[name]["AVISITN"]]
        labels = {label for name in names for label in label_numbers(study, name)}
        for number in NUMBER.findall(sentence.own_text.replace("C3", "").replace("C4", "")):
            if number in labels or (number == "2" and "SLEDAI-2K" in sentence.own_text):
                continue
            checked += 1
            assert any(same(number, value) for value in allowed), (number, sentence.own_text)
    assert checked > 150


def label_numbers(plan: str, result: str) -> list[str]:
    """The numbers in the label of the analysis of a result, and in the names of dose steps."""
    analysis = result.partition("/")[0]
    block = plan.partition(f"- id: {analysis}\n")[2].partition("populations:")[0]
    return [*NUMBER.findall(block), *(["5", "10"] if analysis.startswith("DOSE") else [])]


def test_a_wrong_number_would_be_noticed():
    row = {"N": "15", "VALUE": "12", "AT": "", "STATISTIC": "count"}
    allowed = numbers_of([row])
    assert all(any(same(text, value) for value in allowed) for text in ("12", "15", "80", "80.0"))
    assert not any(same("81", value) or same("11", value) for value in allowed)
