"""What `pilotage check` finds of supplies that nothing blocks and of values left to `otherwise`."""

import pytest
from check_examples import found_in, line_of, only

BLOOD = '- {when: "NEUT < 1", do: block, why: Neutrophils below 1, source: P-06}'
ENTRY = '- {when: "NEUT < 1.5", do: block, why: Neutrophils below 1.5, source: P-06}'
EARLY = (
    "- {when: \"symptoms.worse == 'yes' and PHASE == 'before start' and NEUT.AGE_DAYS > 7\", "
    "do: block, why: An old count at the start, source: P-06}"
)
LATER = (
    "- {when: \"symptoms.worse == 'yes' and PHASE != 'before start' and NEUT.AGE_DAYS > 14\", "
    "do: block, why: An old count, source: P-06}"
)


def dispensing(*rows: str) -> tuple[str, str]:
    lines = "".join(f"    {row}\n" for row in rows)
    return ("adverse_events:\n", f"dispensing:\n  rows:\n{lines}\nadverse_events:\n")


def test_supplies_that_are_blocked_wherever_another_table_stops_or_keeps_out(tmp_path):
    assert found_in(tmp_path, dispensing(ENTRY)) == []


def test_a_criterion_that_keeps_out_and_does_not_block_the_first_supply(tmp_path):
    found = only(found_in(tmp_path, dispensing(BLOOD)), "gap")
    assert found.severity == "error"
    assert found.where == line_of(tmp_path, "dispensing:")
    assert found.message == (
        "no row of dispensing blocks the supply where neutrophils is 1.2 × 10⁹/L, although "
        "criterion EX01 (Neutrophils below 1.5) keeps out"
    )
    assert found.key == "gap dispensing / EX01"
    assert found.source == ("P-06",)


def test_a_reason_to_stop_that_does_not_block_the_supply(tmp_path):
    never = ('{id: EX01, when: "NEUT < 1.5"', '{id: EX01, when: "NEUT < 0.5"')
    found = only(found_in(tmp_path, dispensing(BLOOD.replace("< 1", "< 0.5")), never), "gap")
    assert found.message.endswith("although row 1 of stopping (Neutropenia of grade 3) stops")


def test_a_table_that_reads_only_how_old_a_value_is_leaves_the_value_to_others(tmp_path):
    recent = '- {when: "NEUT is missing", do: block, why: No blood count, source: P-06}'
    assert found_in(tmp_path, dispensing(recent)) == []


@pytest.mark.parametrize(
    "rows, told",
    [
        ((EARLY, LATER), None),
        (
            (EARLY, LATER.replace("!= 'before start'", "== 'taper'")),
            "age of the last value of neutrophils is 15 days and phase of treatment is treatment: "
            "rows 1 and 2 limit it at other times only",
        ),
    ],
)
def test_the_age_of_a_test_is_limited_at_every_time_or_at_none(tmp_path, rows, told):
    found = found_in(tmp_path, dispensing(*rows))
    gaps = [finding.message for finding in found if finding.kind == "gap"]
    assert gaps == (
        [f"no row of dispensing blocks the supply where {told}"] if told is not None else []
    )


def test_a_response_that_only_otherwise_answers(tmp_path):
    partial = (
        "    - {when: \"PHASE == 'treatment' and WEEK >= 4 and RESPONSE == 'PR'\", do: hold, "
        "why: Partial response, source: P-05}\n"
    )
    end = ("stopping:\n", "  otherwise: hold\n\nstopping:\n")
    found = only(found_in(tmp_path, (partial, ""), end), "gap")
    assert found.severity == "note"
    assert found.where == line_of(tmp_path, "otherwise: hold")
    assert found.message == (
        "no row of dosing speaks of the case that response is PR: otherwise (hold) answers"
    )


def test_a_row_that_asks_for_the_score_speaks_of_the_responses_with_which_it_can_hold(tmp_path):
    partial = (
        "RESPONSE == 'PR'\", do: hold",
        "SCORE > 0 and SCORE.BASE > 0 and SCORE.PCHG <= -50 and DOSE_STEP == '10 mg'\", do: hold",
    )
    end = ("stopping:\n", "  otherwise: hold\n\nstopping:\n")
    assert found_in(tmp_path, partial, end) == []
