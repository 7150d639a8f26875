"""Datasets of a trial in which nobody is yet: every table and column there, no row in any."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from pilotage.datasets import Datasets, derive
from pilotage.datasets.facts import read_target
from pilotage.snapshot import Snapshot
from pilotage.snapshot.empty import empty_table
from pilotage.snapshot.tables import REQUIRED_COLUMNS
from pilotage.study import Study

DEVIATIONS = "dv"


def nobody(study: Study, day: date) -> Datasets:
    """The datasets of the study on the day, without any subject; everything counts as collected."""
    tables = {name: empty_table(name) for name in (*REQUIRED_COLUMNS, DEVIATIONS)}
    domains = set(tables)
    for target in _targets(study):
        domains.add(target[0])
        if target[0] in tables and target[1] not in tables[target[0]].columns:
            column = pl.lit(None, dtype=pl.String).alias(target[1])
            tables[target[0]] = tables[target[0]].with_columns(column)
    snapshot = Snapshot(
        folder=Path(),
        tables=tables,
        files={},
        records={},
        manifest=None,
        findings=(),
        synthetic=False,
        data_cut=day,
    )
    return replace(derive(study, snapshot), collected=frozenset(domains), columns={})


def _targets(study: Study) -> list[tuple[str, str]]:
    """The tables and columns in which the forms of the study put their answers."""
    items = (i for form in study.protocol.forms.values() for i in form.items.values())
    found = (read_target(item.target) for item in items)
    return [(target.domain, target.variable) for target in found]
