"""What a change analysis says in a line: mean change, its interval, the first P value."""

from collections.abc import Callable

from pilotage.report import formats
from pilotage.report.context import Context
from pilotage.report.lookup import Found, value_of
from pilotage.report.notes import Notes
from pilotage.study.sap import ChangeAnalysis


def finder(context: Context, analysis: ChangeAnalysis) -> Callable[[str], Found | None]:
    """Finds a statistic of the analysis in its first population."""
    population, week = analysis.populations[0], analysis.week

    def find(statistic: str) -> Found | None:
        return context.results.find(analysis.id, population, statistic, visit=week)

    return find


def first_p(context: Context, analysis: ChangeAnalysis) -> tuple[Found, str] | None:
    """The first P value of the analysis and how it is printed: 'P = 0.042', 'P <0.0001'."""
    p = finder(context, analysis)(f"p_{analysis.tests[0]}") if analysis.tests else None
    if p is None or p.value is None:
        return None
    shown = formats.p_value(p.value, significance=context.study.sap.significance)
    return p, f"P {shown if shown[0] in '<>' else f'= {shown}'}"


def tell_change(
    context: Context, notes: Notes, analysis: ChangeAnalysis, *, mark: str = ""
) -> None:
    """A footnote with the mean change, its interval, and the first P value with its method; `mark`
    is the sign that stands for it in the figure."""
    find = finder(context, analysis)
    names = ("mean_change", "mean_change_low", "mean_change_high")
    mean, low, high = (find(name) for name in names)
    label = f"{mark} {context.text(analysis.label)}".strip()
    if mean is None or mean.value is None:
        reason = (mean.reason if mean else None) or context.words("no_result")
        notes.add(f"{label}: {reason}.", (mean.id,) if mean else ())
        return
    digits = context.places(analysis.dataset, "AVAL", analysis.parameter) + 1
    change = formats.with_bounds(
        mean.value, value_of(low), value_of(high), digits=digits, bounds=digits
    )
    level = formats.level(analysis.level)
    text = f"{label}: {context.words('mean_change', level=level).lower()} {change}"
    tested = first_p(context, analysis)
    if tested is not None:
        text += f"; {tested[1]} ({tested[0].method})"
    used = (mean, low, high, tested[0] if tested else None)
    notes.add(f"{text}.", tuple(row.id for row in used if row is not None))
