"""What always holds in the course of treatment: phase, dose, weeks, response and relapse."""

from typing import TYPE_CHECKING

from pilotage.conditions import Condition, names_in
from pilotage.conditions.prove import Formula, Symbol
from pilotage.study.namespace import category_codes
from pilotage.study.protocol import Classification, StateKind

if TYPE_CHECKING:
    from pilotage.check.space import Space

DAY_OF_CYCLE = "(day of cycle)"
"""The day of the cycle, where the study has no name for it."""
LAST = "LAST"
"""X.LAST is the value of the last assessment, however old it is."""

_ON_DRUG = ("treatment", "taper", "maintenance")
_NOTHING_YET: tuple[StateKind, ...] = (
    "cycle", "day of cycle", "week of cycle", "relapses in taper",
)  # fmt: skip
_SEEN_LATER: tuple[StateKind, ...] = ("response", "best response")
_FROM: tuple[tuple[StateKind, int], ...] = (("cycle", 1), ("day of cycle", 2), ("study day", 2))


def bind_course(space: "Space") -> None:
    """Add what binds the state names to each other."""
    _Course(space).bind()


class _Course:
    def __init__(self, space: "Space") -> None:
        self.space, self.z3, self.protocol = space, space.z3, space.protocol
        self._names: dict[StateKind, str] = {
            state.derivation: name for name, state in self.protocol.state.items()
        }

    def bind(self) -> None:
        self._before_start()
        self._doses()
        self._weeks()
        self._response()
        self._relapse()
        self._taper()

    # -- words -------------------------------------------------------------------------------------

    def _of(self, kind: StateKind) -> Symbol | None:
        name = self._names.get(kind)
        return self.space.symbol(name) if name else None

    def _is(self, kind: StateKind, *texts: str) -> Formula:
        """Is it known and one of these? Never, where the study has no such name."""
        symbol = self._of(kind)
        if symbol is None:
            return self.z3.BoolVal(False)
        values = [symbol.value == self.space.text(text) for text in texts]
        return self.z3.And(symbol.known, self.z3.Or(values))

    def _when(self, condition: Formula, *formulas: Formula) -> None:
        self.space.always(self.z3.Implies(condition, self.z3.And(list(formulas))))

    def _if_known(self, symbol: Symbol | None, formula: Formula) -> Formula:
        if symbol is None:
            return self.z3.BoolVal(True)
        return self.z3.Implies(symbol.known, formula)

    def _rank(self, symbol: Symbol, order: tuple[str, ...]) -> Formula:
        """The position of a text in an order."""
        rank: Formula = self.z3.IntVal(len(order))
        for at, text in enumerate(order):
            rank = self.z3.If(symbol.value == self.space.text(text), at, rank)
        return rank

    # -- the course --------------------------------------------------------------------------------

    def _before_start(self) -> None:
        """Nothing has begun: cycle, week and counts are 0, and no response can have been seen.
        Decisions of the first day come before its dose, so a later phase begins on day 2."""
        z3, before = self.z3, self._is("treatment phase", "before start")
        phase = self._of("treatment phase")
        if phase is None:
            return
        after = z3.And(phase.known, z3.Not(before))
        for nothing in _NOTHING_YET:
            symbol = self._of(nothing)
            if symbol is not None:
                self._when(before, self._if_known(symbol, symbol.value == 0))
        for counted, first in _FROM:
            symbol = self._of(counted)
            if symbol is not None:
                self._when(after, self._if_known(symbol, symbol.value >= first))
        day = self._of("study day")
        if day is not None:
            self._when(before, self._if_known(day, day.value <= 1))
        for seen in _SEEN_LATER:
            symbol = self._of(seen)
            if symbol is not None:
                self._when(before, z3.Not(symbol.known))
        self._when(before, z3.Not(self._is("relapse", "yes")))

    def _doses(self) -> None:
        """Without drug before the start and off treatment, and only then. Nobody is in maintenance
        where no row of the dosing table maintains."""
        ladder = self.protocol.treatment.ladder
        none = tuple(step.step for step in ladder if not step.dose)
        some = tuple(step.step for step in ladder if step.dose)
        step = self._of("dose step")
        if step is None:
            return
        without = self._is("treatment phase", "before start", "off treatment")
        self._when(without, self._if_known(step, self._is("dose step", *none)))
        if all(row.do != "maintain" for row in self.protocol.dosing.rows):
            self.space.always(self.z3.Not(self._is("treatment phase", "maintenance")))
        on_drug = self._is("treatment phase", *_ON_DRUG)
        self._when(on_drug, self._if_known(step, self._is("dose step", *some)))

    def _weeks(self) -> None:
        """The week of a cycle follows from its day by the analysis windows; nobody is longer at a
        dose than in the cycle."""
        z3, week = self.z3, self._of("week of cycle")
        day = self._of("day of cycle") or self.space.symbol(DAY_OF_CYCLE)
        if week is not None:
            self.space.always(
                z3.Implies(week.known, z3.And(day.known, self._week_of(week.value, day.value)))
            )
            before = self._is("treatment phase", "before start")
            started = z3.Not(before) if self._of("treatment phase") else z3.BoolVal(False)
            self._when(z3.And(started, week.known), day.value >= 2)
        held = self._of("weeks at dose step")
        if held is not None:
            known = z3.And(self._is("treatment phase", *_ON_DRUG), held.known, day.known)
            self._when(known, 7 * held.value <= day.value + 2)

    def _week_of(self, week: Formula, day: Formula) -> Formula:
        z3, windows = self.z3, self.protocol.analysis_windows
        found = [z3.And(day <= 1, week == 0)]
        for row in windows.rows:
            found.append(z3.And(day >= row.first_day, day <= row.last_day, week == row.week))
        later = windows.afterwards
        if later is not None:
            last, number = windows.rows[-1], z3.Int("(windows after the last)")
            week_then = last.week + later.every_weeks * number
            target = 1 + 7 * week_then
            found.append(
                z3.And(
                    number >= 1, day > last.last_day, week == week_then,
                    day >= target - later.days_before, day <= target + later.days_after,
                )
            )  # fmt: skip
        return z3.Or(found)

    def _response(self) -> None:
        """The response is the category of the last assessment; the best one is no worse."""
        z3, codes = self.z3, category_codes(self.protocol)
        response, best = self._of("response"), self._of("best response")
        classification = self._classification()
        if response is not None and best is not None:
            better = self._rank(best, codes) <= self._rank(response, codes)
            self._when(response.known, best.known, better)
        if response is None or classification is None:
            return
        if classification.against != "baseline":
            return
        found, earlier = [], z3.BoolVal(True)
        for category in classification.categories:
            answer = self.space.answer(category.when, self._at_last(category.when))
            own = response.value == self.space.text(category.code)
            found.append(z3.And(own, earlier, answer.true))
            earlier = z3.And(earlier, answer.false)
        self._when(response.known, z3.Or(found))
        last = self.space.symbol(f"{classification.parameter}.{LAST}")
        value = self.space.symbol(classification.parameter)
        before = self._is("treatment phase", "before start")
        self._when(z3.And(value.known, z3.Not(before)), last.known, last.value == value.value)

    def _classification(self) -> Classification | None:
        relapse, found = self.protocol.relapse, self.protocol.classifications
        if relapse is not None:
            return found.get(relapse.classification)
        return next(iter(found.values()), None)

    def _at_last(self, condition: Condition) -> dict[str, str]:
        """The names of the condition, standing for those of the last assessment."""
        stands: dict[str, str] = {}
        for name in names_in(condition):
            code, _, part = name.partition(".")
            if part != "BASE":
                stands[name] = ".".join(filter(None, (code, LAST, part)))
        return stands

    def _relapse(self) -> None:
        """A relapse follows the response that it ends, and lasts until it has cleared."""
        z3, rule, codes = self.z3, self.protocol.relapse, category_codes(self.protocol)
        if rule is None or rule.after not in codes:
            return
        best, relapse = self._of("best response"), self._of("relapse")
        counted = self._of("relapses in taper")
        had = z3.BoolVal(True)
        if best is not None:
            had = z3.And(best.known, self._rank(best, codes) <= codes.index(rule.after))
        if counted is not None:
            self._when(z3.And(counted.known, counted.value > 0), had)
        if relapse is None:
            return
        yes = self._is("relapse", "yes")
        cleared = self.space.answer(rule.cleared, self._at_last(rule.cleared))
        back = self.space.answer(rule.when, self._at_last(rule.when))
        self._when(yes, had, z3.Not(cleared.true))
        if rule.after == codes[0] and best is not None:
            self._when(z3.And(had, back.true, relapse.known), yes)

    def _taper(self) -> None:
        """Where only a response lowers the dose, nobody is in taper without having had it."""
        rule, codes = self.protocol.relapse, category_codes(self.protocol)
        best, response = self._of("best response"), self._names.get("response")
        if rule is None or best is None or response is None or rule.after not in codes:
            return
        lower = [row.when for row in self.protocol.dosing.rows if row.do == "lower"]
        needed = f"{response} == '{rule.after}'"
        if lower and all(
            isinstance(when, Condition) and needed in str(when).split(" and ") for when in lower
        ):
            good = self._rank(best, codes) <= codes.index(rule.after)
            self._when(self._is("treatment phase", "taper"), best.known, good)
