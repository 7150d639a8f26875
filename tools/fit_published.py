"""What the paper of the built-in study prints of its patients, beside the same of virtual subjects.

Each virtual subject is followed for a time of its own, spread as the paper prints it (7 to 30
months, a median of 15), and is seen at its contacts only, as a patient is.
"""

import functools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from pilotage.publication import load_published
from pilotage.publication.claims import Claim, OneNumber, TwoNumbers
from pilotage.rules.fold import OFF
from pilotage.simulation.compiled.emit import AFTER_VALUES, TRACED
from pilotage.simulation.compiled.grades import steps
from pilotage.simulation.compiled.kernel import Kernel
from pilotage.simulation.compiled.numbers import Numbers
from pilotage.simulation.scheme import Scheme
from pilotage.simulation.trials.columns import counted
from pilotage.study import load_study
from pilotage.study.doses import mean_daily_dose

STUDY = "lenalidomide_cle"
MONTH = 30.4375
BATCHES = 20
"""The Monte-Carlo error of a statistic is that of its values in so many parts of the subjects."""

RELAPSE_FROM = 4
"""A score from which a disease that was clear is back (P-65)."""
LOW_BELOW = 5
"""A maintenance dose: less than this a day, going on at the end (R-65)."""
WEEK_2, WINDOW_2 = 15, (2, 22)
"""The day of the visit and the days that count for it."""
WEEK_12 = 99
"""The last day that counts for week 12."""
EVALUABLE = 28
"""Days of treatment from which its duration counts (R-50)."""

EXPECTED_RANGE = {9: 2.970, 12: 3.258, 14: 3.407}
"""Of so many values of a normal distribution, in standard deviations (Tippett 1925): a median that
the paper prints with a range has its standard error from it."""

Statistic = Literal["share", "mean", "sd", "median"]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A number of the paper, of so many `patients`, with its standard error; and the statistic of
    virtual subjects that stands beside it: of `column`, among those who have one. `fitted`: does
    the search follow it? A median is that of so many subjects as the paper's, on average: where
    times fall on visits, the median of few is not that of many."""

    label: str
    claims: tuple[str, ...]
    statistic: Statistic
    column: str
    published: float
    error: float
    patients: int
    unit: str = ""
    fitted: bool = True

    def of(self, subjects: pl.DataFrame) -> float:
        """The statistic of virtual subjects; NaN where too few of them have a value."""
        values = subjects[self.column].drop_nulls().cast(pl.Float64).to_numpy()
        if len(values) < self.patients:
            return math.nan
        if self.statistic == "sd":
            return float(np.std(values, ddof=1))
        if self.statistic != "median":
            return float(np.mean(values))
        groups = values[: len(values) // self.patients * self.patients]
        return float(np.mean(np.median(groups.reshape(-1, self.patients), axis=1)))

    def error_of(self, subjects: pl.DataFrame) -> float:
        """The Monte-Carlo standard error of `of`."""
        size = subjects.height // BATCHES
        parts = [self.of(subjects.slice(at * size, size)) for at in range(BATCHES)]
        return float(np.nanstd(parts, ddof=1)) / math.sqrt(BATCHES)


@functools.cache
def printed() -> Mapping[str, Claim]:
    """The claims of the paper by their id."""
    return {claim.id: claim for claim in load_published(load_study(STUDY)).claims}


def value(claim: str) -> float:
    found = printed()[claim]
    assert isinstance(found, OneNumber)
    return float(found.value)


def ends(claim: str) -> tuple[float, float]:
    found = printed()[claim]
    assert isinstance(found, TwoNumbers)
    return found.low, found.high


@functools.cache
def aggregates() -> tuple[Aggregate, ...]:
    """What is compared. A printed number is taken from published.yaml by the id of its claim, the
    first of those that are named; single patients of the text count 1, "no other" counts 0. `back`
    is read as the study reads it, from the first reduction, and from the latest one beside."""
    every, clear, evaluable, relapsed = (
        int(value(claim)) for claim in ("R-01", "R-31", "R-66", "R-55")
    )
    back = ("R-58", "R-57")
    return (
        *_score("activity at entry", "BASE", "R-20", "R-21", every),
        *_score("activity at week 2", "WEEK_2", "R-38", "R-39", evaluable),
        _share("complete response at any time", "CR", ("R-31",), every),
        _share("complete response by week 12", "CR_12", ("D-07", "D-08"), every, clear),
        _median("time to complete response", "CR_WEEK", ("R-43", "D-08"), clear, "weeks"),
        _share("partial response at best", "PR", ("R-46",), every),
        _share("dose raised to 10 mg", "RAISED", ("R-48",), every),
        _share("relapse after complete response", "RELAPSED", ("R-55",), clear),
        _share("two relapses after complete response", "TWICE", ("R-61",), clear),
        _share("remission after withdrawal", "REMISSION", ("R-68",), clear),
        _median("first reduction to relapse", "FIRST", back, relapsed, "weeks"),
        _median("latest reduction to relapse", "LATEST", back, relapsed, "weeks", False),
        _share("low dose at the end of follow-up", "LOW_DOSE", ("R-65",), every),
        _median("treatment", "MONTHS", ("R-51", "R-50"), evaluable, "months"),
        _share("end of treatment for an adverse event", "HALTED", ("R-26",), every),
        _share("insomnia", "Insomnia", ("R-100",), every, 1),
        _share("diarrhoea", "Diarrhoea", ("R-96",), every, 1),
        _share("neutrophils of grade 2 or more", "NEUT_2", ("R-101", "R-102"), every, 1),
        _share("another blood count of grade 2 or more", "OTHER_2", ("R-111",), every, 0),
    )


def _share(
    label: str, column: str, claims: tuple[str, ...], of: int, count: int | None = None
) -> Aggregate:
    number = value(claims[0]) if count is None else count
    return Aggregate(label, claims, "share", column, number / of, error_of_share(number, of), of)


def error_of_share(number: float, of: int) -> float:
    """The standard error of a share, half a subject on each side: never 0."""
    share = (number + 0.5) / (of + 1)
    return math.sqrt(share * (1 - share) / of)


def _median(
    label: str, column: str, claims: tuple[str, str], of: int, unit: str, fitted: bool = True
) -> Aggregate:
    low, high = ends(claims[1])
    error = math.sqrt(math.pi / 2 / of) * (high - low) / EXPECTED_RANGE[of]
    return Aggregate(label, claims, "median", column, value(claims[0]), error, of, unit, fitted)


def _score(label: str, column: str, mean: str, sd: str, of: int) -> Iterator[Aggregate]:
    spread = value(sd)
    errors = (spread / math.sqrt(of), spread / math.sqrt(2 * (of - 1)))
    words = (f"{label}, mean", f"{label}, standard deviation")
    yield Aggregate(words[0], (mean,), "mean", column, value(mean), errors[0], of, "points")
    yield Aggregate(words[1], (sd,), "sd", column, spread, errors[1], of, "points")


# -- virtual subjects ------------------------------------------------------------------------------


def subjects_of(kernel: Kernel, numbers: Numbers, *, trials: int, seed: int) -> pl.DataFrame:
    """One row per virtual subject; a value that it does not have is missing. `kernel` is traced."""
    random = np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed,))))
    scheme = kernel.scheme
    size = scheme.simulation.trial.subjects
    run = kernel.run(numbers, random, count=trials, subjects=size, traced=True)
    names = [*TRACED, *(each.code for each in scheme.measured), *AFTER_VALUES]
    told = pl.DataFrame(run.rows, schema=names, orient="row").with_columns(
        SUBJECT=(pl.col("DAY").diff().fill_null(0) < 0).cum_sum(),
        **{each.code: pl.col(each.code).fill_nan(None) for each in scheme.measured},
    )
    seen = told.join(_followed(trials * size), on="SUBJECT").filter(pl.col("DAY") <= pl.col("LAST"))
    columns = [column.name for column in counted(scheme)]
    out = pl.DataFrame(run.out, schema=columns, orient="row")
    return _by_subject(_with_doses(seen, scheme), scheme).hstack(_events(scheme, out, size))


def _followed(count: int) -> pl.DataFrame:
    """The last day of each subject: half of them up to the median, half of them beyond; every part
    of the subjects has short and long times."""
    low, high = ends("R-53")
    shares = (np.arange(count) * math.sqrt(0.5) + 0.5) % 1
    months = np.interp(shares, [0, 0.5, 1], [low, value("R-52"), high])
    numbers = pl.Series(np.arange(count, dtype=np.uint32))
    return pl.DataFrame({"SUBJECT": numbers, "LAST": np.rint(months * MONTH)})


def _events(scheme: Scheme, out: pl.DataFrame, size: int) -> pl.DataFrame:
    """Events are counted by trial: of each subject stands the share of its trial."""
    terms = [event.term for event in scheme.nature.events]
    shares = {"HALTED": pl.col("STOPPED_EVENT") / size}
    shares |= {term: pl.col(f"EVENT_{at}") / size for at, term in enumerate(terms, 1)}
    return out.select(**shares).select(pl.all().repeat_by(size).explode())


def _with_doses(seen: pl.DataFrame, scheme: Scheme) -> pl.DataFrame:
    """CLEAR: the day of the first complete response; FROM: that of the first reduction after it,
    BEFORE: that of the latest one before the contact; DAYS: until the next contact."""
    score, day, step = (pl.col(name) for name in (scheme.response.parameter, "DAY", "STEP"))
    clear = day.filter((score == 0) & (day > 1)).min().over("SUBJECT")
    with_clear = seen.with_columns(CLEAR=clear, WAS=step.shift(1).over("SUBJECT"))
    lower = pl.when((step < pl.col("WAS")) & (day >= pl.col("CLEAR"))).then(day)
    until = day.shift(-1).over("SUBJECT").fill_null(pl.col("LAST"))
    return with_clear.with_columns(
        SCORE=score,
        DAYS=until - day,
        FROM=lower.min().over("SUBJECT"),
        BEFORE=lower.forward_fill().shift(1).over("SUBJECT"),
        RISE=pl.col("IN_RELAPSE").diff().over("SUBJECT") > 0,
    )


def _by_subject(seen: pl.DataFrame, scheme: Scheme) -> pl.DataFrame:
    """What the contacts of each subject say, as the datasets of the study would have it."""
    score, day, step, clear = (pl.col(name) for name in ("SCORE", "DAY", "STEP", "CLEAR"))
    back = (score >= RELAPSE_FROM) & (day > clear)
    reduced = (score >= RELAPSE_FROM) & (day > pl.col("FROM"))
    near = day.is_between(*WINDOW_2) & score.is_not_null()
    low, counts = _low_doses(scheme), _graded(scheme)
    found = seen.group_by("SUBJECT", maintain_order=True).agg(
        BASE=score.filter(day <= 1).drop_nulls().last(),
        WEEK_2=score.filter(near).sort_by((day - WEEK_2).abs().filter(near)).first(),
        CLEAR=clear.first(),
        BEST=pl.col("RANK").filter((day > 1) & (pl.col("RANK") >= 0)).min(),
        RAISED=step.max() == len(scheme.protocol.treatment.ladder) - 1,
        RELAPSED=back.any(),
        TWICE=pl.col("RISE").sum() >= 2,
        REMISSION=(pl.col("PHASE").last() == OFF) & (pl.col("CYCLE").last() == 1) & ~back.any(),
        FIRST=(day.filter(reduced).min() - pl.col("FROM").first() - 1) / 7,
        LATEST=((day - pl.col("BEFORE")).filter(reduced).first() - 1) / 7,
        LOW_DOSE=step.last().cast(pl.Int64).is_in(low),
        TAKEN=pl.col("DAYS").filter(step > 0).sum(),
        **{code: (pl.col(code) <= worst).filter(day > 1).any() for code, worst in counts.items()},
    )
    cleared = pl.col("CLEAR").is_not_null()
    return found.with_columns(
        *(pl.when(cleared).then(name).alias(name) for name in ("RELAPSED", "TWICE", "REMISSION")),
        CR=cleared,
        CR_12=cleared & (pl.col("CLEAR") <= WEEK_12),
        CR_WEEK=(pl.col("CLEAR") - 1) / 7,
        PR=pl.col("BEST") == 1,
        MONTHS=pl.when(pl.col("TAKEN") >= EVALUABLE).then(pl.col("TAKEN") / MONTH),
        NEUT_2=pl.col("NEUT"),
        OTHER_2=pl.any_horizontal(code for code in counts if code != "NEUT"),
    )


def _low_doses(scheme: Scheme) -> list[int]:
    ladder = scheme.protocol.treatment.ladder
    daily = [mean_daily_dose(step.dose, step.frequency) or 0 for step in ladder]
    return [at for at, dose in enumerate(daily) if 0 < dose < LOW_BELOW]


def _graded(scheme: Scheme) -> dict[str, float]:
    """Of each blood count the highest value of grade 2 or more."""
    toxicity, found = scheme.protocol.toxicity, {}
    assert toxicity is not None
    for each in scheme.measured:
        if each.parameter.grade:
            limits = scheme.nature.stable[each.code].normal.both
            bounds = steps(each.parameter.grade, toxicity.version, limits)
            found[each.code] = max(bound for bound, grade in bounds if grade and grade >= 2)
    return found
