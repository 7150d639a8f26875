"""What a command says on standard error."""

import pytest
import typer

from pilotage.findings import InputErrors, error, warning
from pilotage.terminal import INTERRUPTED, MOST_LINES, plain_errors, say_findings


def said(capsys: pytest.CaptureFixture[str]) -> list[str]:
    out, err = capsys.readouterr()
    assert out == ""
    return err.splitlines()


def test_each_mistake_is_a_line_and_the_exit_is_1(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as raised, plain_errors():
        raise InputErrors([error("qs.csv:2", "is odd"), error("qs.csv:3", "has\ntwo lines")])
    assert raised.value.exit_code == 1
    assert said(capsys) == ["qs.csv:2: is odd", "qs.csv:3: has two lines"]


def test_what_the_system_refuses_is_a_line_too(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit), plain_errors():
        raise PermissionError(13, "Permission denied", "secret.csv")
    assert said(capsys) == ["secret.csv: Permission denied"]


def test_ctrl_c_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as raised, plain_errors():
        raise KeyboardInterrupt
    assert raised.value.exit_code == INTERRUPTED
    assert said(capsys) == ["interrupted"]


@pytest.mark.parametrize("problem", [BrokenPipeError(32, "Broken pipe"), RuntimeError("ours")])
def test_what_is_no_mistake_of_the_input_is_not_told_as_one(
    problem: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(type(problem)), plain_errors():
        raise problem
    assert said(capsys) == []


def test_without_findings_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    say_findings([], 0, "findings.csv")
    assert said(capsys) == []


@pytest.mark.parametrize("total, words", [(1, "1 finding"), (3, "3 findings")])
def test_findings_about_data_are_counted(
    total: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    say_findings([], total, "out/findings.csv")
    assert said(capsys) == [f"{words} about the data: out/findings.csv"]


def test_warnings_about_files_are_told_up_to_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    many = [warning("qs.csv", f"column {at}") for at in range(MOST_LINES + 5)]
    say_findings(many, len(many), "findings.csv")
    lines = said(capsys)
    assert lines[0] == "warning: qs.csv: column 0"
    assert len(lines) == MOST_LINES + 1
    assert lines[-1] == f"{MOST_LINES + 5} findings about the data: findings.csv"
