"""From a snapshot to the analysis datasets."""

from collections.abc import Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from pilotage.datasets.adae import TREATMENT_BOUNDS, adverse_events
from pilotage.datasets.adex import doses
from pilotage.datasets.adlb import Laboratory, laboratory, laboratory_dataset
from pilotage.datasets.adqs import Questionnaires, questionnaire_dataset, questionnaires
from pilotage.datasets.adrs import responses
from pilotage.datasets.adsl import last_contacts, subjects
from pilotage.datasets.adtte import times_to_event
from pilotage.datasets.blocks import alone, blocks, joined, joined_by_name
from pilotage.datasets.deviations import deviations
from pilotage.datasets.exposure import Exposure, exposure
from pilotage.datasets.facts import with_facts
from pilotage.datasets.keyed import names_of_source, or_empty, with_subject_keys
from pilotage.datasets.neighbours import NUMBER_OF_ROW
from pilotage.datasets.placing import placed
from pilotage.datasets.remarks import refuse_errors, together
from pilotage.findings import InputErrors
from pilotage.snapshot import Snapshot
from pilotage.study import Study
from pilotage.study.protocol import Protocol

SOURCES = ("dm", "ex", "qs", "lb", "ae", "ds")
"""The SDTM tables that the datasets are made of; of the others, single answers are taken."""

NAMES = ("adsl", "adqs", "adrs", "adtte", "adlb", "adae", "adex")

INTERNAL = {
    *("SRCLINE", "SEQ", "TIME", "DATE_FIRST", "DATE_LAST", "POST", "DOSED", "ONGOING", "MDD"),
    *(
        "IN_EX",
        "FAILED",
        "END_FIRST",
        "END_LAST",
        "CYC1DAYS_LEAST",
        "CYC1DAYS_MOST",
        *TREATMENT_BOUNDS,
    ),
    *(
        f"{column}_{part}"
        for column in ("EXSTDTC", "EXENDTC", "AESTDTC", "AEENDTC")
        for part in ("FIRST", "LAST", "TIME")
    ),
}
"""Columns of the derivation that no dataset keeps."""

ORDER: Mapping[str, tuple[str, ...] | None] = {
    "adsl": (),
    "adqs": None,
    "adrs": (),
    "adtte": ("PARAMCD",),
    "adlb": None,
    "adae": ("AESTDTC", "AESEQ"),
    "adex": ("EXSTDTC", "EXSEQ"),
}
"""How the rows of a subject are ordered, by nothing: as they stand; ASEQ numbers them in this
order. None: all rows stand in their order already (see `placed`)."""


@dataclass(frozen=True, slots=True)
class Datasets:
    """The analysis datasets of one data cut, the findings about the data, and what was collected.

    `collected` names the SDTM tables that the snapshot holds: of an absent one nothing is known;
    `columns` has the columns of each. `signed` says whether a manifest vouches for the files.
    `deviations` are rows of DV as they were recorded; None where the snapshot has no such table.
    """

    adsl: pl.DataFrame
    adqs: pl.DataFrame
    adrs: pl.DataFrame
    adtte: pl.DataFrame
    adlb: pl.DataFrame
    adae: pl.DataFrame
    adex: pl.DataFrame
    findings: pl.DataFrame
    collected: frozenset[str]
    data_cut: date
    synthetic: bool
    signed: bool = True
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)
    deviations: pl.DataFrame | None = None

    def named(self) -> dict[str, pl.DataFrame]:
        return {name: getattr(self, name) for name in NAMES}


def derive(study: Study, snapshot: Snapshot) -> Datasets:
    """Derive every dataset. Row order and other subjects never change what a subject's rows say.

    Raises InputErrors with every value that the study refuses: an unknown unit, a score outside its
    range, an unknown dosing frequency.
    """
    derived = _in_blocks(study, snapshot) or _at_once(study, snapshot)
    return Datasets(
        **derived.frames,
        findings=derived.findings,
        deviations=derived.deviations,
        collected=frozenset(snapshot.tables),
        columns={name: frozenset(table.columns) for name, table in snapshot.tables.items()},
        data_cut=snapshot.data_cut,
        synthetic=snapshot.synthetic,
        signed=snapshot.manifest is not None,
    )


def _at_once(study: Study, snapshot: Snapshot) -> "_Derived":
    tables = with_subject_keys(snapshot, SOURCES)
    # Polars works outside the interpreter's lock: what does not wait for each other goes abreast
    with ThreadPoolExecutor(max_workers=1) as beside:
        return _derived(study, snapshot, tables, beside)


def _in_blocks(study: Study, snapshot: Snapshot) -> "_Derived | None":
    """The same block by block; None for a snapshot that is not large, or of which something is said
    that no block knows by itself."""
    parts = blocks(snapshot, study.protocol)
    if len(parts) == 1:
        return None
    done = []
    for part in parts:
        try:
            done.append(_at_once(study, part))
        except InputErrors:
            return None  # the errors of all blocks belong into one list
        if not alone(done[-1].findings):
            return None
    departed = [each.deviations for each in done if each.deviations is not None]
    return _Derived(
        frames=joined_by_name([each.frames for each in done]),
        findings=together(each.findings.lazy() for each in done),
        deviations=joined(departed) if departed else None,
    )


def refuse_values(study: Study, snapshot: Snapshot) -> None:
    """Raise InputErrors with every value that the study refuses, as `derive` does."""
    tables, protocol = with_subject_keys(snapshot, SOURCES), study.protocol
    with ThreadPoolExecutor(max_workers=1) as beside:
        taken = beside.submit(_taken, protocol, snapshot, tables)
        values = _values(protocol, snapshot, tables, taken, beside)
    _refuse(values)


@dataclass(frozen=True, slots=True)
class _Values:
    """What each row of EX, QS and LB says."""

    taken: Exposure
    scores: Questionnaires
    results: Laboratory

    def findings(self) -> list[pl.LazyFrame]:
        """All that is said of single values; every error is among it."""
        return [*self.taken.findings, *self.scores.findings, *self.results.findings]


def _refuse(values: _Values) -> pl.DataFrame:
    """The findings about single values. Raises InputErrors where errors are among them."""
    found = together(values.findings())
    refuse_errors(found)
    return found


def _taken(protocol: Protocol, snapshot: Snapshot, tables: Mapping[str, pl.DataFrame]) -> Exposure:
    return exposure(
        tables["ex"],
        cut=snapshot.data_cut,
        unit=protocol.treatment.unit,
        gap=protocol.treatment.days_without_drug_within_cycle,
        file=snapshot.file("ex"),
    )


def _subjects(
    study: Study, snapshot: Snapshot, tables: Mapping[str, pl.DataFrame], taken: Exposure
) -> pl.DataFrame:
    contacts = last_contacts(snapshot.tables, tables["dm"]["USUBJID"].dtype)
    return subjects(tables, taken, contacts, study.sap.populations, cut=snapshot.data_cut)


def _values(
    protocol: Protocol,
    snapshot: Snapshot,
    tables: Mapping[str, pl.DataFrame],
    taken: Future[Exposure],
    beside: Executor,
) -> _Values:
    lb = or_empty(tables, "lb")
    results = beside.submit(laboratory, lb, protocol, file=snapshot.file("lb"))
    scores = questionnaires(tables["qs"], protocol, file=snapshot.file("qs"))
    return _Values(taken.result(), scores, results.result())


@dataclass(frozen=True, slots=True)
class _Derived:
    """The datasets by name, the findings, and the deviations."""

    frames: dict[str, pl.DataFrame]
    findings: pl.DataFrame
    deviations: pl.DataFrame | None


def _derived(
    study: Study, snapshot: Snapshot, tables: Mapping[str, pl.DataFrame], beside: Executor
) -> _Derived:
    """What goes `beside` is done in the order in which it is given: it may wait for what was given
    before, never for what is given later."""
    protocol = study.protocol
    treated = beside.submit(_taken, protocol, snapshot, tables)
    known = beside.submit(lambda: _subjects(study, snapshot, tables, treated.result()))
    values = _values(protocol, snapshot, tables, treated, beside)
    taken, scores, results, bare = values.taken, values.scores, values.results, known.result()
    refused = beside.submit(_refuse, values)
    ae = or_empty(tables, "ae")
    later_adae = beside.submit(adverse_events, ae, taken, protocol, file=snapshot.file("ae"))
    later_adex = beside.submit(doses, taken, bare, protocol)
    departed = beside.submit(deviations, snapshot.tables.get("dv"), bare)
    placed_qs, placed_lb = placed([scores.measured, results.measured], taken, protocol)
    said_of_values = refused.result().lazy()
    later_adlb = beside.submit(
        laboratory_dataset, placed_lb, results, protocol, file=snapshot.file("lb")
    )
    adqs, qs_findings = questionnaire_dataset(placed_qs, scores, protocol, file=snapshot.file("qs"))

    def of_all() -> tuple[pl.DataFrame, pl.DataFrame]:
        """ADSL with the facts, and the findings."""
        adlb, lb_findings = later_adlb.result()
        baselines = pl.concat([_baselines(adqs, "QS", protocol), _baselines(adlb, "LB", protocol)])
        found = [said_of_values, *qs_findings, *lb_findings, *later_adae.result()[1]]
        return with_facts(bare, protocol, snapshot.tables, baselines), together(found)

    later_adsl, adex = beside.submit(of_all), later_adex.result()
    adrs, responded = responses(adqs, bare, adex, protocol)
    adtte = times_to_event(adqs, responded, taken, protocol)
    (adsl, findings), (adlb, _), (adae, _) = (
        later_adsl.result(),
        later_adlb.result(),
        later_adae.result(),
    )
    frames = dict(zip(NAMES, (adsl, adqs, adrs, adtte, adlb, adae, adex), strict=True))
    return _Derived(_finished(frames, tables["dm"]), findings, departed.result())


def _baselines(findings: pl.DataFrame, domain: str, protocol: Protocol) -> pl.LazyFrame:
    """USUBJID, PARAMCD, BASE of the parameters that the study takes from the domain."""
    own = [code for code, parameter in protocol.parameters.items() if parameter.domain == domain]
    is_baseline = findings["ABLFL"].is_not_null()  # the flag is Y or missing
    chosen = findings[["USUBJID", "PARAMCD", "BASE"]].filter(is_baseline)
    return chosen.lazy().filter(pl.col("PARAMCD").is_in(own))


_NUMBER_OF_SUBJECT = pl.col("USUBJID").to_physical()
_NUMBER_OF_ROW = NUMBER_OF_ROW.cast(pl.Int64).alias("ASEQ")


def _finished(frames: Mapping[str, pl.DataFrame], dm: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The datasets in their last form."""
    # in the order of the enumeration, so that the number of a subject finds its row
    studyid = pl.lit(dm.sort("USUBJID")["STUDYID"]).gather(_NUMBER_OF_SUBJECT)
    plans = [_last_form(frame, studyid, ORDER[name]) for name, frame in frames.items()]
    return dict(zip(frames, pl.collect_all(plans, engine="in-memory"), strict=True))


def _last_form(
    frame: pl.DataFrame, studyid: pl.Expr, order: tuple[str, ...] | None
) -> pl.LazyFrame:
    """Sort, number the rows of each subject (ASEQ), drop what only the derivation needed."""
    first = ["STUDYID", "USUBJID", "ASEQ"]
    kept = [*first, *(c for c in frame.columns if c not in INTERNAL and c not in first)]
    kinds = zip(frame.columns, frame.dtypes, strict=True)
    texts = [column for column, kind in kinds if isinstance(kind, pl.Enum | pl.Categorical)]
    rows = frame.lazy()
    added = [] if "STUDYID" in frame.columns else [studyid.alias("STUDYID")]
    if order is not None:
        keys = ["USUBJID", *(key for key in order if frame[key].null_count() < frame.height)]
        empty = [name for name in kept if name in frame.columns and name not in keys]
        empty = [name for name in empty if frame[name].null_count() == frame.height]
        added += [pl.lit(None, dtype=frame.schema[name]).alias(name) for name in empty]
        # what is the same in all rows need not be put in order
        rows = rows.drop(empty).sort(keys, nulls_last=False, maintain_order=not order)
    done = (
        rows.with_columns(_NUMBER_OF_ROW, *added)
        .select(pl.col(kept))
        .with_columns(pl.col(texts).cast(pl.String))
    )
    back = names_of_source(kept)
    return done.rename(back) if back else done
