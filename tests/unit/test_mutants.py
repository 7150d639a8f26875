"""The mutation tests: which changes are made, and that a run tells what no test notices."""

import subprocess
import sys
from pathlib import Path
from textwrap import dedent, indent

import pytest

import mutants
from mutants_made import mutants_of

ROOT = Path(__file__).parents[2]


def changed(text: str) -> list[str]:
    """What the lines of a source become, without the line that says what they were."""
    return [mutant.becomes for mutant in mutants_of("some.py", dedent(text).encode())]


# -- what is changed -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line, expected",
    [
        ("x = a < b", ["x = a <= b", "x = a >= b"]),
        ("x = a >= b", ["x = a > b", "x = a < b"]),
        ("x = a == b", ["x = a != b"]),
        ("x = a is not b", ["x = a is b"]),
        ("x = a not in b", ["x = a in b"]),
        ("x = a in (b, c)", ["x = a not in (b, c)", "x = a in (c,)", "x = a in (b,)"]),
        ("x = a and b and c", ["x = a or b or c"]),
        ("x = not (a or b)", ["x = (a or b)", "x = not (a and b)"]),
        ("x = ~a & b", ["x = ~a | b", "x = a & b"]),
        ("x = a + 2 * b", ["x = a - 2 * b", "x = a + 2 / b", "x = a + 3 * b", "x = a + 1 * b"]),
        ("x = a if b else c", ["x = a if not (b) else c"]),
        ("x = {True: 0}", ["x = {False: 0}", "x = {True: 1}", "x = {True: (-1)}"]),
        ("x = f(None)", ["x = f(False)", "x = f(True)"]),
        ("x = 1.5", ["x = 1.515", "x = 1.485"]),
        ("x = f('<', '<=')", ["x = f(\"<=\", '<=')", "x = f('<', \"<\")"]),
        (
            "x = [y for y in a if y]",
            ["x = [y for y in a if not (y)]", "x = [y for y in a if True]"],
        ),
        ("x = any_horizontal(a)", ["x = all_horizontal(a)"]),
        ("x = a.is_null()", ["x = a.is_not_null()"]),
        ("x = a.fill_null(b)", ["x = a"]),
        ("x = when(a).then(b)", ["x = when(~(a)).then(b)"]),
        ("x = coalesce(a, b)", ["x = coalesce(b, a)"]),
        ("x = sorted(a)", ["x = sorted(a, reverse=True)"]),
        (
            "x = a.is_between(b, c)",
            ['x = a.is_between(b, c, closed="left")', 'x = a.is_between(b, c, closed="right")'],
        ),
        ("x = isinstance(a, B | C)", ["x = isinstance(a, C)", "x = isinstance(a, B)"]),
        ("return a", ["return None"]),
    ],
)
def test_each_kind_of_change(line: str, expected: list[str]) -> None:
    assert sorted(changed(f"def f():\n    {line}\n")) == sorted(expected)


def test_statements_are_left_out_and_branches_exchanged() -> None:
    text = """
    def f(a):
        if g(a):
            return a
        a = g(a)
        b = g(a)
        b += a
        g(b)
        raise b
    """
    found = {(m.was, m.becomes) for m in mutants_of("some.py", dedent(text).encode())}
    # `b = g(a)` stays: without it the lines that follow would fail
    assert found == {
        ("if g(a):", "if not (g(a)):"),
        ("return a", "return None"),
        ("return a", "pass"),
        ("a = g(a)", "pass"),
        ("b += a", "pass"),
        ("b += a", "b -= a"),
        ("g(b)", "pass"),
        ("raise b", "pass"),
    }


def test_a_case_of_a_match_is_left_out() -> None:
    text = """
    def f(a):
        match a:
            case B(c):
                return c
            case D() if a.e:
                return a
    """
    found = changed(text)
    assert "case B(c) if False:" in found
    assert "case D() if not (a.e):" in found


@pytest.mark.parametrize(
    "line",
    [
        '"""A docstring with 1 < 2."""',
        "x: Literal['<', '<='] = a",
        "x: int | None = a",
        "assert a == 1",
        "x = f'{a == 1}'",
        "x = zip(a, b, strict=True)",
        "from a import b",
    ],
)
def test_annotations_messages_and_safety_nets_stay(line: str) -> None:
    assert changed(f"def f():\n    {line}\n") == []


def test_a_place_outlives_its_line_number_and_tells_equal_lines_apart() -> None:
    text = b"def f(a):\n    if a:\n        g(a)\n    else:\n        g(a)\n"
    places = [mutant.place for mutant in mutants_of("some.py", text)]
    assert [(was, becomes, time) for _, _, was, becomes, time in places] == [
        ("if a:", "if not (a):", 1),
        ("g(a)", "pass", 1),
        ("g(a)", "pass", 2),
    ]
    assert [m.place for m in mutants_of("some.py", b"import os\n\n\n" + text)] == places


def test_every_mutant_is_another_text_that_compiles() -> None:
    source = (ROOT / "src/pilotage/rules/eligibility.py").read_bytes()
    found = mutants_of("eligibility.py", source)
    assert len({mutant.source for mutant in found} | {source}) == len(found) + 1
    assert len({mutant.place for mutant in found}) == len(found)
    for mutant in found:
        compile(mutant.source, "mutant", "exec")


# -- a run -----------------------------------------------------------------------------------------

CODE = """
def grade(value):
    if value is None:
        return None
    return 1 if value > 5 else 0
"""
TESTS = """
from small.grades import grade
def test_far_from_the_bound():
    assert [grade(value) for value in (None, 1, 9)] == [None, 0, 1]
"""
AT_THE_BOUND = """
def test_at_the_bound():
    assert grade(5) == 0
"""
REASON = """
accepted:
  grades.py:
    - because: no value lies between 5 and 6
      mutants:
        - in: grade
          was: return 1 if value > 5 else 0
          becomes: return 1 if value > 6 else 0
"""
ENDLESS = """
def first_digit(value):
    while value > 9:
        value //= 10
    return value
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "tools/mutants.py", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def small(folder: Path, code: str, tests: str, accepted: str = "accepted: {}") -> list[str]:
    """A project of one file; the arguments with which it is tried."""
    listed = "package: small\ntests: {grades.py: [tests/test_grades.py]}\n" + accepted
    for name, text in {
        "src/small/__init__.py": "",
        "src/small/grades.py": code,
        "tests/test_grades.py": tests,
        "tests/mutants.yaml": listed,
        "pyproject.toml": "[tool.pytest.ini_options]\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return ["--root", str(folder)]


@pytest.mark.slow
def test_a_run_lists_what_no_test_notices_and_leaves_the_file_alone(tmp_path: Path) -> None:
    found = run(*small(tmp_path, CODE, TESTS))
    assert found.returncode == 1, found.stderr
    assert "No test notices these" in found.stdout
    for survivor in ("value >= 5", "value > 6", "value > 4"):
        assert f"becomes: return 1 if {survivor} else 0\n" in found.stdout
    assert " 3 unexplained" in found.stdout
    assert (tmp_path / "src/small/grades.py").read_text() == CODE


@pytest.mark.slow
def test_what_a_run_prints_can_be_put_into_the_list(tmp_path: Path) -> None:
    first = run(*small(tmp_path, CODE, TESTS)).stdout
    printed = first[first.index("grades.py:\n") :]
    accepted = "accepted:\n" + indent(printed.replace("because: ''", "because: so"), "  ")
    assert run(*small(tmp_path, CODE, TESTS, accepted)).returncode == 0


@pytest.mark.slow
def test_a_run_ends_well_when_each_survivor_has_its_reason(tmp_path: Path) -> None:
    found = run(*small(tmp_path, CODE, TESTS + AT_THE_BOUND, REASON))
    assert found.returncode == 0, found.stdout + found.stderr
    assert " 1 accepted   0 unexplained" in found.stdout


@pytest.mark.slow
@pytest.mark.parametrize("was, now", [("value > 6", "value > 4"), ("value > 5", "value > 7")])
def test_a_reason_without_survivor_ends_the_run_badly(tmp_path: Path, was: str, now: str) -> None:
    at_six = "def test_above():\n    assert grade(6) == 1\n"
    reason = REASON.replace(was, now)
    found = run(*small(tmp_path, CODE, TESTS + AT_THE_BOUND + at_six, reason))
    assert found.returncode == 1
    assert " 0 unexplained" in found.stdout
    assert "have no survivor" in found.stdout


@pytest.mark.slow
def test_a_loop_without_end_is_noticed(tmp_path: Path) -> None:
    tests = (
        "from small.grades import first_digit\n"
        "def test_digits():\n"
        "    assert [first_digit(value) for value in (9, 10, 99, 110)] == [9, 1, 9, 1]\n"
    )
    found = run(*small(tmp_path, ENDLESS, tests))
    assert found.returncode == 0, found.stdout + found.stderr
    assert "(3 by time)" in found.stdout


@pytest.mark.slow
def test_tests_that_fail_as_it_stands_prove_nothing(tmp_path: Path) -> None:
    found = run(*small(tmp_path, CODE, TESTS.replace("[None, 0, 1]", "[None, 0, 2]")))
    assert found.returncode == 1
    assert "fail as it stands" in found.stderr


# -- the list of this project ----------------------------------------------------------------------


def test_every_reason_names_a_mutant_that_there_is_and_every_test_a_file() -> None:
    listed = mutants.read_list(ROOT / mutants.LIST)
    source = ROOT / "src" / listed.package
    made = {
        mutant.place
        for file in listed.tests
        for mutant in mutants_of(file, (source / file).read_bytes())
    }
    assert sorted(listed.reasons.keys() - made) == []
    assert all(reason.strip() for reason in listed.reasons.values())
    named = {name.partition("::")[0] for names in listed.tests.values() for name in names}
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []


@pytest.mark.slow
def test_a_fixed_part_of_the_mutants_is_noticed_or_has_a_reason() -> None:
    found = run("--sample", "20", "--seed", "1")
    assert found.returncode == 0, found.stdout + found.stderr
    (together,) = [line for line in found.stdout.splitlines() if line.startswith("together")]
    _, tried, _, killed, *_ = together.split()
    assert int(tried) == 20
    assert int(killed) >= 15
