"""Fits the true values of the built-in study's virtual subjects to what its paper prints.

python tools/fit_defaults.py            the values that stand in the files, beside the paper
python tools/fit_defaults.py --search   looks for better ones first, from those on (some minutes)
python tools/fit_defaults.py --lines    the lines `fitted_to` of simulation.yaml
python tools/fit_defaults.py --page     the table of the page on what the simulation assumes

The search goes along one value after the other, on the simulation itself, always with the same
seed, and makes the sum of squared distances least, each in standard errors of the printed number.
With 15 patients these are wide: fitted says that the numbers can stand beside each other, and
confirms none of them.
"""

import argparse
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from fit_published import STUDY, Aggregate, aggregates, subjects_of
from pilotage.courses.nature import Nature
from pilotage.simulation.compiled.kernel import Kernel, kernel_of
from pilotage.simulation.compiled.numbers import numbers_of
from pilotage.simulation.load import load_simulation
from pilotage.simulation.model import Simulation
from pilotage.simulation.scenarios import WrongSetting, changed_models
from pilotage.simulation.scheme import scheme_of
from pilotage.study import load_study

SEED, FRESH = 1, 2
"""Of the search, and of what is told: a fit is not judged on the draws that it was made with."""
TRIALS = 400
RUNS = 5
"""So many trials at once, and so many times for what is told."""
FIRST_STEP, LEAST_STEP = 0.4, 0.04

SCORE = "responding.CLASIACT"
DECLINE, BACK = f"{SCORE}.true_decline_per_week", f"{SCORE}.true_relapse_per_week"
LASTING = f"{SCORE}.true_lasting"
STEPS = ("5 mg QD", "5 mg QOD", "5 mg TIW", "stop")
LAST = ("5 mg TIW", "stop")
"""After withdrawal the disease comes back no less often than at the last dose: kept by the search.
That the rate at the first lower dose may be above both is meant: it is one of all who came so far,
and those who did not relapse there are those who hold longer."""

STRENGTH = {"10 mg QD": 1.3, "5 mg QOD": 1 / 2, "5 mg TIW": 3 / 7}
"""How fast the score falls (its log) against 5 mg daily: at lower doses in proportion to the mean
daily dose, at 10 mg a little faster. Assumed: the paper says nothing of it."""

Values = dict[str, float]


@dataclass(frozen=True, slots=True)
class Fit:
    """The nature and the trials as they stand in the files, and the kernel that tells contacts."""

    nature: Nature
    simulation: Simulation
    kernel: Kernel

    def subjects(self, values: Mapping[str, float], *, seed: int) -> pl.DataFrame:
        """Virtual subjects with other true values. Raises WrongSetting."""
        nature, simulation = changed_models(self.nature, self.simulation, values)
        scheme = scheme_of(self.kernel.scheme.study, nature, simulation)
        return subjects_of(self.kernel, numbers_of(scheme), trials=TRIALS, seed=seed)

    def many(self, values: Mapping[str, float], *, runs: int = RUNS) -> pl.DataFrame:
        """The subjects of several runs, with draws that the search has not seen."""
        return pl.concat([self.subjects(values, seed=FRESH + at) for at in range(runs)])

    def distance(self, values: Mapping[str, float], columns: Collection[str]) -> float:
        """The sum of squared distances in these columns, in standard errors of the printed
        numbers; infinite for values that cannot be."""
        if values[f"{DECLINE}.5 mg QD"] >= 1:
            return math.inf
        try:
            subjects = self.subjects(with_doses(values), seed=SEED)
        except WrongSetting:
            return math.inf
        kept = [each for each in aggregates() if each.fitted and each.column in columns]
        return sum(apart(each, each.of(subjects)) ** 2 for each in kept)


def fit_of_files() -> Fit:
    study = load_study(STUDY)
    simulation, nature = load_simulation(study)
    return Fit(nature, simulation, kernel_of(scheme_of(study, nature, simulation), traced=True))


def apart(aggregate: Aggregate, simulated: float) -> float:
    """How many standard errors of the printed number lie between both."""
    return (simulated - aggregate.published) / aggregate.error


# -- the search ------------------------------------------------------------------------------------


def parts(nature: Nature) -> Iterator[tuple[Values, tuple[str, ...]]]:
    """What is searched together: true values as they stand, and the columns of the aggregates that
    judge them. A disease, blood counts and events have little to do with each other."""
    score = nature.responding["CLASIACT"]
    lasting = score.true_lasting
    assert lasting is not None
    yield (
        {
            f"{DECLINE}.5 mg QD": score.true_decline_per_week["5 mg QD"],
            f"{SCORE}.true_clear_below": score.true_clear_below,
            f"{LASTING}.share": lasting.share,
            f"{LASTING}.left.mean": lasting.left.mean,
            **{f"{BACK}.{step}": score.true_relapse_per_week[step] for step in STEPS},
        },
        ("WEEK_2", "CR", "CR_12", "CR_WEEK", "PR", "RAISED", "RELAPSED", "TWICE", "REMISSION",
         "FIRST", "LOW_DOSE", "MONTHS"),
    )  # fmt: skip
    shift = nature.stable["NEUT"].true_drug_shift
    yield {"stable.NEUT.true_drug_shift": shift}, ("NEUT_2",)
    for event in nature.events:
        column = "HALTED" if event.stops_treatment else event.term
        yield {f"events.{event.term}.true_probability": event.true_probability}, (column,)


def with_doses(values: Mapping[str, float]) -> Values:
    """The same with the falls at the other doses, which follow from that at 5 mg daily; with a rate
    after withdrawal that is not below that of the last dose; and with leukocytes that fall as the
    neutrophils among them do."""
    left = 1 - values[f"{DECLINE}.5 mg QD"]
    falls = {f"{DECLINE}.{step}": 1 - left**strength for step, strength in STRENGTH.items()}
    off = max(values[f"{BACK}.{step}"] for step in LAST)
    leukocytes = values["stable.NEUT.true_drug_shift"]
    return {
        **values, **falls, f"{BACK}.{LAST[-1]}": off, "stable.WBC.true_drug_shift": leukocytes,
    }  # fmt: skip


def search(fit: Fit) -> Values:
    """Better values, part by part."""
    every = list(parts(fit.nature))
    values = with_doses({path: value for part, _ in every for path, value in part.items()})
    for part, columns in every:
        values = _better(fit, values, list(part), columns)
    return {path: float(f"{value:.2g}") for path, value in values.items()}


def _better(fit: Fit, values: Values, paths: list[str], columns: Collection[str]) -> Values:
    """Each value in turn is made larger and smaller by a share, which is kept where that helped and
    halved where it did not."""
    best, shares = fit.distance(values, columns), dict.fromkeys(paths, FIRST_STEP)
    while max(shares.values()) >= LEAST_STEP:
        for path in paths:
            for factor in (1 + shares[path], 1 / (1 + shares[path])):
                tried = with_doses({**values, path: values[path] * factor})
                found = fit.distance(tried, columns)
                if found < best:
                    best, values = found, tried
                    break
            else:
                shares[path] /= 2
        print(f"{', '.join(columns)}: distance {best:.2f}", flush=True)
    return values


# -- what is told ----------------------------------------------------------------------------------


def table(subjects: pl.DataFrame) -> Iterator[str]:
    """Each printed number beside the simulated one with its Monte-Carlo error, and how many
    standard errors of the printed one lie between."""
    yield f"{'':45}{'printed':>9}{'± SE':>8}{'simulated':>11}{'± MC':>7}{'apart':>7}"
    for each in aggregates():
        found, error = each.of(subjects), each.error_of(subjects)
        said = f"{each.label:45}{each.published:9.2f}{each.error:8.2f}{found:11.3f}{error:7.3f}"
        mark = "" if each.fitted else "  (not fitted)"
        yield f"{said}{apart(each, found):+7.1f}  {', '.join(each.claims)}{mark}"


def said(aggregate: Aggregate, simulated: float) -> tuple[str, str]:
    """The printed and the simulated number in words."""
    if aggregate.statistic == "share":
        number = round(aggregate.published * aggregate.patients)
        return f"{number} of {aggregate.patients}", f"{100 * simulated:.0f} %"
    kind = "median " if aggregate.statistic == "median" else ""
    return f"{kind}{aggregate.published:g} {aggregate.unit}", f"{simulated:.1f}"


def line(aggregate: Aggregate, simulated: float) -> str:
    """What `fitted_to` says of a number."""
    printed, found = said(aggregate, simulated)
    return f"{aggregate.label}, {printed} (the defaults give {found})"


def lines(subjects: pl.DataFrame) -> Iterator[str]:
    for each in aggregates():
        if each.fitted:
            claims = ", ".join(each.claims)
            yield f'  - {{claims: [{claims}], what: "{line(each, each.of(subjects))}"}}'


def rows(subjects: pl.DataFrame) -> Iterator[str]:
    """The table of docs/explanation/what-the-simulation-assumes.md."""
    yield "| | The paper | Claims | The defaults | Standard errors apart |\n|---|---|---|---|---|"
    for each in aggregates():
        found = each.of(subjects)
        printed, simulated = said(each, found)
        mark = "" if each.fitted else " (not fitted)"
        distance = f"{apart(each, found):+.1f}{mark}"
        words = f"{each.label[0].upper()}{each.label[1:]}"
        yield f"| {words} | {printed} | {', '.join(each.claims)} | {simulated} | {distance} |"


def main() -> None:
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("--search", action="store_true", help="look for better values first")
    ask.add_argument("--lines", action="store_true", help="the lines of simulation.yaml")
    ask.add_argument("--page", action="store_true", help="the table of the page")
    asked = ask.parse_args()
    fit = fit_of_files()
    values = search(fit) if asked.search else {}
    for path, found in values.items():
        print(f"{path}: {found:g}")
    subjects = fit.many(values)
    told = lines if asked.lines else rows if asked.page else table
    print(*told(subjects), sep="\n")


if __name__ == "__main__":
    main()
