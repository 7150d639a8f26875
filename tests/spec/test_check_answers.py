"""A finding may be answered in open_questions.md: then it says so and stops nothing."""

import json
import sys

import pytest
from check_examples import found_in, only, study_in

from pilotage.check import study_findings, study_may_go_live
from pilotage.findings import error, warning
from pilotage.study import load_study

HEAVY = "\"PHASE == 'before start' and entry.weight >= 30\""
GAP = (HEAVY, HEAVY.replace(">= 30", "> 32"))
WHERE = "PHASE == 'before start' and entry.weight between 30 and 32"


def question(*keys: str) -> str:
    listed = ", ".join(f"`{key}`" for key in keys)
    return f"# Open questions\n\n## Q-07 Weights\n\n- Chosen: none\n- Answers: {listed}\n"


def test_an_answered_error_says_so_and_stops_nothing(tmp_path):
    open_ = found_in(tmp_path / "open", GAP)
    assert not study_may_go_live(open_)
    key = only(open_, "gap").key
    answered = found_in(tmp_path / "answered", GAP, questions=question(key))
    found = only(answered, "gap")
    assert (found.answered, found.severity) == ("Q-07", "error")
    assert study_may_go_live(answered)


def test_a_gap_is_answered_as_far_as_the_condition_of_the_answer_goes(tmp_path):
    part = "gap dosing where PHASE == 'before start' and entry.weight <= 31"
    found = found_in(tmp_path, GAP, questions=question(part))
    assert [(finding.answered, finding.key) for finding in found] == [
        ("Q-07", part),
        (
            "",
            "gap dosing where PHASE == 'before start' and entry.weight > 31 and entry.weight <= 32",
        ),
    ]


def test_every_key_that_is_printed_can_be_used_as_an_answer(tmp_path):
    edits = (
        GAP,
        ("until_day: 71", "until_day: 14"),
        ("is: response, max_age_days: 7", "is: response"),
        ('"NEUT.GRADE >= 3"', '"NEUT.GRADE >= 3 and NEUT > 2"'),
        ("planned_subjects: 10", "planned_subjects: not stated"),
        ("day: 1, window: [0, 0]", "day: 1, window: [4, 0]"),
    )
    found = found_in(tmp_path / "open", *edits)
    keys = [finding.key for finding in found]
    assert len(keys) == len(set(keys)) == 6
    answered = found_in(tmp_path / "answered", *edits, questions=question(*keys))
    assert {finding.answered for finding in answered} == {"Q-07"}


def test_an_answer_without_its_finding_is_a_warning(tmp_path):
    found = found_in(
        tmp_path, questions=question("gap dosing where AGE > 30", "no-test stopping X")
    )
    assert [(finding.severity, str(finding)) for finding in found] == [
        (
            "warning",
            "open_questions.md:6: Q-07 answers `gap dosing where AGE > 30`, which is not found",
        ),
        ("warning", "open_questions.md:6: Q-07 answers `no-test stopping X`, which is not found"),
    ]


@pytest.mark.parametrize(
    "condition, words",
    [
        ("AGES > 30", "uses 'AGES', which this study does not declare; did you mean 'AGE'?"),
        ("AGE > ", "a value after '>' is missing before the end (column 6)"),
    ],
)
def test_an_answer_that_cannot_be_read_is_an_error(tmp_path, condition, words):
    found = found_in(tmp_path, questions=question(f"gap dosing where {condition}"))
    assert [str(finding) for finding in found] == [
        f"open_questions.md:6: the answer to a gap {words}"
    ]
    assert not study_may_go_live(found)


def test_an_answer_may_go_on_over_several_lines_and_ends_with_its_field(tmp_path):
    text = question(f"gap dosing where\n  {WHERE}").replace(
        "\n- Answers", "\n- Reason: not `no-visit week 4`\n- Answers"
    )
    found = only(found_in(tmp_path, GAP, questions=text + "- Setting: `dosing`\n"), "gap")
    assert found.answered == "Q-07"


def test_a_study_may_go_live_with_warnings_only():
    assert study_may_go_live([warning("x", "y")])
    assert not study_may_go_live([warning("x", "y"), error("x", "y")])
    assert study_may_go_live([])


def test_without_the_solver_one_line_says_what_to_install(tmp_path, monkeypatch):
    study = load_study(study_in(tmp_path))
    monkeypatch.setitem(sys.modules, "z3", None)
    found = study_findings(study)
    assert [finding.message for finding in found if finding.severity == "error"] == [
        "the proofs need z3-solver; install it with: pip install 'pilotage[check]'"
    ]
    assert not study_may_go_live(found)


def test_the_command_tells_how_a_finding_is_answered_and_counts_the_answered(tmp_path, capsys):
    from typer.testing import CliRunner

    from pilotage.cli import app

    folder = study_in(tmp_path, GAP)
    ended = CliRunner().invoke(app, ["check", str(folder)])
    assert ended.exit_code == 1
    lines = ended.output.splitlines()
    assert lines[0].startswith("error: protocol.yaml:98: gap: no row of dosing says what to do")
    assert lines[1] == (
        f"    (to answer it in open_questions.md: - Answers: `gap dosing where {WHERE}`)"
    )
    (folder / "open_questions.md").write_text(question(f"gap dosing where {WHERE}"))
    ended = CliRunner().invoke(app, ["check", str(folder)])
    assert ended.exit_code == 0
    assert ended.output.splitlines()[0].startswith("answered in Q-07: protocol.yaml:98: gap: ")
    assert ended.output.splitlines()[-1] == "0 errors, 0 warnings, 0 notes, 1 answered"
    as_json = json.loads(CliRunner().invoke(app, ["check", str(folder), "--json"]).output)
    assert as_json == [
        {
            "class": "gap",
            "severity": "error",
            "where": "protocol.yaml:98",
            "source": ["P-05"],
            "example": "phase of treatment is before start and weight 31 kg is neither below 30 "
            "nor above 32",
            "message": as_json[0]["message"],
            "key": f"gap dosing where {WHERE}",
            "answered": "Q-07",
        }
    ]
