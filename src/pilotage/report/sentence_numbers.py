"""A place of a sentence as text: which results it asks for, and in which form they are written."""

from dataclasses import dataclass

from pilotage.report import formats
from pilotage.report.context import Context
from pilotage.report.layouts.sheet import level_of
from pilotage.report.lookup import Found, value_of
from pilotage.study.placeholders import Asked
from pilotage.study.plan_statistics import OF_A_CATEGORY, bounds, extremes
from pilotage.study.sap import (
    Analysis,
    CategoriesAnalysis,
    ChangeAnalysis,
    EventsAnalysis,
    ProportionAnalysis,
    TimeToEventAnalysis,
)

WHOLE = (
    "count", "unknown", "not_at_risk", "n", "events", "subjects", "censored", "competing",
    "r1", "n1", "r",
)  # fmt: skip
"""Statistics that count."""

SHARES = ("proportion", "last_incidence", "last_low", "last_high")


@dataclass(frozen=True, slots=True)
class Number:
    """The text of a place (None where there is no number), its value, and the results behind it."""

    text: str | None
    value: float | None
    rows: tuple[Found, ...]


def number_of(context: Context, asked: Asked) -> Number:
    """What a sentence shows of a result."""
    analysis = context.analysis(asked.analysis)
    match asked.statistic:
        case "interval" | "range":
            return _two(context, asked, analysis)
        case "counts":
            return _counts(context, asked, analysis)
        case "level":
            rows = _found(context, asked, (bounds(analysis) or ("",))[0])
            return Number(level_of(analysis), None, rows)
        case "significant":
            return _significant(context, asked, analysis)
        case "visit":
            rows = _found(context, asked, "n")
            return Number(rows[0].visit if rows else None, None, rows)
        case "n":
            rows = _found(context, asked, _counting(analysis))
            n = rows[0].n if rows else None
            return Number(None if n is None else formats.count(n), n, rows)
    rows = _found(context, asked, asked.statistic)
    value = value_of(rows[0] if rows else None)
    if value is None:
        return Number(None, None, rows)
    if asked.form == "share":
        return _share(context, asked, analysis, rows[0])
    return Number(_written(context, asked, analysis, value), value, rows)


def _counting(analysis: Analysis) -> str:
    """The statistic whose row knows n."""
    match analysis:
        case ProportionAnalysis():
            return "count"
        case EventsAnalysis():
            return "subjects"
    return "n"


def _found(context: Context, asked: Asked, statistic: str) -> tuple[Found, ...]:
    """The row asked for, or the one that says why there is none."""
    analysis, results = context.analysis(asked.analysis), context.results
    week = asked.week
    if isinstance(analysis, ChangeAnalysis) and analysis.week is not None:
        week = analysis.week
    row = results.find(asked.analysis, asked.population, statistic, level=asked.level, visit=week)
    if row is None and isinstance(analysis, CategoriesAnalysis):
        same = results.rows(asked.analysis, asked.population)
        row = next((one for one in same if one.level == asked.level), None)
        if row is not None and statistic != "n" and row.value is not None:
            return ()  # a category that nobody has and that the study does not declare
    row = row or results.nothing(asked.analysis, asked.population)
    return () if row is None else (row,)


def _share(context: Context, asked: Asked, analysis: Analysis, row: Found) -> Number:
    """'12/14 (86 %)'. A zero carries the upper end of its interval, '0/15 (0 %; up to 21.8 %)', and
    a count with subjects of whom it is not known how many these are, where they stay in n."""
    text, rows, said = formats.count_of(row.value, row.n), [row], []
    ends = bounds(analysis)
    if row.value == 0 and row.n and ends is not None:
        upper = _found(context, asked, ends[1])
        if upper and upper[0].value is not None:
            said.append(context.words("up_to", bound=formats.percent(upper[0].value, 1)))
            rows.append(upper[0])
    if isinstance(analysis, ProportionAnalysis) and analysis.missing != "left out":
        unknown = _found(context, asked, "unknown")
        if unknown and unknown[0].value:
            said.append(context.words("so_many_unknown", n=formats.count(unknown[0].value)))
            rows.append(unknown[0])
    if said:
        text = f"{'; '.join([text.removesuffix(')'), *said])})"
    return Number(text, row.value, tuple(rows))


def _significant(context: Context, asked: Asked, analysis: Analysis) -> Number:
    """'week 12 (−0.5, P = 0.041, n = 15), week 24 (…)': the visits at which the first P value is
    below the significance level, with the mean change; 'no visit' where none is."""
    assert isinstance(analysis, ChangeAnalysis)
    level = context.study.sap.significance
    own = context.results.rows(asked.analysis, asked.population)
    tested = [row for row in own if row.statistic == f"p_{analysis.tests[0]}"]
    computed = [row for row in tested if row.value is not None]
    if not computed:
        return Number(None, None, tuple(tested[:1] or own[:1]))
    said, rows = [], list(computed)
    for p in (row for row in computed if row.value is not None and row.value < level):
        change = context.results.find(
            asked.analysis, asked.population, "mean_change", visit=p.visit_number
        )
        digits = context.places(analysis.dataset, "AVAL", analysis.parameter) + 1
        shown = formats.p_value(p.value, significance=level)
        told = f"P {shown if shown[0] in '<>' else f'= {shown}'}, {formats.size(p.n or 0)}"
        mean = formats.number(value_of(change), digits)
        said.append(f"{in_sentence(p.visit or '', start=False)} ({mean}, {told})")
        rows += [change] if change else []
    return Number(", ".join(said) or context.words("no_visit"), None, tuple(rows))


def _two(context: Context, asked: Asked, analysis: Analysis) -> Number:
    """'59.5 to 98.3 %', '2.1 to 24.1'."""
    ends = bounds(analysis) if asked.statistic == "interval" else extremes(analysis)
    assert ends is not None  # the loader has refused the sentence
    rows = tuple(row for name in ends for row in _found(context, asked, name))
    low, high = (value_of(row) for row in (rows if len(rows) == 2 else (None, None)))
    timed = isinstance(analysis, TimeToEventAnalysis)
    if low is None and (high is None or not timed):
        return Number(None, None, rows)
    if isinstance(analysis, ProportionAnalysis | EventsAnalysis) or ends[0] == "last_low":
        return Number(formats.percent_interval(low, high), None, rows)
    digits = _digits(context, asked, analysis, ends[0])
    if low == high:
        return Number(formats.number(low, digits), None, rows)
    return Number(formats.open_interval(low, high, digits=digits), None, rows)


def _counts(context: Context, asked: Asked, analysis: Analysis) -> Number:
    """'mild 8/15 (53 %), severe 3/15 (20 %)': the categories that somebody is in, in the order of
    the study."""
    assert isinstance(analysis, CategoriesAnalysis)
    begin = OF_A_CATEGORY[0]
    rows = [
        row
        for row in context.results.rows(asked.analysis, asked.population)
        if row.level == asked.level and (row.value is None or row.statistic.startswith(begin))
    ]
    held = {row.statistic.removeprefix(begin): row for row in rows if row.value}
    parameter = next((row.parameter for row in rows if row.parameter), None)
    codes = context.codes(analysis.variable, parameter)
    said = ", ".join(
        f"{in_sentence(codes.label(code), start=False)} {formats.count_of(row.value, row.n)}"
        for code, row in ((code, held[code]) for code in codes.ordered(held))
    )
    return Number(said or None, None, tuple(held.values()) or tuple(rows[:1]))


def _written(context: Context, asked: Asked, analysis: Analysis, value: float) -> str:
    name, form = asked.statistic, asked.form
    if form == "p" or (not form and name.startswith("p_")):
        return formats.p_value(value, significance=context.study.sap.significance)
    if form == "percent" or (not form and (name in SHARES or _is_share(name))):
        return formats.percent(value, 1)
    return formats.number(value, _digits(context, asked, analysis, name))


def _is_share(name: str) -> bool:
    return name.startswith((OF_A_CATEGORY[1], "clopper_pearson", "wilson"))


def _digits(context: Context, asked: Asked, analysis: Analysis, name: str) -> int:
    if asked.form.isdigit():
        return int(asked.form)
    return 0 if name in WHOLE or name.startswith(OF_A_CATEGORY[0]) else 1


def in_sentence(label: str, *, start: bool) -> str:
    """A label inside a sentence begins small, unless its first word is a name such as SCORE."""
    second = label[1:2]
    small = second.islower() or second in ("", " ", "-")
    return label if start or not small else label[:1].lower() + label[1:]
