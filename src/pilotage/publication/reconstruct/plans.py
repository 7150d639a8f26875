"""From the solved variables of a subject to the plan of its course."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from pilotage.conditions import Condition, holds
from pilotage.courses.plan import (
    Given,
    NumberPlan,
    Page,
    Places,
    Plan,
    Restart,
    ScorePlan,
    Slip,
    Stop,
    Supply,
    Wording,
)
from pilotage.courses.plan import Stage as PlannedStage
from pilotage.instruments.units import conversion
from pilotage.publication.claims import OneNumber, Published
from pilotage.publication.reconstruct.course_models import (
    Answer,
    FromClaim,
    Level,
    Result,
    Stage,
    Target,
)
from pilotage.publication.reconstruct.models import Reconstruction
from pilotage.study import Study
from pilotage.study.protocol import Item, text_of

Values = Mapping[str, int | str]


@dataclass(slots=True)
class Planner:
    """Makes plans. Chance depends on the seed and the number of the subject only."""

    study: Study
    published: Published
    reconstruction: Reconstruction
    solution: Sequence[Values]
    seed: int

    @property
    def wording(self) -> Wording:
        doses = self.reconstruction.doses
        reasons = {str(action): word for action, word in doses.reasons.items()}
        found = self.reconstruction.deviations
        deviation = (found.category, found.code) if found else ("", "")
        return Wording(reasons, doses.withdrawn, deviation)

    def plan(self, values: Values) -> Plan:
        """The plan of one subject."""
        made, random = self.reconstruction, Random(f"{self.seed} subject {values['SUBJECT']}")
        cohort = made.cohort
        first_dose = cohort.cut - timedelta(days=int(values[cohort.cut_day]) - 1)
        consent = first_dose - timedelta(days=random.randint(*cohort.screening_days))
        number = int(values["SUBJECT"])
        answers = dict(self._answers(values, random))
        return Plan(
            subject=f"{cohort.prefix}-{number:02d}",
            consent=consent,
            first_dose=first_dose,
            last_day=int(values[cohort.last_day]),
            cut_day=int(values[cohort.cut_day]),
            age=_whole(self._recorded("AGE", values)),
            sex=str(self._recorded("SEX", values)),
            known=values,
            scores=dict(self._scores(values, random)),
            answers=answers,
            numbers=(numbers := dict(self._numbers(values, random))),
            regions=self._regions(values),
            results=self._results(values, numbers),
            pages=tuple(self._pages(values)),
            stop=self._stop(values),
            supply=Supply(**made.supply.model_dump()) if made.supply else None,
            restart=Restart(**made.restart.model_dump()) if made.restart else None,
            slips=tuple(self._slips()),
        )

    def _recorded(self, column: str, values: Values) -> int | str:
        """The variable whose item lives in this column of DM."""
        for name, unknown in self.reconstruction.variables.items():
            if unknown.item and self._item(unknown.item).target == f"DM.{column}":
                return values[name]
        raise KeyError(column)

    def _item(self, full: str) -> Item:
        form, _, code = full.partition(".")
        return self.study.protocol.forms[form].items[code]

    # -- answers ----------------------------------------------------------------------------------

    def _answers(self, values: Values, random: Random) -> Iterator[tuple[str, Given]]:
        for name, unknown in self.reconstruction.variables.items():
            if unknown.item is not None:
                yield unknown.item, Given(values[name])
        for full, answer in self.reconstruction.answers.items():
            yield full, self._answer(answer, values, random)

    def _answer(self, answer: Answer, values: Values, random: Random) -> Given:
        if answer.variable is not None:
            return Given(values[answer.variable])
        if answer.while_ is not None:
            return Given(while_=answer.while_)
        if answer.contact:
            return Given(contact=True)
        if answer.choices is not None:
            weights = list(answer.choices.values())
            return Given(random.choices(list(answer.choices), weights)[0])
        if answer.draw is not None:
            return Given(random.randint(*answer.draw))
        if answer.days_before is not None:
            cohort = self.reconstruction.cohort
            first_dose = cohort.cut - timedelta(days=int(values[cohort.cut_day]) - 1)
            before = timedelta(days=random.randint(*answer.days_before) + cohort.screening_days[1])
            return Given((first_dose - before).isoformat())
        return Given(answer.always, answer.first)

    # -- numbers ----------------------------------------------------------------------------------

    def _numbers(self, values: Values, random: Random) -> Iterator[tuple[str, NumberPlan]]:
        for full, level in self.reconstruction.levels.items():
            yield (
                full,
                NumberPlan(
                    level=self._level(level, values, random),
                    unit=level.unit or self._item(full).unit or "",
                    within_sd=level.within_sd,
                    under_drug=level.under_drug,
                    shift=self._shift(full, level, values),
                    digits=level.digits,
                    bounds=level.range or (float("-inf"), float("inf")),
                    normal=(level.low, level.high),
                    sum_of=level.sum_of,
                ),
            )

    def _level(self, level: Level, values: Values, random: Random) -> float:
        if level.variable is not None:
            return float(values[level.variable])
        if level.mean is None:
            return 0.0
        drawn = random.gauss(level.mean, level.sd) if level.sd else level.mean
        low, high = level.range or (drawn, drawn)
        return min(max(drawn, low), high)

    def _shift(self, full: str, level: Level, values: Values) -> float:
        """Subjects in pairs shift up and down by as much; one without a partner does not. Those who
        are seen longest are partners, so that also late visits are balanced."""
        if not level.shift_sd:
            return 0.0
        kind = values[level.balanced_in] if level.balanced_in else ""
        last_day = self.reconstruction.cohort.last_day
        alike = [
            own["SUBJECT"]
            for own in sorted(self.solution, key=lambda own: -int(own[last_day]))
            if level.balanced_in is None or own[level.balanced_in] == kind
        ]
        at = alike.index(values["SUBJECT"])
        if at ^ 1 >= len(alike):
            return 0.0
        size = Random(f"{self.seed} {full} {kind} {at // 2}").gauss(0, level.shift_sd)
        return size if at % 2 else -size

    def _results(
        self, values: Values, numbers: Mapping[str, NumberPlan]
    ) -> dict[tuple[str, int], float]:
        return {
            (result.item, result.day): self._result(result, numbers[result.item])
            for result in self.reconstruction.results
            if _is(result.who, values)
        }

    def _result(self, result: Result, number: NumberPlan) -> float:
        if result.claim is not None:
            return round(self._claimed(result.claim, result.item, number), number.digits)
        return round(number.level + (result.change or 0), number.digits)

    def _claimed(self, named: FromClaim, item: str, number: NumberPlan) -> float:
        """The printed number in the unit of the item."""
        claim = self.published.claim(named.claim)
        assert isinstance(claim, OneNumber)
        value = claim.value
        if named.per_cent is not None:
            share = self.published.claim(named.per_cent)
            assert isinstance(share, OneNumber)
            value = value / share.value * 100
        printed = self.published.variables[str(getattr(claim, "variable", ""))].unit
        code = self._item(item).target.rpartition(" = ")[2]
        return value * float(conversion(printed, number.unit, analyte=code))

    # -- scores -----------------------------------------------------------------------------------

    def _scores(self, values: Values, random: Random) -> Iterator[tuple[str, ScorePlan]]:
        for code, path in self.reconstruction.paths.items():
            baseline = int(values[path.baseline])
            stages = path.stages.get(str(values[path.by]), ()) if path.by else ()
            planned = tuple(self._stage(stage, baseline, values, random) for stage in stages)
            yield code, ScorePlan(baseline, planned, path.gradual)

    def _stage(self, stage: Stage, baseline: int, values: Values, random: Random) -> PlannedStage:
        days = stage.days
        match days:
            case str():
                elapsed = int(values[days])
            case int():
                elapsed = days
            case _:
                elapsed = random.randint(*days)
        return PlannedStage(_score(stage.to, baseline, values, random), elapsed, stage.after)

    def _regions(self, values: Values) -> dict[tuple[str, str], Places]:
        return {
            (form, place.score or ""): Places(place.regions, place.evenly)
            for form, places in self.reconstruction.places.items()
            for place in places
            if _is(place.who, values)
        }

    # -- what happens -----------------------------------------------------------------------------

    def _pages(self, values: Values) -> Iterator[Page]:
        for entry in self.reconstruction.entries:
            if _is(entry.who, values):
                day = int(values[entry.day]) if isinstance(entry.day, str) else entry.day
                yield Page(entry.form, day, entry.values, entry.days, entry.contact)

    def _stop(self, values: Values) -> Stop | None:
        for stop in self.reconstruction.stops:
            if _is(stop.who, values):
                return Stop(stop.day, stop.reason, text_of(stop.words), stop.for_good)
        return None

    def _slips(self) -> Iterator[Slip]:
        found = self.reconstruction.deviations
        for slip in found.slips if found else ():
            yield Slip(
                kind=slip.kind,
                chance=slip.chance,
                code=slip.code,
                words=text_of(slip.words),
                category=slip.category,
                when=slip.when,
                days=slip.days,
                form=slip.form or "",
            )


def _score(target: Target, baseline: int, values: Values, random: Random) -> int:
    if target.draw is not None:
        return random.randint(*target.draw)
    if target.of_baseline is not None:
        low, high = (share * baseline for share in target.of_baseline)
        first, last = max(1, -int(-low // 1)), max(1, int(high // 1))
        return random.randint(min(first, last), last)
    assert target.is_ is not None
    return int(values[target.is_]) if isinstance(target.is_, str) else target.is_


def _is(who: Condition, values: Values) -> bool:
    return holds(who, values) is True


def _whole(value: int | str) -> int:
    return int(value)
