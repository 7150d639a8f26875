"""The datasets of a snapshot that was read, with what was to be said about its files."""

from dataclasses import replace

import polars as pl

from pilotage.datasets.derive import Datasets, derive
from pilotage.snapshot import Snapshot
from pilotage.study import Study


def derive_with_warnings(study: Study, snapshot: Snapshot) -> Datasets:
    """The datasets; among their findings also the warnings about the files of the snapshot."""
    datasets = derive(study, snapshot)
    about_files = [(f.severity, f.where, None, f.message) for f in snapshot.findings]
    warnings = pl.DataFrame(about_files, schema=datasets.findings.schema, orient="row")
    return replace(datasets, findings=pl.concat([warnings, datasets.findings]))
