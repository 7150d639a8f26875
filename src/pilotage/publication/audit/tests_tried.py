"""The tests that a printed P value may be of, each with what it would give; and the verdict."""

from dataclasses import dataclass

from pilotage.publication.audit.finding import AuditFinding
from pilotage.publication.audit.words import listed, p_text, printed, quoted
from pilotage.publication.claims import PValueClaim

NAMED: dict[str, tuple[str, ...]] = {
    "t test": ("paired t test", "pooled t test", "Welch's t test"),
    "paired t test": ("paired t test",),
    "Welch t test": ("Welch's t test",),
    "Mann-Whitney test": ("Mann-Whitney test",),
    "signed-rank test": ("signed-rank test",),
    "chi-squared test": ("chi-squared test", "chi-squared test with Yates' correction"),
    "Fisher exact test": ("Fisher's exact test",),
}
"""Which of the tests here a test named by a paper may be; any of them where it names none."""


def printed_p(claim: PValueClaim) -> tuple[float, float]:
    """What the P value may have been, as printed."""
    if claim.comparator in ("<", "<="):
        return 0.0, claim.value
    if claim.comparator in (">", ">="):
        return claim.value, 1.0
    low, high = printed(claim, claim.value).bounds
    return max(0.0, float(low)), min(1.0, float(high))


@dataclass(frozen=True, slots=True)
class Tried:
    """One test: the P values that it can give here. `only_if` says what must hold besides that the
    paper does not print; `bounded` is False where only a smallest P value is known."""

    name: str
    low: float
    high: float
    fits: bool
    only_if: str = ""
    bounded: bool = True

    @property
    def line(self) -> str:
        if not self.bounded:
            words = f"its smallest P is {p_text(self.low)}, more cannot be said without the values"
        elif self.low == self.high:
            words = f"P = {p_text(self.low)}"
        else:
            words = f"P from {p_text(self.low)} to {p_text(self.high)}"
        fit = "fits" if self.fits else "does not fit"
        return f"{self.name}: {words}: {fit if self.bounded or not self.fits else 'may fit'}" + (
            f", if {self.only_if}" if self.only_if and self.fits else ""
        )


def verdict_of(
    claim: PValueClaim, ids: tuple[str, ...], tried: list[Tried], setting: tuple[str, ...]
) -> AuditFinding:
    """Fine where a test that the paper may mean gives it from what is printed; unexplained where it
    does only with something that is not printed, and where the paper names no test and none that is
    tried here does; inconsistent where the test that it names cannot."""
    admitted = NAMED.get(claim.test)
    meant = [one for one in tried if admitted is None or one.name in admitted] or tried
    lines = (*setting, *(one.line for one in tried))
    sure = [one for one in meant if one.fits and one.bounded and not one.only_if]
    maybe = [one for one in meant if one.fits]
    if sure:
        words = f"{quoted(claim)} can come from the {listed([one.name for one in sure], 'or')}."
        return AuditFinding("p_value", ids, "fine", words, lines)
    if maybe:
        names = listed([one.name for one in maybe], "or")
        question = f"Which test gave {quoted(claim)}: what is printed allows only the {names}?"
        if admitted:
            question = (
                f"Is {quoted(claim)} of the {names}, which what is printed allows, not gives?"
            )
        repairs = tuple(f"the {one.name}, if {one.only_if}" for one in maybe if one.only_if)
        return AuditFinding("p_value", ids, "unexplained", question, lines, repairs)
    if admitted:
        question = f"How did the {claim.test} give {quoted(claim)}, from what is printed?"
        return AuditFinding("p_value", ids, "inconsistent", question, lines, _repairs(tried))
    question = f"Which test gave {quoted(claim)}: none of those tried does, from what is printed?"
    repairs = ("another test, such as an adjusted one, and the paper naming it", *_repairs(tried))
    return AuditFinding("p_value", ids, "unexplained", question, lines, repairs)


def _repairs(tried: list[Tried]) -> tuple[str, ...]:
    found = []
    for one in tried:
        if one.fits and one.bounded:
            found.append(f"the {one.name}" + (f", if {one.only_if}" if one.only_if else ""))
        elif one.bounded:
            span = (
                p_text(one.low)
                if one.low == one.high
                else f"{p_text(one.low)} to {p_text(one.high)}"
            )
            found.append(f"P = {span}, of the {one.name}")
    return tuple(found)
