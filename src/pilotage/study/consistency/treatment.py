"""The treatment and the ladder of its doses."""

from pilotage.study.consistency.report import Report
from pilotage.study.doses import DOSES_PER_DAY, mean_daily_dose
from pilotage.study.names import did_you_mean


def check_treatment(report: Report) -> None:
    """Steps are unique, their frequencies known, and each gives more a day than the one before."""
    treatment = report.protocol.treatment
    report.sources(("protocol", "treatment"), treatment)
    paths = [("protocol", "treatment", "ladder", at) for at in range(len(treatment.ladder))]
    report.unique(paths, [step.step for step in treatment.ladder], "the step")
    before: tuple[str, float] | None = None
    for path, step in zip(paths, treatment.ladder, strict=True):
        if step.frequency is not None and step.frequency not in DOSES_PER_DAY:
            known = ", ".join(DOSES_PER_DAY)
            hint = did_you_mean(step.frequency, DOSES_PER_DAY)
            report.error(
                (*path, "frequency"),
                f"the frequency '{step.frequency}' is not known; known are {known}{hint}",
            )
        elif step.frequency is None and step.dose > 0:
            report.error(path, f"the step '{step.step}' needs 'frequency', such as QD")
        daily = mean_daily_dose(step.dose, step.frequency)
        if daily is None:
            continue
        if before is not None and daily <= before[1]:
            report.error(
                path,
                f"the step '{step.step}' gives {_amount(daily)} {treatment.unit} a day, not more "
                f"than '{before[0]}' before it ({_amount(before[1])}); lowest step first",
            )
        before = step.step, daily


def _amount(daily: float) -> str:
    return f"{daily:.3g}"
