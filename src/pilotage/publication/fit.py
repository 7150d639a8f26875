"""Does `published.yaml` fit its study? Results, populations, columns and weeks that it names, and
whether every claim says how it is answered."""

from pilotage.conditions import Condition, check
from pilotage.publication.answers import in_the_data, names_a_result, way
from pilotage.publication.claims import Claim
from pilotage.publication.consistency import Report
from pilotage.publication.fit_results import results_named
from pilotage.publication.groups import Answered, Group, Values, Variable
from pilotage.publication.items import choices_of
from pilotage.publication.units import factor
from pilotage.publication.withdrawal import columns_of
from pilotage.study import Study
from pilotage.study.columns import Columns, adsl_columns
from pilotage.study.consistency.report import UNDECLARED
from pilotage.study.places import Path
from pilotage.study.protocol import Item
from pilotage.study.sap import Dataset


def misfits(report: Report, study: Study) -> None:
    """Add to the report what the study does not know. It says nothing about truth."""
    for name, group in report.published.groups.items():
        _group(report, study, ("groups", name), group)
    _variables(report, study)
    _times(report, study)
    results_named(report, study)
    for at, claim in enumerate(report.published.claims):
        _answered(report, ("claims", at), claim)


# -- groups and variables in the datasets ----------------------------------------------------------


def _group(report: Report, study: Study, path: Path, group: Group) -> None:
    subject = f"group {path[-1]}"
    if group.where is not None:
        adsl = adsl_columns(study.protocol, study.sap)
        _condition(report, (*path, "where"), group.where, subject, adsl, "ADSL")
    ways = [key for key in ("where", "rows", "answered") if getattr(group, key) is not None]
    if len(ways) > 1:
        words = f"give either '{ways[0]}' or '{ways[1]}': one says who it is"
        report.error((*path, ways[1]), words)
    if group.answered is not None:
        _items(report, study, (*path, "answered"), group.answered)
    if group.rows is not None:
        dataset = group.rows.dataset
        columns = columns_of(dataset, study)
        where: Path = (*path, "rows")
        for key, condition in (("where", group.rows.where), ("event", group.rows.event)):
            _condition(report, (*where, key), condition, subject, columns, dataset)


def _items(report: Report, study: Study, path: Path, answered: Answered) -> None:
    known = _items_of(study)
    for at, name in enumerate(answered.items):
        here: Path = (*path, "items", at)
        if not report.known(here, name, known, f"'{name}' is no item of protocol.yaml"):
            continue
        choices = choices_of(known[name], study)
        if answered.answer is not None and choices:
            message = f"'{answered.answer}' is no answer to {name}"
            report.known((*path, "answer"), answered.answer, choices, message)


def _items_of(study: Study) -> dict[str, Item]:
    """Every item of the forms as `form.item`."""
    forms = study.protocol.forms.items()
    return {f"{form}.{name}": item for form, each in forms for name, item in each.items.items()}


def _condition(
    report: Report,
    path: Path,
    condition: Condition | None,
    subject: str,
    columns: Columns,
    dataset: Dataset,
) -> None:
    for mistake in check(condition, columns) if condition is not None else ():
        place = "ADSL" if dataset == "ADSL" else f"{dataset} or ADSL"
        words = mistake.replace(UNDECLARED, f"which is no column of {place}")
        report.error(path, f"{subject} {words}")


def _variables(report: Report, study: Study) -> None:
    """A variable that bears the name of a parameter is that parameter."""
    for name, variable in report.published.variables.items():
        if variable.values is not None:
            _values(report, study, ("variables", name, "values"), variable.values, variable.unit)
        if variable.days_to is not None:
            _days_to(report, study, ("variables", name), variable)
        own = study.protocol.parameters.get(name)
        if own is None or own.unit != variable.unit:
            continue
        if variable.range is not None and variable.range != own.range:
            words = f"the range of {name} is {_span(own.range)} in protocol.yaml"
            report.error(("variables", name, "range"), words)
        if variable.whole_numbers != own.whole_numbers:
            words = (
                f"'whole_numbers' of {name} is {str(own.whole_numbers).lower()} in protocol.yaml"
            )
            report.error(("variables", name), words)


def _values(report: Report, study: Study, path: Path, values: Values, unit: str) -> None:
    columns = columns_of(values.dataset, study)
    subject = f"variable {path[1]}"
    for key, condition in (("where", values.where), ("share_of", values.share_of)):
        _condition(report, (*path, key), condition, subject, columns, values.dataset)
    if values.share_of is not None and not {"ADT", "AVALU"} <= set(columns):
        words = f"{values.dataset} has no values of a day, of which one could be a share"
        report.error((*path, "share_of"), words)
    message = f"'{values.column}' is no column of {values.dataset}"
    if not report.known((*path, "column"), values.column, columns, message):
        return
    if columns[values.column].type == "text":
        words = f"'{values.column}' is a text; a variable needs a number or a date"
        report.error((*path, "column"), words)
    own = "%" if values.share_of is not None else values.unit or columns[values.column].unit
    if factor(own, unit) is None:
        what = f"'{values.column}'" if values.share_of is None else "a share"
        words = f"{what} is in {own}, which is not converted to {unit}"
        report.error((*path, "unit" if values.unit else "column"), words)


def _days_to(report: Report, study: Study, path: Path, variable: Variable) -> None:
    """Is the item a date, and the time in a unit of time? A variable is known in one way."""
    assert variable.days_to is not None
    here: Path = (*path, "days_to")
    name = variable.days_to.item
    known = _items_of(study)
    message = f"'{name}' is no item of protocol.yaml"
    if report.known((*here, "item"), name, known, message) and known[name].type != "date":
        report.error((*here, "item"), f"{name} is no date")
    if factor("days", variable.unit) is None:
        report.error(here, f"days are not converted to {variable.unit}")
    if variable.values is not None:
        report.error(here, "give either 'values' or 'days_to': one says what it is")


def _span(ends: tuple[float, float]) -> str:
    return f"[{ends[0]:g}, {ends[1]:g}]"


def _times(report: Report, study: Study) -> None:
    windows = study.protocol.analysis_windows
    weeks = [0, *(window.week for window in windows.rows)]
    for name, time in report.published.times.items():
        if time.week is None or time.week in weeks:
            continue
        beyond = time.week - weeks[-1]
        later = windows.afterwards
        if later is None or beyond < 0 or beyond % later.every_weeks:
            words = f"week {time.week} has no analysis window in protocol.yaml"
            report.error(("times", name, "week"), words)


# -- claims ----------------------------------------------------------------------------------------


def _answered(report: Report, path: Path, claim: Claim) -> None:
    """Every claim says how it is answered, or why it cannot be."""
    if any(mended[:2] == path for mended in report.mended):
        return
    published = report.published
    one = published.claims[int(path[-1])]
    if claim.not_computable is not None and names_a_result(claim):
        words = "give either 'result' or 'not_computable': it has a result, or it cannot have one"
        report.error((*path, "not_computable"), words)
    elif claim.not_a_result is not None and claim.not_computable is not None:
        words = "give either 'not_a_result' or 'not_computable': what is no result is not computed"
        report.error((*path, "not_computable"), words)
    elif claim.not_a_result is not None and in_the_data(one, published) is not None:
        words = f"{claim.id} is called no result of the data, but the data answer it"
        report.error((*path, "not_a_result"), words)
    elif way(one, published) is None:
        words = (
            f"nothing says what answers {claim.id}: name a 'result', give its groups and its "
            "variable their place in the datasets, or say in 'not_a_result' or 'not_computable' "
            "why nothing can"
        )
        report.error((*path, "id"), words)
