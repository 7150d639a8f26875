"""Reports for tests: the study in `tests/small_study`, small snapshots of it, hand-made results,
and readers of what was written."""

import io
import re
import shutil
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polars as pl
from pypdf import PdfReader

from pilotage.analysis import SCHEMA, analyse
from pilotage.datasets import Datasets, derive
from pilotage.report.context import Context
from pilotage.report.document import document
from pilotage.report.lookup import Lookup
from pilotage.report.model import Document, Table
from pilotage.report.words import Words
from pilotage.snapshot import read_snapshot
from pilotage.study import Study, load_study
from pilotage.study.consistency.figures import FIGURES
from pilotage.study.sap import Output

# -- studies and data ----------------------------------------------------------------------------

SMALL_STUDY = Path(__file__).parents[2] / "small_study"


def template(folder: Path, *edits: tuple[str, str, str]) -> Study:
    """The small study, with places of its files replaced: (file, old, new)."""
    where = folder / "study"
    shutil.copytree(SMALL_STUDY, where)
    for file, old, new in edits:
        text = (where / file).read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        (where / file).write_text(text.replace(old, new), "utf-8")
    return load_study(where)


DM = "STUDYID,DOMAIN,USUBJID,AGE,SEX,RFICDTC\n"
EX = "STUDYID,DOMAIN,USUBJID,EXSEQ,EXTRT,EXDOSE,EXDOSU,EXDOSFRQ,EXSTDTC,EXENDTC\n"
QS = "STUDYID,DOMAIN,USUBJID,QSSEQ,QSCAT,QSTESTCD,QSORRES,QSSTRESN,VISITNUM,VISIT,QSDTC\n"
AE = "STUDYID,DOMAIN,USUBJID,AESEQ,AETERM,AESEV,AESER,AESTDTC,AEENDTC\n"


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


@dataclass
class Subject:
    """A subject of the small study: scores by date, adverse events as (term, severity)."""

    name: str
    age: int = 40
    sex: str = "F"
    dose: float = 10
    scores: dict[str, int] = field(
        default_factory=lambda: {"2024-03-01": 6, "2024-03-29": 2, "2024-04-26": 0}
    )
    events: tuple[tuple[str, str], ...] = ()


def snapshot(folder: Path, *subjects: Subject, tables: str = "dm ex qs ae") -> Path:
    """A snapshot of the small study, first dose on 2024-03-01; only the tables named."""
    files = {"dm": DM, "ex": EX, "qs": QS, "ae": AE}
    for s in subjects:
        name = quoted(s.name)
        files["dm"] += f"P,DM,{name},{s.age},{s.sex},2024-02-20\n"
        files["ex"] += f"P,EX,{name},1,DRUG,{s.dose},mg,QD,2024-03-01,2024-05-31\n"
        for place, (day, score) in enumerate(s.scores.items(), 1):
            files["qs"] += f"P,QS,{name},{place},SYMPTOMS,SCORE,{score},{score},{place},V,{day}\n"
        for place, (term, severity) in enumerate(s.events, 1):
            files["ae"] += f"P,AE,{name},{place},{quoted(term)},{severity},N,2024-03-05,\n"
    where = folder / "snapshot"
    where.mkdir()
    for table in tables.split():
        (where / f"{table}.csv").write_text(files[table], "utf-8")
    return where


def data(study: Study, where: Path) -> tuple[Datasets, pl.DataFrame]:
    datasets = derive(study, read_snapshot(where))
    return datasets, analyse(study, datasets)


def built(study: Study, where: Path, language: str = "en") -> tuple[Document, Datasets]:
    """The report of a snapshot before it is HTML or PDF, and its datasets."""
    datasets, results = data(study, where)
    return document(Context(study, datasets, Lookup(results), Words(language))), datasets


def result(
    statistic: str, value: float | None, n: int | None = None, **more: Any
) -> dict[str, Any]:
    """A row of results; the columns that are not named stay empty."""
    row: dict[str, Any] = dict.fromkeys(SCHEMA)
    row |= {"STATISTIC": statistic, "VALUE": value, "N": n, "POPULATION": "SAFFL"}
    row["STATUS"] = "computed" if value is not None else "not computed"
    row |= {key.upper(): text for key, text in more.items()}
    parts = (row["ANALYSIS"], row["POPULATION"], row["LEVEL"], row["AVISITN"], statistic)
    row["RESULTID"] = "/".join("-" if part is None else str(part) for part in parts)
    return row


def context(study: Study, datasets: Datasets, *rows: dict[str, Any]) -> Context:
    """What layouts need, over hand-made results."""
    frame = pl.DataFrame(list(rows), schema=SCHEMA)
    return Context(study, datasets, Lookup(frame), Words(study.protocol.languages[0]))


def output(layout: str, *analyses: str, **more: Any) -> Output:
    kind = "figure" if layout in FIGURES else "table"
    name = "F9" if kind == "figure" else "T9"
    return Output(
        id=name, kind=kind, layout=layout, title="A title", analyses=analyses, source="P-1", **more
    )


def texts(table: Table) -> list[list[str]]:
    """The cells of a table, headings with their one cell; indented by two spaces for each level."""
    return [
        ["  " * row.level + row.cells[0].text, *(cell.text for cell in row.cells[1:])]
        for row in table.rows
    ]


def told(table: Table) -> dict[str, str]:
    """The footnotes of a table by mark; those without a mark by their text."""
    return {note.mark or note.text: note.text for note in table.notes}


# -- what was written ----------------------------------------------------------------------------

VOID = {"meta", "img", "br", "link", "input", "hr"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    children: list["Element | str"] = field(default_factory=list)

    def all(self, *tags: str) -> list["Element"]:
        found = [self] if self.tag in tags else []
        for child in self.children:
            if isinstance(child, Element):
                found += child.all(*tags)
        return found

    @property
    def text(self) -> str:
        parts = [c if isinstance(c, str) else c.text for c in self.children]
        return "".join(parts)

    @property
    def own_text(self) -> str:
        """The text without marks of footnotes and second lines."""
        parts = [
            c if isinstance(c, str) else c.own_text
            for c in self.children
            if isinstance(c, str) or c.tag not in ("sup", "small")
        ]
        return " ".join("".join(parts).split())


class _Tree(HTMLParser):
    """A strict reader: every tag that opens must close, in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("document", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> repeats an attribute"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read_html(text: str) -> Element:
    tree = _Tree()
    tree.feed(text)
    tree.close()
    assert len(tree.open) == 1, f"<{tree.open[-1].tag}> is not closed"
    return tree.open[0]


def pages(pdf: bytes) -> list[str]:
    """The text of each page, blanks as they come."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def letters(text: str) -> str:
    """The text without blanks: how lines break and figures are set apart does not matter."""
    return re.sub(r"\s+", "", text)
