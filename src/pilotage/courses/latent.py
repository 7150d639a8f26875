"""The true values of a synthetic subject, as they move with time and dose."""

import math
from dataclasses import dataclass, field

import numpy as np

from pilotage.courses.chance import draw
from pilotage.courses.items import items_for_total, preference
from pilotage.courses.measures import Setting
from pilotage.courses.nature import Responding
from pilotage.instruments import Instrument, Score, instruments


@dataclass(slots=True)
class Levels:
    """What is true of a subject and only seen through measurements."""

    setting: Setting
    random: np.random.Generator
    day: int = 1
    latent: dict[str, float] = field(default_factory=dict)
    own: dict[str, float] = field(default_factory=dict)
    speed: dict[str, float] = field(default_factory=dict)
    least: dict[str, float] = field(default_factory=dict)
    preferred: dict[str, tuple[str, ...]] = field(default_factory=dict)
    placed: dict[tuple[str, float], dict[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        nature = self.setting.nature
        for code, responding in nature.responding.items():
            self.latent[code] = draw(responding.baseline, self.random)
            self.speed[code] = math.exp(self.random.normal(0, responding.subject_sd))
            self.least[code] = self._least(self.latent[code], responding)
        for code, stable in nature.stable.items():
            self.own[code] = draw(stable.baseline, self.random)
        used = [m.instrument for m in self.setting.forms.values() if m.instrument]
        for name in dict.fromkeys(used):
            self.preferred[name] = preference(instruments[name], self.random)

    def _least(self, latent: float, responding: Responding) -> float:
        """The value below which the disease does not fall; 0 where it can become clear."""
        lasting = responding.true_lasting
        if lasting is None or not lasting.share or self.random.random() >= lasting.share:
            return 0.0
        return max(responding.true_clear_below, draw(lasting.left, self.random) * latent)

    def advance(self, day: int, step: str) -> None:
        """Let the days up to `day` pass under a dose step: decline, or return of the disease."""
        weeks = max(0, day - self.day) / 7
        self.day = max(day, self.day)
        for code, responding in self.setting.nature.responding.items():
            self._move(code, responding, weeks, step)

    def _move(self, code: str, responding: Responding, weeks: float, step: str) -> None:
        clear = self.latent[code] < responding.true_clear_below
        stays = (1 - responding.true_relapse_per_week.get(step, 0)) ** weeks
        if clear and self.random.random() > stays:
            self.latent[code] = draw(responding.relapse, self.random)
            return
        share = responding.true_decline_per_week.get(step, 0)
        fallen = self.latent[code] * (1 - share) ** (weeks * self.speed[code])
        self.latent[code] = max(fallen, self.least[code])

    def instrument(self, name: str) -> tuple[dict[str, int], dict[str, float]]:
        """Measure an instrument: its item values, in the instrument's order, and every score of it
        that these items give, by its code."""
        instrument = instruments[name]
        found: dict[str, int] = {}
        for code, score in self._described(instrument).items():
            found |= self._items(instrument, score, self.score_value(code))
        items = {item.code: found[item.code] for item in instrument.items if item.code in found}
        totals: dict[str, float] = {}
        for score in instrument.scores:
            total = score.total(items).total if items.keys() >= set(score.items) else None
            if total is not None:
                totals[score.code] = total
        return items, totals

    def _items(self, instrument: Instrument, score: Score, wanted: float) -> dict[str, int]:
        key = (score.code, wanted)
        if key not in self.placed:
            order = self.preferred[instrument.name]
            self.placed[key] = items_for_total(instrument, score, wanted, order)
        return self.placed[key]

    def score_value(self, code: str) -> int:
        """A whole score near the true value; 0 where the disease is clear."""
        low, high = self.setting.study.protocol.parameters[code].range
        responding = self.setting.nature.responding.get(code)
        if responding is None:
            stable = self.setting.nature.stable[code]
            value = self.random.normal(self.own[code], stable.within_sd)
        elif self.latent[code] < responding.true_clear_below:
            value = low
        else:
            value = max(low + 1, self.random.normal(self.latent[code], responding.noise_sd))
        return min(max(round(value), math.ceil(low)), math.floor(high))

    def laboratory(self, code: str, *, under_drug: bool) -> str:
        """A laboratory value as text."""
        stable = self.setting.nature.stable[code]
        centre = self.own[code] + (stable.true_drug_shift if under_drug else 0)
        low, high = self.setting.study.protocol.parameters[code].range
        value = min(max(self.random.normal(centre, stable.within_sd), low), high)
        return f"{value:.{stable.digits}f}"

    def _described(self, instrument: Instrument) -> dict[str, Score]:
        """The parameters that the nature describes, with the score of the instrument behind
        each."""
        described = {**self.setting.nature.responding, **self.setting.nature.stable}
        scores = {score.code: score for score in instrument.scores}
        return {
            code: scores[parameter.score]
            for code, parameter in self.setting.study.protocol.parameters.items()
            if parameter.instrument == instrument.name and parameter.score and code in described
        }
