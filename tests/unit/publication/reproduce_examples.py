"""Claims held against results and datasets that a test writes out: a claim as YAML, results by
their id, datasets as text tables. Groups, variables and plan are those of the built-in study."""

import functools
from collections.abc import Collection, Mapping
from datetime import date
from types import MappingProxyType

import polars as pl

from pilotage.analysis.results import SCHEMA
from pilotage.datasets import NAMES, Datasets
from pilotage.publication import Published, load_published
from pilotage.publication.reproduce import Followed, Held, reproduce, with_causes
from pilotage.study import Study, load_study
from pilotage.study.yaml_reader import read_yaml

NUMBERS = (
    "ASEQ",
    "AVISITN",
    "AVAL",
    "BASE",
    "CHG",
    "AVALWK",
    "ADY",
    "AGE",
    "DSDNABL",
    "TRTDURD",
    "ATOXGR",
    "CNSR",
    "CYCLE",
)
DATES = ("RFICDT", "TRTSDT", "ASTDT", "AENDT", "ADT")
PLACE = "{section: results, paragraph: 1, sentence: 1}"

Numbers = Mapping[str, tuple[float | None, int]]
"""RESULTID: the number and its n; a number that there is not is None."""


@functools.cache
def study() -> Study:
    return load_study("lenalidomide_cle")


@functools.cache
def paper() -> Published:
    return load_published(study())


def table(text: str) -> pl.DataFrame:
    """A text table as a frame; an empty cell is missing."""
    heading, *body = [
        [cell.strip() or None for cell in line.split("|")] for line in text.strip().splitlines()
    ]
    names = [str(name) for name in heading]
    frame = pl.DataFrame(
        {name: [row[at] for row in body] for at, name in enumerate(names)},
        schema=dict.fromkeys(names, pl.String),
    )
    frame = frame.cast({name: pl.Float64 for name in names if name in NUMBERS})
    frame = frame.with_columns(pl.col(name).str.to_date() for name in names if name in DATES)
    return frame.with_columns(ASEQ=pl.int_range(1, pl.len() + 1).over("USUBJID"))


def datasets(*, synthetic: bool, absent: Collection[str] = (), **tables: str) -> Datasets:
    """The tables given; the others are empty. ADSL has every population of the plan."""
    frames = {
        name: table(tables.get(name, "USUBJID\nS1" if name == "adsl" else "USUBJID"))
        for name in NAMES
    }
    flags = [p for p in study().sap.populations if p not in frames["adsl"].columns]
    frames["adsl"] = frames["adsl"].with_columns(pl.lit("Y").alias(flag) for flag in flags)
    return Datasets(
        **frames,
        findings=pl.DataFrame(),
        collected=frozenset({"dm", "ex", "qs", "lb", "ae", "ds"} - set(absent)),
        data_cut=date(2020, 12, 31),
        synthetic=synthetic,
        columns={},
    )


def results(numbers: Numbers) -> pl.DataFrame:
    rows = []
    for name, (value, n) in numbers.items():
        analysis, population, level, visit, statistic = name.split("/")
        row = dict.fromkeys(SCHEMA) | {
            "RESULTID": name, "ANALYSIS": analysis, "POPULATION": population, "LABEL": analysis,
            "LEVEL": None if level == "-" else level.partition("=")[2],
            "AVISIT": f"Week {visit}" if visit.isdigit() else None,
            "STATISTIC": statistic, "VALUE": value, "N": n, "METHOD": f"{statistic}; n = {n}",
            "STATUS": "not computed" if value is None else "computed",
            "REASON": "nobody to count" if value is None else None,
        }  # fmt: skip
        rows.append(row)
    return pl.DataFrame(rows, schema=SCHEMA)


def held(
    claim: str,
    numbers: Numbers = MappingProxyType({}),
    *,
    synthetic: bool = False,
    followed: Followed | None = None,
    snapshot: Mapping[str, str] = MappingProxyType({}),
    absent: Collection[str] = (),
    beside: Collection[str] = (),
    explained: bool = False,
    **tables: str,
) -> Held:
    """One claim, named X-01, beside these results and tables. `claim` has everything but place,
    sentence and printed words, which are made of its value."""
    said = read_yaml(f"{{{claim}}}".encode(), file="claim").value
    printed = str(said.get("printed", said.get("value", said.get("low", "all"))))
    whole = {"id": "X-01", "place": {"section": "results", "paragraph": 1, "sentence": 1}}
    whole |= {"sentence": printed, "printed": printed, **said}
    base = paper().model_dump(by_alias=True, exclude_unset=True)
    kept = {said.get("same_fact_as"), *beside}
    others = [each for each in base["claims"] if each["id"] in kept]
    published = Published.model_validate({**base, "claims": [whole, *others]})
    given = (study(), published, datasets(synthetic=synthetic, absent=absent, **tables))
    frame, of = results(numbers), {name: table(text) for name, text in snapshot.items()}
    found = reproduce(*given, frame, tables=of, followed=followed)
    if explained:
        found = with_causes(found, *given, frame, tables=of, followed=followed)
    return found.held[0]
