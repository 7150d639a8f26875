"""Does synthetic.yaml fit its study, and itself? Every mistake, each at its line."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pilotage.conditions import Condition
from pilotage.courses.history import RECORDED
from pilotage.courses.measures import setting
from pilotage.courses.nature import Nature, Spread
from pilotage.findings import Finding, warning
from pilotage.study import Study
from pilotage.study.names import listed
from pilotage.study.part import PartReport
from pilotage.study.places import Lines, Path, starts_with_any
from pilotage.study.protocol import Item, Visit

NEAR_ONE = 0.001
"""Probabilities may miss 1 by so little: three times 0.333 is meant as certain."""


def inconsistencies(
    nature: Nature, study: Study, *, lines: Lines, mended: Collection[Path], file: str
) -> list[Finding]:
    """What one part says against another. Nothing is said about parts that were mended."""
    report = _Report(lines, mended, file, nature, study)
    _recruitment(report)
    _demography(report)
    _facts(report)
    _quantities(report)
    _occurrences(report)
    _responding(report)
    _stable(report)
    _recorded(report)
    _events(report)
    return report.findings


@dataclass(slots=True)
class _Report(PartReport):
    nature: Nature
    study: Study

    def ordered(self, path: Path, bounds: tuple[float, float]) -> bool:
        """Is the first bound not above the second?"""
        if bounds[0] > bounds[1]:
            name = ".".join(str(step) for step in path)
            self.error(path, f"{name} is {bounds[0]:g} to {bounds[1]:g}; the lower one comes first")
        return bounds[0] <= bounds[1]

    def certain(self, path: Path, choices: Mapping[str, float]) -> None:
        """Do the probabilities add up to 1?"""
        total = sum(choices.values())
        if abs(total - 1) > NEAR_ONE:
            name = ".".join(str(step) for step in path[1:])
            words = f"the probabilities of {name} add up to {total:.4g}; they must add up to 1"
            self.error(path, words)

    def spread(self, path: Path, spread: Spread, allowed: tuple[float, float] | None) -> None:
        """Is the range in order, and inside what the study allows?"""
        if self.ordered((*path, "range"), spread.range) and allowed:
            low, high = allowed
            if not (low <= spread.range[0] and spread.range[1] <= high):
                own = f"{spread.range[0]:g} to {spread.range[1]:g}"
                words = f"the range {own} is not inside {low:g} to {high:g}, which the study allows"
                self.error((*path, "range"), words)


# -- who and when ----------------------------------------------------------------------------------


def _recruitment(report: _Report) -> None:
    recruitment, path = report.nature.recruitment, ("recruitment",)
    _present_version(report)
    if recruitment.last < recruitment.first:
        report.error((*path, "last"), f"'last' is before 'first' ({recruitment.first})")
    report.ordered((*path, "follow_up_days"), recruitment.follow_up_days)
    if not report.ordered((*path, "screening_days"), recruitment.screening_days):
        return
    longest = recruitment.screening_days[1]
    if (recruitment.cut - recruitment.last).days < longest:
        words = f"the data cut must be at least {longest} days (screening) after 'last'"
        report.error((*path, "cut"), words)
    visits = sorted(report.study.protocol.schedule.visits, key=lambda visit: visit.day)
    if all(visit.day != 1 for visit in visits):
        words = "the schedule has no visit on day 1, the day of the first dose"
        report.error((), words)
    if visits[0].day < 1:
        _first_visit(report, visits[0], recruitment.screening_days)


def _present_version(report: _Report) -> None:
    """Subjects live under the present protocol: a day before it is judged by another one."""
    versions, first = report.study.protocol.versions, report.nature.recruitment.first
    path = ("recruitment", "first")
    present = max(versions, key=lambda version: version.date, default=None)
    if present is None or first >= present.date or starts_with_any(path, report.mended):
        return
    earlier = any(version.date < present.date for version in versions)
    judged = "are judged by the one of the day" if earlier else "cannot be judged by any"
    words = (
        f"'first' is {first}, before version {present.id} of the protocol ({present.date}): "
        f"subjects live under that version, and days before it {judged}; recruit from its day on"
    )
    report.findings.append(warning(report.place(path), words))


def _first_visit(report: _Report, visit: Visit, days: tuple[int, int]) -> None:
    """Consent is given at the first visit: its window must hold every day of consent."""
    if isinstance(visit.window, str):
        return
    earliest, latest = visit.day - visit.window[0], min(visit.day + visit.window[1], -1)
    if -days[1] < earliest or -days[0] > latest:
        words = (
            f"screening_days are {days[0]} to {days[1]}, but the visit {visit.id} may only take "
            f"place {-latest} to {-earliest} days before the first dose"
        )
        report.error(("recruitment", "screening_days"), words)


def _demography(report: _Report) -> None:
    people, path = report.nature.demography, ("demography",)
    report.spread((*path, "age"), people.age, (0, 120))
    for name, choices in (("sex", people.sex), ("race", people.race)):
        if choices is None:
            continue
        report.certain((*path, name), choices)
        item = _item_at(report.study, f"DM.{name.upper()}")
        if item is not None:
            _answers(report, (*path, name), item, choices)


def _item_at(study: Study, target: str) -> Item | None:
    """The item that lives at a place of SDTM, if the study has one."""
    items = [item for form in study.protocol.forms.values() for item in form.items.values()]
    return next((item for item in items if item.target.partition(" ")[0] == target), None)


# -- answers ---------------------------------------------------------------------------------------


def _item(report: _Report, path: Path, name: str) -> Item | None:
    """The item of a form that is named, or None with an error."""
    forms = report.study.protocol.forms
    form, _, code = name.partition(".")
    items = [f"{f}.{item}" for f, made in forms.items() for item in made.items]
    if not report.known(path, name, items, f"'{name}' is no item of a form"):
        return None
    return forms[form].items[code]


def _answers(report: _Report, path: Path, item: Item, choices: Mapping[str, float]) -> None:
    """May every answer be given?"""
    for answer in choices:
        _answer(report, (*path, answer), item, answer)


def _answer(report: _Report, path: Path, item: Item, answer: str) -> None:
    """May the answer be given? Of an item without choices any."""
    match item.type:
        case "yes_no":
            allowed: tuple[str, ...] = ("yes", "no", "Y", "N")
        case "choice":
            allowed = tuple(report.study.protocol.codelists.get(item.codelist or "", {}))
        case _:
            return
    words = f"'{answer}' is no answer here; allowed are {listed(allowed)}"
    report.known(path, answer, allowed, words)


def _facts(report: _Report) -> None:
    for name, choices in report.nature.facts.items():
        path: Path = ("facts", name)
        report.certain(path, choices)
        item = _item(report, path, name)
        if item is None:
            continue
        if item.type in ("integer", "number"):
            report.error(path, f"'{name}' is a number; put it under 'quantities'")
        else:
            _answers(report, path, item, choices)


def _quantities(report: _Report) -> None:
    for name, spread in report.nature.quantities.items():
        path: Path = ("quantities", name)
        item = _item(report, path, name)
        if item is not None and item.type not in ("integer", "number"):
            report.error(path, f"'{name}' is no number; put it under 'facts'")
            item = None
        report.spread(path, spread, item.range if item else None)


def _occurrences(report: _Report) -> None:
    """Can the answer come? It must be one of the item's, and the plan must ask everybody for it."""
    asked = _asked_forms(report.study)
    for name, occurrence in report.nature.occurrences.items():
        path: Path = ("occurrences", name)
        item = _item(report, path, name)
        if item is None:
            continue
        form = name.partition(".")[0]
        if name in {**report.nature.facts, **report.nature.quantities}:
            report.error(path, f"'{name}' is answered under 'facts' or 'quantities' already")
        elif item.type not in ("yes_no", "choice"):
            report.error(path, f"'{name}' has no answers to choose from; an answer cannot come")
        elif isinstance(item.when, Condition):
            report.error(
                path, f"'{name}' is not asked of everybody; its answer cannot be waited for"
            )
        elif form not in asked or report.study.protocol.forms[form].repeating:
            report.error(path, f"'{form}' is no form that a visit or a series asks for once")
        elif len({RECORDED.get(a, a) for a in (occurrence.answer, occurrence.otherwise)}) == 1:
            report.error(path, f"'{name}' says the same before and after: '{occurrence.answer}'")
        else:
            for part in ("answer", "otherwise"):
                _answer(report, (*path, part), item, getattr(occurrence, part))


def _asked_forms(study: Study) -> set[str]:
    """The forms that a visit or a series after the first dose asks for."""
    schedule = study.protocol.schedule
    asked = {form for visit in schedule.visits if visit.day > 1 for form in visit.forms}
    asked |= {series.form for series in schedule.series}
    return asked | set(schedule.afterwards.forms if schedule.afterwards else ())


# -- what is measured ------------------------------------------------------------------------------


def _allowed(report: _Report, path: Path, code: str) -> tuple[float, float] | None:
    parameters = report.study.protocol.parameters
    known = report.known(path, code, parameters, f"'{code}' is no parameter of this study")
    return parameters[code].range if known else None


def _responding(report: _Report) -> None:
    steps = [step.step for step in report.study.protocol.treatment.ladder]
    for code, responding in report.nature.responding.items():
        path: Path = ("responding", code)
        allowed = _allowed(report, path, code)
        if allowed and report.study.protocol.parameters[code].domain != "QS":
            report.error(path, f"'{code}' is a laboratory value; put it under 'stable'")
        report.spread((*path, "baseline"), responding.baseline, allowed)
        report.spread((*path, "relapse"), responding.relapse, allowed)
        if responding.true_lasting is not None:
            report.spread((*path, "true_lasting", "left"), responding.true_lasting.left, None)
        by_step = {
            "true_decline_per_week": responding.true_decline_per_week,
            "true_relapse_per_week": responding.true_relapse_per_week,
        }
        for name, shares in by_step.items():
            for step in shares:
                words = f"'{step}' is no step of the dose ladder"
                report.known((*path, name, step), step, steps, words)


def _stable(report: _Report) -> None:
    for code, stable in report.nature.stable.items():
        path: Path = ("stable", code)
        if code in report.nature.responding:
            report.error(path, f"'{code}' stands under 'responding' already")
        allowed = _allowed(report, path, code)
        report.spread((*path, "baseline"), stable.baseline, allowed)
        low, high = stable.normal.both
        if low is not None and high is not None:
            report.ordered((*path, "normal"), (low, high))


def _recorded(report: _Report) -> None:
    """Every value must be recorded somewhere, or it would be described in vain."""
    made = setting(report.study, report.nature)
    parameters = report.study.protocol.parameters
    for part, codes in (("responding", report.nature.responding), ("stable", report.nature.stable)):
        for code in (code for code in codes if code in parameters):
            instrument = parameters[code].instrument
            if not any(
                code in (*form.laboratory, *form.questions)
                or (instrument is not None and form.instrument == instrument)
                for form in made.forms.values()
            ):
                report.error((part, code), f"no form of the study records '{code}'")


def _events(report: _Report) -> None:
    protocol = report.study.protocol
    related = _item_at(report.study, "AE.AEREL")
    for at, event in enumerate(report.nature.events):
        path: Path = ("events", at)
        words = f"'{event.severity}' is no severity of the study"
        severities = protocol.adverse_events.severity
        report.known((*path, "severity"), event.severity, severities, words)
        report.ordered((*path, "days"), event.days)
        report.ordered((*path, "lasts_days"), event.lasts_days)
        if related is not None and related.type == "choice":
            codes = protocol.codelists.get(related.codelist or "", {})
            words = f"'{event.related}' is no answer here; allowed are {listed(codes)}"
            report.known((*path, "related"), event.related, codes, words)
