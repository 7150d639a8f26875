"""The report says where its data come from: invented, captured, or foreign and unsigned."""

from datetime import date
from pathlib import Path

import pytest
from report_examples import Subject, data, snapshot, template

from pilotage.report.context import Context
from pilotage.report.document import document
from pilotage.report.lookup import Lookup
from pilotage.report.words import Words
from pilotage.snapshot import read_snapshot, write_snapshot


@pytest.mark.parametrize(
    "manifest, language, words",
    [
        (None, "en", "foreign, unsigned: no manifest vouches for the files"),
        (None, "es", "externos, sin firmar: ningún manifiesto responde de los archivos"),
        ("captured", "en", "as captured"),
        ("synthetic", "en", "synthetic: invented subjects, no patient data"),
    ],
)
def test_the_report_says_where_its_data_come_from(
    manifest: str | None, language: str, words: str, tmp_path: Path
) -> None:
    study, where = template(tmp_path), snapshot(tmp_path, Subject("S1"))
    if manifest:
        tables = read_snapshot(where).tables
        where = tmp_path / "signed"
        write_snapshot(
            tables,
            where,
            study=study.protocol.study.id,
            cut=date(2024, 6, 1),
            synthetic=manifest == "synthetic",
            protocol_versions=study.protocol.versions,
        )
    datasets, results = data(study, where)
    told = Words(language)
    made = document(Context(study, datasets, Lookup(results), told))
    assert dict(made.facts)[told("data")] == words
