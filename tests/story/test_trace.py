"""From an item to a sentence: what changes in a report when one answer of the snapshot changes."""

import csv
import json
import shutil
import sys
from pathlib import Path

import polars as pl
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "report"))

from report_examples import Element, data, read_html

from pilotage.courses import write_cohort
from pilotage.datasets import Datasets
from pilotage.report import write_report
from pilotage.study import Study, load_study

pytestmark = pytest.mark.slow

STUDY = "lenalidomide_cle"


class Made:
    """A snapshot with everything that was made from it."""

    def __init__(self, study: Study, snapshot: Path, folder: Path) -> None:
        self.datasets: Datasets
        self.datasets, self.results = data(study, snapshot)
        written = write_report(study, self.datasets, self.results, folder)
        self.page: Element = read_html(written.html.read_text("utf-8"))

    def values(self) -> dict[str, tuple[object, ...]]:
        rows = self.results.select("RESULTID", "VALUE", "TEXT", "N", "STATUS", "REASON").rows()
        return {row[0]: row[1:] for row in rows}

    def sources(self) -> dict[str, tuple[str, frozenset[str]]]:
        """The rows of its dataset that each result names."""
        rows = self.results.select("RESULTID", "DATASET", "SOURCES").rows()
        return {name: (d, frozenset((found or "").split())) for name, d, found in rows}

    def shown(self) -> list[tuple[str, tuple[str, ...]]]:
        """Every text that shows results, with their ids, in the order of the page; drawings too."""
        return [
            (element.text, tuple(element.attributes["data-results"].split("\n")))
            for element in self.page.all("td", "th", "span", "dd", "li")
            if "data-results" in element.attributes
        ]

    def rows(self, dataset: str) -> dict[str, dict[str, object]]:
        frame = self.datasets.named()[dataset]
        return {f"{r['USUBJID']}.{r['ASEQ']}": r for r in frame.iter_rows(named=True)}


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(STUDY)


@pytest.fixture(scope="module")
def before(study: Study, tmp_path_factory: pytest.TempPathFactory) -> tuple[Made, Path]:
    folder = tmp_path_factory.mktemp("before")
    # the subject with the fewest complete responses has them late, one after the other
    write_cohort(study, folder / "snapshot", seed=22, subjects=15)
    return Made(study, folder / "snapshot", folder / "report"), folder / "snapshot"


@pytest.fixture(scope="module")
def item(before: tuple[Made, Path]) -> tuple[str, str]:
    """USUBJID and QSSEQ of an item of the first complete response of the subject who had the fewest
    assessments with one: everything about the response hangs on it."""
    made, snapshot = before
    responses = made.datasets.adrs.filter(
        (pl.col("PARAMCD") == "OVRLRESP") & (pl.col("AVALC") == "CR")
    )
    fewest = responses.group_by("USUBJID").len().sort("len", "USUBJID")["USUBJID"][0]
    first = responses.filter(pl.col("USUBJID") == fewest).sort("ADT").row(0, named=True)
    items = set(first["SRCITEMS"].split())
    with (snapshot / "qs.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            own = line["USUBJID"] == fewest and line["QSSEQ"] in items
            if own and line["QSTESTCD"].startswith("ERY"):
                return line["USUBJID"], line["QSSEQ"]
    raise AssertionError("the response names no item of erythema")


@pytest.fixture(scope="module")
def after(
    study: Study,
    before: tuple[Made, Path],
    item: tuple[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Made:
    """The same snapshot with the item 3 instead of 0."""
    folder = tmp_path_factory.mktemp("after")
    shutil.copytree(before[1], folder / "snapshot")
    lines = (folder / "snapshot/qs.csv").read_text("utf-8").split("\n")
    head = lines[0].split(",")
    places = [head.index(name) for name in ("USUBJID", "QSSEQ", "QSORRES", "QSSTRESN")]
    for at, line in enumerate(lines[1:], 1):
        cells = line.split(",")
        if len(cells) == len(head) and (cells[places[0]], cells[places[1]]) == item:
            assert cells[places[2]] == "0"
            cells[places[2]] = "3"
            cells[places[3]] = "3" if cells[places[3]] else ""
            lines[at] = ",".join(cells)
    (folder / "snapshot/qs.csv").write_text("\n".join(lines), "utf-8")
    unsigned = json.loads((folder / "snapshot/manifest.json").read_text("utf-8"))
    assert "qs.csv" in unsigned["files"]
    resign(folder / "snapshot", unsigned)
    return Made(study, folder / "snapshot", folder / "report")


def resign(folder: Path, manifest: dict) -> None:
    """Put the hash of the changed table in the manifest."""
    from hashlib import sha256

    content = (folder / "qs.csv").read_bytes()
    manifest["files"]["qs.csv"] |= {"sha256": sha256(content).hexdigest(), "bytes": len(content)}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")


# -- the way of the item ---------------------------------------------------------------------------


def changed_rows(one: dict, other: dict) -> set[str]:
    """The keys whose value differs, or that only one of the two has."""
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def test_the_item_is_named_by_the_total_the_response_and_their_results(before, after, item):
    made = before[0]
    totals = [r for r in made.rows("adqs").values() if is_of(r, item) and r["QSSEQ"] is None]
    assert {r["PARAMCD"] for r in totals} == {"CLASIACT", "CLASISKN"}
    named = {
        dataset.upper(): {n: r for n, r in made.rows(dataset).items() if is_of(r, item)}
        for dataset in ("adqs", "adrs", "adtte")
    }
    assert {"OVRLRESP", "BESTRESP"} <= {r["PARAMCD"] for r in named["ADRS"].values()}
    assert "TTCR" in {r["PARAMCD"] for r in named["ADTTE"].values()}
    results = {
        result
        for result, (dataset, rows) in made.sources().items()
        if rows & named.get(dataset, {}).keys()
    }
    changed = changed_rows(made.values(), after.values())
    for analysis in ("TTCR", "CLASI_A_VISITS"):
        assert {name for name in results & changed if name.startswith(f"{analysis}/")}


def is_of(row: dict, item: tuple[str, str]) -> bool:
    subject, sequence = item
    return row["USUBJID"] == subject and sequence in str(row.get("SRCITEMS") or "").split()


def test_only_rows_of_the_subject_change_and_only_in_datasets_that_read_the_item(
    before, after, item
):
    subject, _ = item
    for dataset in ("adsl", "adlb", "adae", "adex"):
        assert changed_rows(before[0].rows(dataset), after.rows(dataset)) == set()
    for dataset in ("adqs", "adrs", "adtte"):
        found = changed_rows(before[0].rows(dataset), after.rows(dataset))
        assert {name.rpartition(".")[0] for name in found} <= {subject}
        assert found


def test_only_results_that_rest_on_changed_rows_change(before, after):
    """Every result that changed belongs to an answer (analysis, population, level, visit) that
    names a row which changed, before or after."""
    changed = changed_rows(before[0].values(), after.values())
    assert 0 < len(changed) < len(before[0].values()) / 4
    touched = {
        dataset.upper(): changed_rows(before[0].rows(dataset), after.rows(dataset))
        for dataset in before[0].datasets.named()
    }
    rests = {
        answer_of(name)
        for made in (before[0], after)
        for name, (dataset, rows) in made.sources().items()
        if rows & touched[dataset] or "rows" in rows
    }
    assert {answer_of(name) for name in changed} - rests == set()


def answer_of(result: str) -> str:
    return result.rpartition("/")[0]


def test_exactly_the_cells_and_sentences_of_changed_results_change(before, after):
    """A text changes only where a result that it shows does; and where no result of it changed,
    every character stayed."""
    changed = changed_rows(before[0].values(), after.values())
    one, other = before[0].shown(), after.shown()
    texts = dict.fromkeys(one)
    gone = [(text, names) for text, names in one if (text, names) not in dict.fromkeys(other)]
    come = [(text, names) for text, names in other if (text, names) not in texts]
    assert gone
    assert come
    for text, names in (*gone, *come):
        assert changed & set(names), text
    sentences = {e.text for e in before[0].page.all("span") if "data-results" in e.attributes}
    later = {e.text for e in after.page.all("span") if "data-results" in e.attributes}
    assert 0 < len(sentences - later) < len(sentences) / 2
