"""What a trial would be that was planned for a question: Simon's two-stage design."""

from collections.abc import Iterator

from pilotage.analysis.results import Result, Scope
from pilotage.analysis.select import Selection
from pilotage.statistics import NotComputable
from pilotage.statistics.simon import two_stage
from pilotage.study.sap import TwoStageDesignAnalysis

NUMBERS = ("r1", "n1", "r", "n", "type_1_error", "power", "early_stop", "expected_n")


def two_stage_design(analysis: TwoStageDesignAnalysis, chosen: Selection) -> Iterator[Result]:
    """Stop with r1 responses or fewer of n1, else go on to n; reject with r or fewer. N is how many
    the trial had."""
    scope = Scope(n=chosen.n, level=chosen.level, missing="reads no data")
    asked = f"p0 = {analysis.p0:g}, p1 = {analysis.p1:g}"
    errors = f"alpha = {analysis.alpha:g}, beta = {analysis.beta:g}"
    method = f"Simon two-stage, {analysis.criterion}; {asked}; {errors}; exact binomial"
    try:
        found = two_stage(
            analysis.p0,
            analysis.p1,
            alpha=analysis.alpha,
            beta=analysis.beta,
            criterion=analysis.criterion,
        )
    except NotComputable as reason:
        yield scope.absent("n", str(reason), method)
        return
    for name in NUMBERS:
        yield scope.number(name, getattr(found, name), method)
