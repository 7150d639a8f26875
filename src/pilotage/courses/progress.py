"""What a decision does to a synthetic subject: its dose and its phase of treatment."""

from pilotage.rules import UNKNOWN, Decision, Standing


def carry_out(decision: Decision, standing: Standing, day: int) -> None:
    """Change the dose as a decision says. An unknown decision leaves the dose as it is."""
    if decision.action in (UNKNOWN, None, "hold"):
        return
    steps = [step.step for step in standing.protocol.treatment.ladder]
    named = steps.index(decision.to) if decision.to in steps else None
    match decision.action:
        case "start" | "reintroduce":
            standing.take(1 if named is None else named, day)
            standing.phase = "treatment"
        case "raise":
            higher = min(standing.step + 1, len(steps) - 1)
            standing.take(higher if named is None else named, day)
        case "lower":
            lower = max(standing.step - 1, 0)
            standing.take(lower if named is None else named, day)
            standing.phase = "taper" if standing.step else "off treatment"
        case "maintain":
            standing.take(standing.holding_step if named is None else named, day)
            standing.phase = "maintenance"
        case "stop":
            standing.take(0, day)
            standing.phase = "off treatment"
