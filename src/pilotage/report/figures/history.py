"""What happened to each treated subject, in study days: doses, responses, relapses, events, end."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from pilotage.report.context import Context
from pilotage.study.protocol import Classification

Happening = Literal["best", "second", "relapse", "serious", "event"]

COMPLETED = "COMPLETED"
"""The end that needs no word: everything went as planned."""


@dataclass(frozen=True, slots=True)
class Dose:
    """A dose step, first to last study day. `rank` is its place on the ladder, 1 the lowest dose;
    0 where the dose is no step of it."""

    first: int
    last: int
    step: str
    rank: int
    source: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened on a study day."""

    day: int
    kind: Happening
    label: str
    source: str


@dataclass(frozen=True, slots=True)
class History:
    """A subject from the first dose, day 1, to the last contact or dose, day `days`; `followed` are
    the days of follow-up, `end` is why the subject left, where not as planned."""

    subject: str
    source: str
    days: int
    treated: int
    followed: int | None
    ongoing: bool
    end: str
    doses: tuple[Dose, ...]
    marks: tuple[Mark, ...]


def headline_population(context: Context) -> str:
    """The flag of the population of the first answer."""
    found = context.study.sap.populations.items()
    return next(name for name, population in found if population.headline)


def histories(context: Context, *, events: bool = True) -> list[History]:
    """Every treated subject of the headline population, in the order of ADSL."""
    adsl = context.datasets.adsl
    chosen = adsl.filter(
        (pl.col(headline_population(context)) == "Y") & pl.col("TRTSDT").is_not_null()
    )
    doses = _by_subject(context.datasets.adex)
    responses = _by_subject(context.datasets.adrs)
    found = _by_subject(context.datasets.adae) if events else {}
    return [
        _history(
            context,
            row,
            tuple(_doses(context, doses.get(row["USUBJID"], []))),
            (
                *_responses(context, responses.get(row["USUBJID"], [])),
                *_events(found.get(row["USUBJID"], [])),
            ),
        )
        for row in chosen.iter_rows(named=True)
    ]


def response_of(context: Context) -> tuple[str, Classification] | None:
    """The classification that relapse is defined by, else the first of the study."""
    protocol = context.study.protocol
    named = protocol.relapse.classification if protocol.relapse else None
    code = named or next(iter(protocol.classifications), None)
    return None if code is None else (code, protocol.classifications[code])


def marked_categories(context: Context) -> tuple[str, ...]:
    """Codes of the categories that are marked: the one that a relapse is a return from (else the
    first), and the next below it."""
    found = response_of(context)
    if found is None:
        return ()
    codes = [category.code for category in found[1].categories]
    relapse = context.study.protocol.relapse
    best = codes.index(relapse.after) if relapse is not None and relapse.after in codes else 0
    return tuple(codes[best : best + 2])


def ladder(context: Context) -> list[str]:
    """The steps of the ladder with drug, lowest first."""
    return [step.step for step in context.study.protocol.treatment.ladder if step.dose > 0]


def source_of(dataset: str, row: dict[str, Any]) -> str:
    """The row of a dataset that something comes from: 'ADEX SYN-01.1'."""
    return f"{dataset} {row['USUBJID']}.{row['ASEQ']}"


def sources_of(rows: Iterable[str]) -> str:
    """Several rows of datasets, each once; a count is their number."""
    return "\n".join(dict.fromkeys(rows))


def _by_subject(frame: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in frame.iter_rows(named=True):
        rows.setdefault(row["USUBJID"], []).append(row)
    return rows


def _history(
    context: Context, row: dict[str, Any], doses: tuple[Dose, ...], marks: tuple[Mark, ...]
) -> History:
    reason = row["DCSREAS"]
    ended = reason is not None and reason != COMPLETED
    days = [row["FUPDURD"] or 1, *(dose.last for dose in doses)]
    return History(
        row["USUBJID"],
        source_of("ADSL", row),
        max(days),
        row["TRTDURD"] or 0,
        row["FUPDURD"],
        row["TRTONGFL"] == "Y",
        context.codes("DCSREAS").label(reason) if ended else "",
        doses,
        tuple(sorted(marks, key=lambda mark: mark.day)),
    )


def _doses(context: Context, rows: list[dict[str, Any]]) -> Iterator[Dose]:
    """Days with drug; a dose of 0 is none, and a dose without a first day cannot be drawn."""
    steps = ladder(context)
    for row in rows:
        if not row["EXDOSE"] or row["ASTDY"] is None:
            continue
        step = row["DOSESTEP"]
        rank = steps.index(step) + 1 if step in steps else 0
        last = row["AENDY"] if row["AENDY"] is not None else row["ASTDY"]
        yield Dose(row["ASTDY"], last, step or "", rank, source_of("ADEX", row))


def _responses(context: Context, rows: list[dict[str, Any]]) -> Iterator[Mark]:
    """Each beginning of the best category, the first of the one below while the best was not
    reached, and each relapse."""
    found, marked = response_of(context), marked_categories(context)
    if found is None:
        return
    code, labels = found[0], context.codes("AVALC", found[0])
    before, reached, second = None, False, False
    dated = [row for row in rows if row["ADY"] is not None]
    for row in sorted(dated, key=lambda row: (row["ADY"], row["ASEQ"])):
        if row["PARAMCD"] == "RELAPSE":
            yield Mark(row["ADY"], "relapse", context.words("relapse"), source_of("ADRS", row))
        if row["PARAMCD"] != code or row["AVALC"] is None:
            continue
        category, label = row["AVALC"], labels.label(row["AVALC"])
        if category == marked[0] and before != category:
            yield Mark(row["ADY"], "best", label, source_of("ADRS", row))
            reached = True
        if category in marked[1:] and not (reached or second):
            yield Mark(row["ADY"], "second", label, source_of("ADRS", row))
            second = True
        before = category


def _events(rows: list[dict[str, Any]]) -> Iterator[Mark]:
    """Adverse events that began on treatment or after it, on a known day."""
    for row in rows:
        if row["ASTDY"] is not None and row["ASTDY"] >= 1:
            term = row.get("AEDECOD") or row["AETERM"]
            serious = row.get("AESER") == "Y"
            kind: Happening = "serious" if serious else "event"
            yield Mark(row["ASTDY"], kind, term, source_of("ADAE", row))
