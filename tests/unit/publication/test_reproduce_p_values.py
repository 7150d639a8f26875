"""Beside a printed P value stand all that it could be, over tests, n and populations."""

import pytest
from reproduce_examples import held

from pilotage.publication.reproduce.model import Held
from pilotage.statistics.groups import welch_t
from pilotage.statistics.paired import paired_t, signed_rank

BEFORE, AFTER = [11, 8, 14, 9, 20, 6, 7], [4, 8, 5, 3, 9, 5, None]
ADSL = "USUBJID | EVALFL\n" + "\n".join(f"X-{at} | {'N' if at == 7 else 'Y'}" for at in range(1, 8))
NAME = "CLASI_A_WEEK_2/{}/-/2/p_{}"


def adqs() -> str:
    lines = ["USUBJID | PARAMCD | AVISITN | AVAL | ABLFL | ANL01FL"]
    for at, (before, after) in enumerate(zip(BEFORE, AFTER, strict=True), start=1):
        lines.append(f"X-{at} | CLASIACT | 0 | {before} | Y | ")
        if after is not None:
            lines.append(f"X-{at} | CLASIACT | 2 | {after} | | Y")
    return "\n".join(lines)


def of(p: float, *, digits: int, test: str = "not named") -> Held:
    """A claim of this P value, beside the plan's paired t test and everything computed."""
    printed = f"{p:.{digits}f}"
    claim = f"kind: p_value, group: not stated, test: {test}, value: {float(printed)}, " \
            f"printed: P = {printed}, result: CLASI_A_WEEK_2/SAFFL/-/2/p_*"  # fmt: skip
    pairs = list(zip(AFTER[:6], BEFORE[:6], strict=True))
    exact = paired_t(*zip(*pairs, strict=True)).p
    ranks = signed_rank(*zip(*pairs, strict=True)).p
    numbers = {NAME.format("SAFFL", "paired_t"): (exact, 6)}
    numbers |= {NAME.format("SAFFL", "signed_rank_exact"): (ranks, 6)}
    return held(claim, numbers, adsl=ADSL, adqs=adqs())


def test_the_first_test_of_the_plan_is_meant() -> None:
    p = paired_t(AFTER[:6], BEFORE[:6]).p  # type: ignore[arg-type]
    found = of(p, digits=4)
    assert found.verdict == "same"
    assert found.meant is not None
    assert found.meant.results == (NAME.format("SAFFL", "paired_t"),)
    assert found.ours_in_full == f"{found.ours} (p_paired_t), n = 6"


def test_another_test_that_fits_is_named_and_does_not_make_it_the_same() -> None:
    p = signed_rank(AFTER[:6], BEFORE[:6]).p  # type: ignore[arg-type]
    found = of(p, digits=4)
    assert found.verdict == "differs"
    assert any("p_signed_rank_exact" in each.label for each in found.fitting)


def test_a_named_test_is_the_one_that_is_meant() -> None:
    p = signed_rank(AFTER[:6], BEFORE[:6]).p  # type: ignore[arg-type]
    assert of(p, digits=4, test="signed-rank test").verdict == "same"


def test_values_of_subjects_without_a_pair_are_tried_as_two_groups() -> None:
    p = welch_t([each for each in AFTER if each is not None], BEFORE).p
    labels = [each.label for each in of(p, digits=5).fitting]
    assert "Treated, all values, n = 6 and 7; Welch t" in labels


def test_the_last_value_may_have_been_carried_forward() -> None:
    carried = [7 if after is None else after for after in AFTER]
    labels = [each.label for each in of(paired_t(carried, BEFORE).p, digits=5).fitting]
    assert "Treated, last value carried forward, n = 7; paired t" in labels


def test_zero_differences_may_have_been_dropped() -> None:
    p = signed_rank(AFTER[:6], BEFORE[:6], zeros="wilcox").p  # type: ignore[arg-type]
    labels = [each.label for each in of(p, digits=5).fitting]
    assert "Treated, both values, n = 6; Wilcoxon signed-rank, exact, zeros dropped" in labels


@pytest.mark.requirement("P-71", "P-86")
def test_all_tests_are_there_and_none_twice() -> None:
    found = of(0.5, digits=1)
    labels = [each.label for each in (found.meant, *found.others) if each is not None]
    assert len(labels) == len(set(labels))
    treated = [
        label for label in labels if label.startswith(("Treated", "CLASI_A_WEEK_2, Treated"))
    ]
    assert len(treated) == 9 + 4 + 9  # pairs: all nine tests; two groups: four; carried: nine
