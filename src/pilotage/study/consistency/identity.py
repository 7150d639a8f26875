"""Languages, versions, epochs: the parts that everything else refers to."""

import re

from pilotage.study.consistency.report import Report
from pilotage.study.places import Path

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][A-Za-z]{1,3})?")


def check_identity(report: Report) -> None:
    """Languages are codes; versions ascend; ids are unique; sources are headings."""
    protocol = report.protocol
    languages = [("protocol", "languages", at) for at in range(len(protocol.languages))]
    report.unique(languages, protocol.languages, "the language")
    for path, language in zip(languages, protocol.languages, strict=True):
        if not _LANGUAGE.fullmatch(language):
            report.error(path, f"'{language}' is no language code; write a code such as en or es")
    report.sources(("protocol", "study"), protocol.study)
    report.sources(("protocol", "study", "design"), protocol.study.design)
    _arms(report)
    _versions(report)
    epochs = [("protocol", "epochs", at) for at in range(len(protocol.epochs))]
    report.unique(epochs, [epoch.id for epoch in protocol.epochs], "the epoch")
    if protocol.toxicity is not None:
        report.sources(("protocol", "toxicity"), protocol.toxicity)
    report.sources(("protocol", "adverse_events"), protocol.adverse_events)


def _arms(report: Report) -> None:
    """Of several arms nothing is known but their number: nobody may think otherwise."""
    design = report.protocol.study.design
    several = design.arms > 1
    if several or design.allocation == "randomised":
        key = "arms" if several else "allocation"
        report.warning(
            ("protocol", "study", "design", key),
            "Pilotage knows trials of one arm: nobody is randomised, and rules, analyses, design "
            "and simulation take all subjects as one group",
        )


def _versions(report: Report) -> None:
    versions = report.protocol.versions
    paths: list[Path] = [("protocol", "versions", at) for at in range(len(versions))]
    report.unique(paths, [version.id for version in versions], "the version")
    for path, version, before in zip(paths[1:], versions[1:], versions, strict=False):
        if version.date <= before.date:
            report.error(
                (*path, "date"),
                f"version {version.id} of {version.date} stands after version {before.id} of "
                f"{before.date}; write the versions in the order of their dates",
            )
