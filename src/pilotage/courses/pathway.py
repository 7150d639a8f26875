"""Where a planned score stands on a day."""

from dataclasses import dataclass, field

from pilotage.courses.plan import ScorePlan, Stage


@dataclass(slots=True)
class Pathway:
    """A score on its way from stage to stage. Days of the dose's changes become known on the way:
    the stages that wait for them wait."""

    plan: ScorePlan
    reached: int = 0
    since: int = 1
    value: int = field(init=False)
    anchors: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.value = self.plan.baseline

    def note(self, event: str, day: int) -> None:
        """The dose changed. Of several changes since the last stage the first one counts, and of
        reductions the second as well."""
        if event == "reduction" and event in self.anchors:
            event = "further reduction"
        self.anchors.setdefault(event, day)

    @property
    def following(self) -> Stage | None:
        stages = self.plan.stages
        return stages[self.reached] if self.reached < len(stages) else None

    @property
    def due(self) -> int | None:
        """The day of the next stage; None where there is none, or what it waits for is to come."""
        stage = self.following
        if stage is None:
            return None
        match stage.after:
            case "first dose":
                return 1 + stage.days
            case "stage":
                return self.since + stage.days
        start = self.anchors.get(stage.after)
        return None if start is None else start + stage.days

    def on(self, day: int) -> int:
        """The score on a day; days are asked for in their order. On the way down it falls evenly
        and stays above 0 until the stage; from 0 it rises at once, unless it is gradual."""
        while (due := self.due) is not None and due <= day:
            stage = self.following
            assert stage is not None
            self.reached, self.since, self.value = self.reached + 1, due, stage.value
            self.anchors.clear()
        stage = self.following
        gradual = self.plan.gradual
        if stage is None or due is None or day <= self.since or not (self.value or gradual):
            return self.value
        share = (day - self.since) / (due - self.since)
        between = self.value + share * (stage.value - self.value)
        return int(between + 0.5) if gradual else max(round(between), 1)
