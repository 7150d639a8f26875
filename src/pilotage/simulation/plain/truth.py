"""What is true of one virtual subject, for the plain engine: drawn and moved by the functions of
`nature`, with the numbers of a scheme."""

from dataclasses import dataclass, field

import numpy as np

from pilotage.simulation import nature
from pilotage.simulation.compiled.numbers import Numbers
from pilotage.simulation.scheme import Scheme

NEVER = nature.NEVER


@dataclass(slots=True)
class Truth:
    """Latent values and levels by parameter, how much hazard each disease bears once it is clear,
    the days of events, and how far all of it has come (`day`)."""

    scheme: Scheme
    numbers: Numbers
    random: np.random.Generator
    own: dict[str, float] = field(default_factory=dict)
    pace: dict[str, float] = field(default_factory=dict)
    respite: dict[str, float] = field(default_factory=dict)
    least: dict[str, float] = field(default_factory=dict)
    events: dict[int, int] = field(default_factory=dict)
    halt: int = NEVER
    halted_by: int = -1
    gone: int = NEVER
    comes: dict[str, int] = field(default_factory=dict)
    until_missed: int = NEVER
    day: int = 1

    def __post_init__(self) -> None:
        for at, measured in enumerate(self.scheme.measured):
            kind = "l" if measured.kind == "disease" else "o"
            self.own[measured.code] = nature.level(self.random, *self.spread(f"{kind}{at}"))
            if measured.kind == "disease":
                self.pace[measured.code] = nature.pace(self.random, self.numbers[f"pace{at}"])
                self.respite[measured.code] = nature.respite(self.random)
                self.least[measured.code] = self._least(at)
        self._expect_events()
        self.gone = nature.dropout_day(self.random, self.numbers["dropout"])
        self.until_missed = nature.kept_until_missed(self.random, self.numbers["missed"])
        for at, fact in enumerate(self.scheme.facts):
            if fact.comes:
                per_day = self.numbers[f"come{at}"]
                self.comes[fact.name] = nature.first_day_after(self.random, per_day)

    def _least(self, at: int) -> float:
        """The value below which a disease does not fall; 0 where it can become clear."""
        code, numbers = self.scheme.measured[at].code, self.numbers
        if self.scheme.nature.responding[code].true_lasting is None:
            return 0.0
        own, clear, share = self.own[code], numbers[f"clear{at}"], numbers[f"lasting{at}"]
        left = self.spread(f"left{at}")
        return float(nature.least_latent(self.random, own, clear, share, *left))

    def _expect_events(self) -> None:
        """The days of events; of those that end treatment the first that the subject has."""
        for at, event in enumerate(self.scheme.nature.events):
            days = (int(self.numbers[f"from{at}"]), int(self.numbers[f"to{at}"]))
            if event.stops_treatment and self.halt != NEVER:
                continue
            day = nature.event_day(self.random, self.numbers[f"chance{at}"], *days)
            if event.stops_treatment:
                self.halt, self.halted_by = max(2, day), at
            else:
                self.events[at] = day

    def spread(self, name: str) -> tuple[float, ...]:
        return tuple(self.numbers[f"{name}_{part}"] for part in ("mean", "sd", "low", "high"))

    def lateness(self) -> int:
        """Days by which the next visit is late."""
        mean, sd = self.numbers["late_mean"], self.numbers["late_sd"]
        return int(nature.lateness(self.random, mean, sd))

    def misses(self) -> bool:
        """Does the subject stay away from the next contact?"""
        self.until_missed -= 1
        if self.until_missed >= 0:
            return False
        self.until_missed = nature.kept_until_missed(self.random, self.numbers["missed"])
        return True

    def has_come(self, name: str, day: int) -> bool:
        """Is an answer that was waited for given on this day? It is given once."""
        if day < self.comes.get(name, NEVER):
            return False
        self.comes[name] = NEVER
        return True

    def advance(self, day: int, step: int) -> None:
        """Let the days up to this one pass at a step: decline, or return of the disease."""
        days = day - self.day
        if days <= 0:
            return
        for number, at in enumerate(self.scheme.diseases):
            code, numbers = self.scheme.measured[at].code, self.numbers
            if self.own[code] >= numbers[f"clear{at}"]:
                fall = numbers.fall[number, step]
                fallen = nature.fallen(self.own[code], self.pace[code], days, fall)
                self.own[code] = max(fallen, self.least[code])
                continue
            self.respite[code] -= numbers.back[number, step] * days
            if self.respite[code] < 0:
                self.own[code] = nature.level(self.random, *self.spread(f"back{at}"))
                self.respite[code] = nature.respite(self.random)
        self.day = day

    def measure(self, at: int, *, under_drug: bool) -> float:
        """A value of a parameter, by its place in the scheme."""
        measured, random, numbers = self.scheme.measured[at], self.random, self.numbers
        own, (low, high) = self.own[measured.code], map(float, measured.parameter.range)
        if measured.kind == "disease":
            clear, noise = numbers[f"clear{at}"], numbers[f"noise{at}"]
            return float(nature.score_of_disease(random, own, clear, noise, low, high))
        within = numbers[f"within{at}"]
        if measured.kind == "level":
            return float(nature.score_of_level(random, own, within, low, high))
        scale = float(10 ** self.scheme.nature.stable[measured.code].digits)
        centre = own + (numbers[f"shift{at}"] if under_drug else 0.0)
        return float(nature.laboratory(random, centre, within, low, high, scale))
