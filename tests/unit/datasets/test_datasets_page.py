"""The page about datasets against datasets: every column has its line, with all it must say."""

import re
from pathlib import Path

import pytest

from pilotage.courses import write_cohort
from pilotage.datasets import NAMES, derive, read_for
from pilotage.study import Study, builtin_studies, load_study, new_study

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "reference/datasets.md").read_text("utf-8")
SHARED, FACTS = "In every dataset", "Subject facts"
HEADS = ["Column", "How it is derived", "Unit or values", "Missing"]


def section(title: str) -> str:
    found = re.search(rf"^## {title}\b.*?\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
    assert found is not None, title
    return found[1]


def lines(title: str) -> list[list[str]]:
    """The cells of the tables of a section, heads left out."""
    rows = [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in section(title).splitlines()
        if line.startswith("|")
    ]
    return [row for row in rows if row[0] != "Column" and not set(row[0]) <= set("-: ")]


def columns(title: str) -> set[str]:
    return {name for row in lines(title) for name in re.findall(r"`([A-Z0-9]+)`", row[0])}


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Study, Path]]:
    """Every built-in study and that of `pilotage new`, with every snapshot that there is of it."""
    folder = tmp_path_factory.mktemp("studies")
    loaded = [*map(load_study, builtin_studies()), load_study(new_study(folder / "new"))]
    found = [(s, s.folder / "cohort") for s in loaded if (s.folder / "cohort").is_dir()]
    for study in loaded:
        where = folder / f"{study.folder.name}-data"
        write_cohort(study, where, seed=2, subjects=3)  # with adverse events
        found.append((study, where))
    assert len(found) >= 3
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_column_of_a_dataset_stands_in_its_table(
    name: str, studies: list[tuple[Study, Path]]
) -> None:
    named = columns(name.upper()) | columns(SHARED)
    for study, snapshot in studies:
        frame = derive(study, read_for(study, snapshot)).named()[name]
        facts = set(study.protocol.subject_facts) if name == "adsl" else set()
        assert [c for c in frame.columns if c not in named | facts] == [], study.folder.name


@pytest.mark.parametrize("name", NAMES)
def test_no_table_names_a_column_that_no_study_has(
    name: str, studies: list[tuple[Study, Path]]
) -> None:
    existing: set[str] = set()
    for study, snapshot in studies:
        existing |= set(derive(study, read_for(study, snapshot)).named()[name].columns)
    assert sorted(columns(name.upper()) - existing) == []


@pytest.mark.parametrize("title", [SHARED, *(name.upper() for name in NAMES)])
def test_every_line_says_derivation_unit_and_where_it_is_missing(title: str) -> None:
    heads = [row for row in section(title).splitlines() if row.startswith("| Column")]
    assert [[cell.strip() for cell in row.split("|")[1:-1]] for row in heads] == [HEADS]
    for row in lines(title):
        assert len(row) == len(HEADS), row
        assert all(row), row


def test_every_subject_fact_says_where_it_comes_from(
    studies: list[tuple[Study, Path]],
) -> None:
    written = {(row[0].strip("`"), row[2]) for row in lines(FACTS)}
    expected = set()
    for study, _ in studies:
        for name, fact in study.protocol.subject_facts.items():
            place = f"ever `{fact.ever}` at `{fact.item}`" if fact.ever else f"from `{fact.item}`"
            expected.add((name, f"baseline of `{fact.baseline}`" if fact.baseline else place))
    assert written == expected
    assert all(len(row) == len(HEADS) and all(row) for row in lines(FACTS))


def test_the_page_about_table_2_tells_each_of_its_columns_in_its_order() -> None:
    (output,) = [o for o in load_study("lenalidomide_cle").sap.outputs if o.id == "T2"]
    page = (DOCS / "explanation/table-2.md").read_text("utf-8")
    _, _, rows = page.partition("| Column | What stands there | From |")
    told = re.findall(r"^\| (`[^|]*`) \|", rows, re.M)
    assert re.findall(r"`(\w+)`", " ".join(told)) == list(output.columns)
