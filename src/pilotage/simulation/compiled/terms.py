"""The names of a study as they stand in the kernel: what `rules.state.Standing` answers, in
variables. A value that is older than the study allows is unknown."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pilotage.rules.inputs import maximum_age
from pilotage.simulation.compiled.grades import Line, grade_lines
from pilotage.simulation.facts import of_person
from pilotage.simulation.truth import Term
from pilotage.study.namespace import PHASES
from pilotage.study.protocol import Protocol, StateVariable

if TYPE_CHECKING:
    from pilotage.simulation.scheme import Scheme


@dataclass(slots=True)
class OfDecisions:
    """The terms of one place in the kernel. `lines` must stand before the expressions that were
    made of them; each variable that they set begins with `prefix`."""

    scheme: "Scheme"
    prefix: str = "n"
    lines: list[Line] = field(default_factory=list)
    found: dict[str, Term | None] = field(default_factory=dict)

    def __call__(self, name: str) -> Term | None:
        if name not in self.found:
            self.found[name] = self._term(name)
        return self.found[name]

    def _term(self, name: str) -> Term | None:
        protocol = self.scheme.protocol
        variable = protocol.state.get(name)
        if variable is not None:
            return self._of_state(name, variable)
        code, _, part = name.partition(".")
        for at, measured in enumerate(self.scheme.measured):
            if measured.code == code:
                return self._of_parameter(name, at, part)
            if name in measured.items:
                return self._aged(name, f"v{at}", f"m{at}")
        return self._of_fact(name)

    # -- the subject -------------------------------------------------------------------------------

    def _of_state(self, name: str, variable: StateVariable) -> Term | None:
        protocol = self.scheme.protocol
        steps = [step.step for step in protocol.treatment.ladder]
        categories = [category.code for category in self.scheme.response.categories]
        match variable.derivation:
            case "age" | "sex":
                return fact_term(self.scheme, variable.derivation.upper())
            case "study day":
                return self._number("(float(day) if day > 0 else nan)")
            case "dose step":
                return Term("step", coded(steps), sure=True)
            case "weeks at dose step":
                return self._number("((day - step_since + 3) // 7 if cycle > 0 else 0)", sure=True)
            case "treatment phase":
                return Term("phase", coded(PHASES), sure=True)
            case "cycle":
                return Term("cycle", sure=True)
            case "day of cycle":
                return self._number("(day - cycle_since + 1 if cycle > 0 else 0)", sure=True)
            case "week of cycle":
                place = "min(max(day - cycle_since + 1, 0), last_week)"
                return self._number(f"(weeks[{place}] if cycle > 0 else 0.0)")
            case "best response":
                return Term("best", coded(categories))
            case "response":
                return self._judged(name, "rank", categories)
            case "relapse" if protocol.relapse:
                return self._judged(name, "in_relapse", ["no", "yes"])
            case "relapses in taper" if protocol.relapse:
                return Term("taper", sure=True)
        return None

    def _judged(self, name: str, variable: str, texts: list[str]) -> Term | None:
        """What was judged at the last assessment, as long as that may be relied upon."""
        limit = maximum_age(name, self.scheme.protocol)
        codes = [each.code for each in self.scheme.measured]
        if not isinstance(limit, int) or self.scheme.response.parameter not in codes:
            return None
        since = f"m{codes.index(self.scheme.response.parameter)}"
        return self._line(f"({variable} if t - {since} <= {limit} else -1)", coded(texts))

    # -- what is measured and answered -------------------------------------------------------------

    def _of_parameter(self, name: str, at: int, part: str) -> Term | None:
        value, base, since = f"v{at}", f"b{at}", f"m{at}"
        match part:
            case "BASE":
                return Term(base)
            case "AGE_DAYS":
                return self._number(f"(float(t - {since}) if {since} > long_ago else nan)")
            case "":
                return self._aged(name, value, since)
            case "CHG":
                return self._aged(name, f"({value} - {base})", since)
            case "PCHG":
                share = f"(100 * ({value} - {base}) / {base} if {base} != 0 else nan)"
                return self._aged(name, share, since)
            case "GRADE":
                return self._grade(name, at)
        return None

    def _grade(self, name: str, at: int) -> Term | None:
        measured, toxicity = self.scheme.measured[at], self.scheme.protocol.toxicity
        term, described = measured.parameter.grade, self.scheme.nature.stable.get(measured.code)
        aged = self._aged(name, f"v{at}", f"m{at}") if term and toxicity else None
        if aged is None or term is None or toxicity is None:
            return None
        limits = described.normal.both if described else (None, None)
        variable = self._next()
        self.lines += grade_lines(
            variable, aged.text, f"b{at}", term=term, version=toxicity.version, limits=limits,
            least=measured.parameter.range[0],
        )  # fmt: skip
        return Term(variable)

    def _of_fact(self, name: str) -> Term | None:
        protocol = self.scheme.protocol
        person = of_person(protocol, name)
        fact = fact_term(self.scheme, person or name)
        limit = maximum_age(name, protocol)
        if fact is None or limit == "not stated" or name in protocol.state:
            return None
        if person is None and "." not in name:
            return None
        since = answered(self.scheme, person or name)
        fresh = f"{since} > long_ago" if limit == "none needed" else f"t - {since} <= {limit}"
        unknown = "nan" if fact.codes is None else "-1"
        return self._line(f"({fact.text} if {fresh} else {unknown})", fact.codes)

    # -- variables ---------------------------------------------------------------------------------

    def _aged(self, name: str, value: str, since: str) -> Term | None:
        """A number that is unknown once it is too old."""
        limit = maximum_age(name, self.scheme.protocol)
        if not isinstance(limit, int):
            return None
        return self._number(f"({value} if t - {since} <= {limit} else nan)")

    def _number(self, expression: str, *, sure: bool = False) -> Term:
        return self._line(expression, None, sure=sure)

    def _line(
        self, expression: str, codes: Mapping[str, int] | None, *, sure: bool = False
    ) -> Term:
        variable = self._next()
        self.lines.append((variable, expression))
        return Term(variable, codes, sure)

    def _next(self) -> str:
        return f"{self.prefix}{len(self.lines)}"


def terms_of(scheme: "Scheme") -> OfDecisions:
    """The terms of a scheme: which names the simulation knows."""
    return OfDecisions(scheme)


def of_history(scheme: "Scheme") -> Callable[[str], Term | None]:
    """The names that decide whether an item is asked of a subject: what the person brings along,
    and what was answered before it."""

    def term(name: str) -> Term | None:
        variable = scheme.protocol.state.get(name)
        if variable is not None:
            return fact_term(scheme, "SEX") if variable.derivation == "sex" else None
        told = of_person(scheme.protocol, name) or name
        comes = any(fact.name == told and fact.per_week is not None for fact in scheme.facts)
        return fact_term(scheme, told) if "." in name and not comes else None

    return term


def of_assessment(scheme: "Scheme", base: str) -> Callable[[str], Term | None]:
    """The names of the parameter that is judged, at an assessment: `base` is what it is compared
    with."""
    at = scheme.assessed
    code, value = scheme.measured[at].code, f"v{at}"
    known = {
        code: Term(value, sure=True),
        f"{code}.BASE": Term(base),
        f"{code}.CHG": Term(f"({value} - {base})"),
        f"{code}.PCHG": Term(f"(100 * ({value} - {base}) / {base} if {base} != 0 else nan)"),
    }
    return known.get


def coded(texts: "list[str] | tuple[str, ...]") -> dict[str, int]:
    return {text: at for at, text in enumerate(texts)}


def fact_term(scheme: "Scheme", name: str) -> Term | None:
    """A fact as it was drawn, however long ago it was told."""
    for at, fact in enumerate(scheme.facts):
        if fact.name == name:
            sure = fact.form is None and fact.when is None
            if fact.spread is not None:
                return Term(f"f{at}", sure=sure)
            return Term(f"f{at}", coded(list(fact.choices)), sure=sure)
    return None


def answered(scheme: "Scheme", name: str) -> str:
    """The variable with the day on which a fact was last told."""
    fact = next(fact for fact in scheme.facts if fact.name == name)
    forms: Iterator[str] = (form for form in scheme.forms if form == fact.form)
    found = next(forms, None)
    return "consent" if found is None else f"a{scheme.forms.index(found)}"


def person_items(protocol: Protocol) -> Iterator[tuple[str, str]]:
    """Each item that holds AGE, SEX or RACE of the person, with which."""
    for form, found in protocol.forms.items():
        for code in found.items:
            person = of_person(protocol, f"{form}.{code}")
            if person is not None:
                yield f"{form}.{code}", person
