"""What is known of a subject: state names, parameters, facts."""

from pilotage.study.columns import RESERVED
from pilotage.study.consistency.report import Report
from pilotage.study.names import did_you_mean
from pilotage.study.namespace import state_choices
from pilotage.study.places import Path
from pilotage.study.protocol import Parameter, Range, StateVariable

_NEEDS_CLASSIFICATION = ("response", "best response")
_NEEDS_RELAPSE = ("relapse", "relapses in taper")


def check_measures(report: Report) -> None:
    """State names can be derived; parameters fit their instrument, unit and grade; facts exist."""
    protocol = report.protocol
    for name, state in protocol.state.items():
        _state(report, ("protocol", "state", name), name, state)
    for name, parameter in protocol.parameters.items():
        path: Path = ("protocol", "parameters", name)
        report.sources(path, parameter)
        if name in RESERVED:
            report.error(path, f"'{name}' is a column that Pilotage derives; choose another name")
        check_range(report, (*path, "range"), parameter.range)
        _instrument(report, path, parameter)
        if parameter.domain == "LB":
            check_unit(report, (*path, "unit"), parameter.unit)
        _grade(report, path, name, parameter)
    _facts(report)


def check_range(report: Report, path: Path, range_: Range | None) -> None:
    """Lowest first."""
    if range_ is not None and range_[0] > range_[1]:
        low, high = (f"{end:g}" for end in range_)
        report.error(path, f"the range [{low}, {high}] is empty; write [{high}, {low}]")


def _state(report: Report, path: Path, name: str, state: StateVariable) -> None:
    protocol = report.protocol
    if name in protocol.parameters:
        report.error(path, f"'{name}' is a parameter already; a name means one thing")
    check_range(report, (*path, "range"), state.range)
    kind = state.derivation
    if kind in _NEEDS_CLASSIFICATION and not protocol.classifications:
        report.error((*path, "is"), f"'{kind}' needs a classification under 'classifications'")
    if kind in _NEEDS_RELAPSE and protocol.relapse is None:
        report.error((*path, "is"), f"'{kind}' needs 'relapse'")
    choices = state_choices(state, protocol)
    if choices is None and state.choices:
        report.error((*path, "choices"), f"'{kind}' is a number; remove 'choices'")
    elif choices is not None and state.range is not None:
        report.error((*path, "range"), f"'{kind}' is a text; remove 'range'")
    elif choices is not None and state.choices and set(state.choices) != set(choices):
        report.error(
            (*path, "choices"),
            f"'{kind}' can be {', '.join(choices)} in this study; remove 'choices'",
        )
    _days_since(report, path, state)


def _days_since(report: Report, path: Path, state: StateVariable) -> None:
    if state.derivation != "days since":
        if state.of is not None:
            report.error((*path, "of"), "'of' belongs to 'days since' only; remove it")
        return
    if state.of is None:
        report.error(path, "'days since' needs 'of', the form.item that holds the date")
    elif item_known(report, (*path, "of"), state.of):
        variable = report.namespace.get(state.of)
        if variable is not None and variable.type != "date":
            report.error((*path, "of"), f"'{state.of}' is not a date")


def item_known(report: Report, path: Path, name: str) -> bool:
    """Is `form.item` an item that a form of the study declares?"""
    forms = report.protocol.forms
    form, _, item = name.partition(".")
    declared: Path = ("protocol", "forms")
    if form not in forms:
        message = f"'{name}' must be form.item, and '{form}' is no form"
        return report.known(path, form, forms, message, declared=declared)
    message = f"'{item}' is no item of the form {form}"
    return report.known(path, item, forms[form].items, message, declared=(*declared, form))


def _instrument(report: Report, path: Path, parameter: Parameter) -> None:
    from pilotage.instruments import instruments

    if parameter.instrument is None:
        if parameter.score is not None:
            report.error(path, "'score' needs 'instrument'")
        return
    instrument = instruments.get(parameter.instrument)
    if instrument is None:
        report.error((*path, "instrument"), unknown_instrument(parameter.instrument))
        return
    if parameter.domain != "QS":
        report.error((*path, "domain"), "a score of an instrument lives in QS")
    if parameter.category is not None and parameter.category != instrument.category:
        words = f"the category of {instrument.name} is '{instrument.category}'"
        report.error((*path, "category"), words)
    scores = {score.code: score for score in instrument.scores}
    if parameter.score is None:
        report.error(path, f"'instrument' needs 'score', one of {', '.join(scores)}")
    elif parameter.score not in scores:
        hint = did_you_mean(parameter.score, scores)
        words = f"'{parameter.score}' is no score of {instrument.name} ({', '.join(scores)}){hint}"
        report.error((*path, "score"), words)
    else:
        score = scores[parameter.score]
        if parameter.range != (score.low, score.high):
            words = f"the range of {score.code} is [{score.low}, {score.high}]"
            report.error((*path, "range"), words)


def unknown_instrument(name: str) -> str:
    """The message for an instrument that Pilotage does not have."""
    from pilotage.instruments import instruments

    known = f"'{name}' is no instrument that Pilotage knows ({', '.join(instruments)})"
    return known + did_you_mean(name, instruments)


def check_unit(report: Report, path: Path, unit: str) -> bool:
    """A unit of measurement must be one that can be converted."""
    from pilotage.instruments.units import UnknownUnit, ucum_code

    try:
        ucum_code(unit)
    except UnknownUnit as problem:
        report.error(path, str(problem))
        return False
    return True


def _grade(report: Report, path: Path, name: str, parameter: Parameter) -> None:
    from pilotage.instruments.ctcae import TERMS
    from pilotage.instruments.units import UnknownUnit, conversion

    if parameter.grade is None:
        return
    if report.protocol.toxicity is None:
        report.error((*path, "grade"), "'grade' needs 'toxicity', the criteria and their version")
    term = TERMS.get(parameter.grade)
    if term is None:
        hint = did_you_mean(parameter.grade, TERMS)
        words = f"'{parameter.grade}' is no graded term ({', '.join(TERMS)}){hint}"
        report.error((*path, "grade"), words)
        return
    try:
        factor = conversion(parameter.unit, term.unit, analyte=name)
    except UnknownUnit:
        return
    except ValueError:
        factor = None
    if factor != 1:
        words = f"{parameter.grade} is graded in {term.unit}; write that unit"
        report.error((*path, "unit"), words)


def _facts(report: Report) -> None:
    for name, fact in report.protocol.subject_facts.items():
        path: Path = ("protocol", "subject_facts", name)
        if (fact.item is None) == (fact.baseline is None):
            both = "'item' or 'baseline'"
            words = f"needs {both}" if fact.item is None else f"has both; keep {both}"
            report.error(path, f"the fact {name} {words}")
        if fact.item is not None:
            known = item_known(report, (*path, "item"), fact.item)
            if known and fact.ever is not None:
                _answered(report, (*path, "ever"), fact.item, fact.ever)
        if fact.baseline is not None:
            parameter_known(report, (*path, "baseline"), fact.baseline)
            if fact.ever is not None:
                report.error((*path, "ever"), "'ever' belongs to 'item'; remove it")
        if name in RESERVED:
            report.error(path, f"'{name}' is a column that Pilotage derives; choose another name")


def _answered(report: Report, path: Path, named: str, answer: str) -> None:
    """Is it an answer that the item offers?"""
    form, _, code = named.partition(".")
    found = report.protocol.forms.get(form)
    item = found.items.get(code) if found else None
    if item is None:
        return
    if item.type not in ("choice", "yes_no"):
        report.error(path, f"{named} offers no answers to choose from; remove 'ever'")
        return
    choices = report.protocol.codelists.get(item.codelist or "", {})
    offered = ("Y", "N") if item.type == "yes_no" else tuple(choices)
    message = f"'{answer}' is no answer that {named} offers"
    report.known(path, answer, offered, message, declared=("protocol", "codelists"))


def parameter_known(report: Report, path: Path, name: str) -> bool:
    """Is it a parameter that the study declares?"""
    return report.known(
        path,
        name,
        report.protocol.parameters,
        f"'{name}' is no parameter of this study",
        declared=("protocol", "parameters"),
    )
