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

from pilotage.analysis.naming import named_rows
from pilotage.courses import write_cohort
from pilotage.datasets import Datasets
from pilotage.report import write_report
from pilotage.study import Study, load_study

pytestmark = pytest.mark.slow

STUDY = "lenalidomide_cle"


class Computed:
    """A snapshot with its datasets and results."""

    def __init__(self, study: Study, snapshot: Path) -> None:
        self.datasets: Datasets
        self.datasets, self.results = data(study, snapshot)

    def values(self) -> dict[str, tuple[object, ...]]:
        """All that each result says, apart from where it comes from."""
        naming = ("SOURCES", "CONSIDERED", "SUBJECTS")
        rows = self.results.drop(naming).rows()
        return {row[0]: row[1:] for row in rows}

    def sources(self) -> dict[str, tuple[str, frozenset[str]]]:
        """The rows of its dataset that each result counts."""
        rows = self.results.select("RESULTID", "DATASET", "SOURCES").rows()
        return {name: (d, frozenset((found or "").split())) for name, d, found in rows}

    def resting_on(self, touched: dict[str, set[str]]) -> set[str]:
        """The results that name a row of these. One that only says how many rows there are rests on
        any of its dataset."""
        wanted = ("RESULTID", "DATASET", "SOURCES", "CONSIDERED", "SUBJECTS")
        return {
            name
            for name, dataset, counted, considered, subjects in self.results.select(wanted).rows()
            for of, text in ((dataset, counted), (dataset, considered), ("ADSL", subjects))
            if touched[of] and (found := named_rows(text)) != []
            if found is None or not touched[of].isdisjoint(found)
        }

    def rows(self, dataset: str) -> dict[str, dict[str, object]]:
        frame = self.datasets.named()[dataset]
        return {f"{r['USUBJID']}.{r['ASEQ']}": r for r in frame.iter_rows(named=True)}


class Made(Computed):
    """A snapshot with everything that was made from it."""

    def __init__(self, study: Study, snapshot: Path, folder: Path) -> None:
        super().__init__(study, snapshot)
        written = write_report(study, self.datasets, self.results, folder)
        self.page: Element = read_html(written.html.read_text("utf-8"))

    def shown(self) -> list[tuple[str, tuple[str, ...]]]:
        """Every text that shows results, with their ids, in the order of the page; drawings too."""
        return [
            (element.text, tuple(element.attributes["data-results"].split("\n")))
            for element in self.page.all("td", "th", "span", "dd", "li")
            if "data-results" in element.attributes
        ]


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
    return item_of_first_response(*before)


def item_of_first_response(made: Computed, snapshot: Path) -> tuple[str, str]:
    """USUBJID and QSSEQ of an item of the first complete response of the subject who had the fewest
    assessments with one: everything about the response hangs on it. Of subjects whose response
    stands for its visit: so the means by visit hang on it as well."""
    responses = made.datasets.adrs.filter(
        (pl.col("PARAMCD") == "OVRLRESP") & (pl.col("AVALC") == "CR")
    )
    of_visits = made.datasets.adqs.filter(
        (pl.col("PARAMCD") == "CLASIACT") & (pl.col("ANL01FL") == "Y")
    )
    first = (
        responses.sort("ADT")
        .group_by("USUBJID", maintain_order=True)
        .agg(pl.len(), pl.col("ADT", "SRCITEMS").first())
        .join(of_visits, on=["USUBJID", "ADT"], how="semi")
        .sort("len", "USUBJID")
        .row(0, named=True)
    )
    fewest, items = first["USUBJID"], set(first["SRCITEMS"].split())
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
    folder = tmp_path_factory.mktemp("after")
    slipped(before[1], folder / "snapshot", item)
    return Made(study, folder / "snapshot", folder / "report")


def slipped(snapshot: Path, into: Path, item: tuple[str, str]) -> None:
    """The same snapshot with the item 3 instead of 0."""
    shutil.copytree(snapshot, into)
    lines = (into / "qs.csv").read_text("utf-8").split("\n")
    head = lines[0].split(",")
    places = [head.index(name) for name in ("USUBJID", "QSSEQ", "QSORRES", "QSSTRESN")]
    for at, line in enumerate(lines[1:], 1):
        cells = line.split(",")
        if len(cells) == len(head) and (cells[places[0]], cells[places[1]]) == item:
            assert cells[places[2]] == "0"
            cells[places[2]] = "3"
            cells[places[3]] = "3" if cells[places[3]] else ""
            lines[at] = ",".join(cells)
    (into / "qs.csv").write_text("\n".join(lines), "utf-8")
    unsigned = json.loads((into / "manifest.json").read_text("utf-8"))
    assert "qs.csv" in unsigned["files"]
    resign(into, unsigned)


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


def changed_without_a_name(before: Computed, after: Computed) -> tuple[set[str], set[str]]:
    """The results that changed, and those of them that name no row which did, before or after. One
    that comes or goes, such as a point of a curve, does so with another of its analysis."""
    changed = changed_rows(before.values(), after.values())
    touched = {
        dataset.upper(): changed_rows(before.rows(dataset), after.rows(dataset))
        for dataset in before.datasets.named()
    }
    rests = {name for made in (before, after) for name in made.resting_on(touched)}
    analyses = {name.partition("/")[0] for name in rests}
    alone = before.values().keys() ^ after.values().keys()
    come = {name for name in changed & alone if name.partition("/")[0] in analyses}
    return changed, changed - rests - come


def test_only_results_that_name_a_row_that_changed_do_change(before, after):
    changed, unnamed = changed_without_a_name(before[0], after)
    assert 0 < len(changed) < len(before[0].values()) / 4
    assert unnamed == set()


# with some, as with 6, a subject leaves those at risk of whom no row was counted
@pytest.mark.parametrize("seed", [4, 6, 9])
def test_so_it_is_with_any_cohort(study: Study, seed: int, tmp_path: Path) -> None:
    write_cohort(study, tmp_path / "before", seed=seed, subjects=15)
    made = Computed(study, tmp_path / "before")
    slipped(
        tmp_path / "before", tmp_path / "after", item_of_first_response(made, tmp_path / "before")
    )
    changed, unnamed = changed_without_a_name(made, Computed(study, tmp_path / "after"))
    assert changed
    assert unnamed == set()


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
