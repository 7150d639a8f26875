"""Does `reconstruction.yaml` fit its study, its paper and itself? Every mistake at its line."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pilotage.conditions import Condition, Namespace, Variable, check
from pilotage.instruments import instruments
from pilotage.publication.claims import Claim, CountClaim, OneNumber, Published
from pilotage.publication.reconstruct.course_models import Stage, Target
from pilotage.publication.reconstruct.grid import SUBJECT
from pilotage.publication.reconstruct.models import Reconstruction, Unknown
from pilotage.study import Study
from pilotage.study.consistency.report import UNDECLARED
from pilotage.study.part import PartReport
from pilotage.study.places import Path
from pilotage.study.protocol import Item, text_of

QUESTIONS = "open_questions.md"
PLACES_IN_WORDS = frozenset(["visit", "form", "days"])
_QUESTION = re.compile(r"^## (Q-[0-9]+)", re.MULTILINE)


@dataclass(slots=True)
class Report(PartReport):
    """The reconstruction under examination."""

    made: Reconstruction
    study: Study
    published: Published

    def variable(self, path: Path, name: str, *, number: bool = False) -> None:
        """Is there such a variable, and is it a number where it has to be?"""
        found = self.known(path, name, self.made.variables, f"'{name}' is no variable")
        if found and number and is_text(self.made.variables[name]):
            self.error(path, f"'{name}' is no number")

    def condition(self, path: Path, condition: Condition | None, names: Namespace) -> None:
        for mistake in check(condition, names) if condition is not None else ():
            self.error(path, f"it {mistake.replace(UNDECLARED, 'which is no variable')}")

    def item(self, path: Path, full: str) -> Item | None:
        """The item of a form that is named, or None with an error; items of instruments have no
        entry of their own."""
        form, _, code = full.partition(".")
        forms = self.study.protocol.forms
        if not self.known(path, form, forms, f"'{form}' is no form"):
            return None
        name = forms[form].instrument
        if name is not None:
            codes = [item.code.lower() for item in instruments[name].items]
            self.known(path, code, codes, f"'{code}' is no item of {name}")
            return None
        if not self.known(path, code, forms[form].items, f"'{code}' is no item of the form {form}"):
            return None
        return forms[form].items[code]

    def claim(self, path: Path, name: str, kind: type[Claim] = Claim, words: str = "") -> None:
        """Is there such a claim, and of this kind?"""
        ids = [claim.id for claim in self.published.claims]
        found = self.known(path, name, ids, f"there is no claim '{name}' in published.yaml")
        if found and not isinstance(self.published.claim(name), kind):
            self.error(path, f"{name} {words}")


def is_text(unknown: Unknown) -> bool:
    return not (unknown.values or unknown.range)


def inconsistencies(report: Report) -> None:
    """Everything that one part says against another. Findings are added to the report."""
    _cohort(report)
    _variables(report)
    names = _namespace(report)
    _paper(report, names)
    _rules(report, names)
    _choices(report)
    _forms(report, names)
    _courses(report, names)
    _conduct(report)


def _namespace(report: Report) -> dict[str, Variable]:
    names = {SUBJECT: Variable(type="text")}
    for name, unknown in report.made.variables.items():
        if is_text(unknown):
            names[name] = Variable(type="text", choices=tuple(_choices_of(report, unknown)))
        else:
            ends = unknown.range or (min(unknown.values), max(unknown.values))
            names[name] = Variable(type="number", low=ends[0], high=ends[1])
    return names


def _choices_of(report: Report, unknown: Unknown) -> Iterable[str]:
    if unknown.choices or unknown.item is None:
        return unknown.choices
    form, _, code = unknown.item.partition(".")
    protocol = report.study.protocol
    item = protocol.forms[form].items.get(code) if form in protocol.forms else None
    if item is None:
        return ()
    return ("Y", "N") if item.type == "yes_no" else protocol.codelists.get(item.codelist or "", ())


# -- who -------------------------------------------------------------------------------------------


def _cohort(report: Report) -> None:
    cohort = report.made.cohort
    report.claim(("cohort", "subjects"), cohort.subjects, CountClaim, "counts no subjects")
    report.variable(("cohort", "cut_day"), cohort.cut_day, number=True)
    report.variable(("cohort", "last_day"), cohort.last_day, number=True)


def _variables(report: Report) -> None:
    for name, unknown in report.made.variables.items():
        path: Path = ("variables", name)
        if unknown.item is not None:
            report.item((*path, "item"), unknown.item)
        if unknown.range and unknown.range[0] > unknown.range[1]:
            report.error((*path, "range"), "the lower end of a range comes first")
        kinds = [bool(unknown.choices), bool(unknown.range), bool(unknown.values)]
        if sum(kinds) > 1:
            report.error(path, "give one of 'choices', 'range' and 'values'")
        elif not sum(kinds) and not tuple(_choices_of(report, unknown)):
            report.error(path, "give 'choices', a 'range' or 'values', or an item with a codelist")


# -- what the paper says of them -------------------------------------------------------------------


def _paper(report: Report, names: Namespace) -> None:
    made, published = report.made, report.published
    for at, measure in enumerate(made.measures):
        path: Path = ("measures", at)
        words = f"'{measure.variable}' is no variable of published.yaml"
        report.known((*path, "variable"), measure.variable, published.variables, words)
        if measure.at is not None:
            words = f"'{measure.at}' is no time of published.yaml"
            report.known((*path, "at"), measure.at, published.times, words)
        report.variable((*path, "is"), measure.is_, number=True)
    for group, condition in made.groups.items():
        report.condition(("groups", group), condition, names)
    for at, group in enumerate(made.nobody):
        words = f"'{group}' is no group of published.yaml"
        report.known(("nobody", at), group, published.groups, words)


def _rules(report: Report, names: Namespace) -> None:
    for at, rule in enumerate(report.made.rules):
        path: Path = ("rules", at)
        report.condition((*path, "when"), rule.when, names)
        report.condition((*path, "holds"), rule.holds, names)
        for name in rule.sum or ():
            report.variable((*path, "sum", name), name, number=True)
        if rule.holds is None and not rule.sum:
            report.error(path, "a rule needs 'holds' or 'sum'")
        if rule.sum and rule.at_least is None and rule.at_most is None:
            report.error(path, "a sum needs 'at_least', 'at_most' or both")
    for at, number in enumerate(report.made.numbers):
        report.condition(("numbers", at, "of"), number.of, names)
    for at, block in enumerate(report.made.blocks):
        for place, name in enumerate(block):
            report.variable(("blocks", at, place), name)


def _choices(report: Report) -> None:
    groups = {**report.published.groups, **report.made.groups}
    file = report.study.folder / QUESTIONS
    questions = _QUESTION.findall(file.read_text(encoding="utf-8")) if file.exists() else []
    seen: set[str] = set()
    for at, choice in enumerate(report.made.choices):
        path: Path = ("choices", at)
        report.claim((*path, "claim"), choice.claim)
        if choice.claim in seen:
            report.error((*path, "claim"), f"there is a choice for {choice.claim} already")
        seen.add(choice.claim)
        for key, name in (("group", choice.group), ("of", choice.of)):
            if name is not None:
                report.known((*path, key), name, groups, f"'{name}' is no group")
        words = f"{QUESTIONS} has no {choice.question}"
        report.known((*path, "question"), choice.question, questions, words)


# -- how it becomes forms --------------------------------------------------------------------------


def _forms(report: Report, names: Namespace) -> None:
    made = report.made
    seen = {**names, "STUDY_DAY": Variable(type="number"), **_parameters(report)}
    for full, answer in made.answers.items():
        path: Path = ("answers", full)
        report.item(path, full)
        if answer.variable is not None:
            report.variable((*path, "variable"), answer.variable)
        report.condition((*path, "while"), answer.while_, seen)
    for full, level in made.levels.items():
        report.item(("levels", full), full)
        if level.variable is not None:
            report.variable(("levels", full, "variable"), level.variable, number=True)
        for at, part in enumerate(level.sum_of):
            words = f"'{part}' stands not under 'levels'"
            report.known(("levels", full, "sum_of", at), part, made.levels, words)
    for at, result in enumerate(made.results):
        words = f"'{result.item}' stands not under 'levels'"
        report.known(("results", at, "item"), result.item, made.levels, words)
        report.condition(("results", at, "who"), result.who, names)
        if result.claim is not None:
            path = ("results", at, "claim")
            report.claim(path, result.claim.claim, OneNumber, "is not one number")


def _parameters(report: Report) -> dict[str, Variable]:
    return dict.fromkeys(report.study.protocol.parameters, Variable(type="number"))


def _courses(report: Report, names: Namespace) -> None:
    made, protocol = report.made, report.study.protocol
    for code, course in made.paths.items():
        path: Path = ("paths", code)
        report.known(path, code, protocol.parameters, f"'{code}' is no parameter of the study")
        report.variable((*path, "baseline"), course.baseline, number=True)
        if course.by is not None:
            report.variable((*path, "by"), course.by)
            unknown = made.variables.get(course.by)
            choices = tuple(_choices_of(report, unknown)) if unknown else ()
            for choice in course.stages if choices else ():
                words = f"'{choice}' is no choice of {course.by}"
                report.known((*path, "stages", choice), choice, choices, words)
        for choice, stages in course.stages.items():
            for at, stage in enumerate(stages):
                for name in _stage_names(stage):
                    report.variable((*path, "stages", choice, at), name, number=True)
    for form, places in made.places.items():
        _places(report, form, [region for place in places for region in place.regions])
        for at, place in enumerate(places):
            report.condition(("places", form, at, "who"), place.who, names)
            if place.score is not None:
                words = f"the course of '{place.score}' stands not under 'paths'"
                report.known(("places", form, at, "score"), place.score, made.paths, words)
    for at, entry in enumerate(made.entries):
        report.condition(("entries", at, "who"), entry.who, names)
        for item in (*entry.values, *entry.days):
            report.item(("entries", at, "values", item), f"{entry.form}.{item}")
        for form in entry.contact:
            words = f"'{form}' is no form"
            report.known(("entries", at, "contact"), form, protocol.forms, words)
    for at, stop in enumerate(made.stops):
        report.condition(("stops", at, "who"), stop.who, names)


def _conduct(report: Report) -> None:
    """The forms of supply, restart and slips exist, and their words have nothing unknown."""
    made, protocol = report.made, report.study.protocol
    forms: list[tuple[Path, str]] = []
    if made.supply is not None:
        forms.append((("supply", "form"), made.supply.form))
        forms += [(("supply", "needs"), form) for form in made.supply.needs]
    if made.restart is not None:
        forms += [(("restart", "first"), form) for form in made.restart.first]
        forms += [(("restart", "forms"), form) for form in made.restart.forms]
    for at, slip in enumerate(made.deviations.slips if made.deviations else ()):
        path: Path = ("deviations", "slips", at)
        if slip.form is not None:
            forms.append(((*path, "form"), slip.form))
        elif slip.kind == "missed form":
            report.error(path, "say which 'form' is missed")
        report.condition((*path, "when"), slip.when, report.study.namespace)
        words = text_of(slip.words)
        for unknown in sorted(set(re.findall(r"\{(.*?)\}", words)) - PLACES_IN_WORDS):
            places = f"{{{unknown}}} is none of {{visit}}, {{form}}, {{days}}"
            report.error((*path, "words"), places)
    for path, form in forms:
        report.known(path, form, protocol.forms, f"'{form}' is no form")


def _stage_names(stage: Stage) -> Iterator[str]:
    target: Target = stage.to
    for value in (target.is_, stage.days):
        if isinstance(value, str):
            yield value


def _places(report: Report, form: str, regions: list[str]) -> None:
    forms = report.study.protocol.forms
    if not report.known(("places", form), form, forms, f"'{form}' is no form"):
        return
    name = forms[form].instrument
    known = [region.code for region in instruments[name].regions] if name else []
    for region in regions:
        report.known(("places", form), region, known, f"'{region}' is no region of {form}")
