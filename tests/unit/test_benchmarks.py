"""The benchmarks: the rules by which they measure, and that ours and the peers do the same."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import polars as pl
import pytest
from polars.testing import assert_frame_equal

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
OWN = ("measuring", "tables", "made_up", "task_derive", "task_audit", "peers")


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], ModuleType]]:
    """Imports a module of benchmarks/ as its scripts do; forgotten afterwards."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from importlib import import_module

    yield import_module
    for name in [name for name in sys.modules if name.split(".")[0] in OWN]:
        del sys.modules[name]


def probes(fastest: float, measuring: ModuleType, taken: list[float]) -> object:
    """Probes that take what they are told; memory is not tidied up before each pass."""
    measuring.gc = SimpleNamespace(collect=nothing)  # type: ignore[attr-defined]
    made = object.__new__(measuring.Probes)
    made.fastest = fastest
    made.take = lambda: taken.pop(0)
    return made


def nothing() -> None: ...


@pytest.mark.parametrize("seconds, rounds", [(0.1, 5), (20.0, 5), (21.0, 3), (91.0, 1)])
def test_slow_tasks_have_fewer_rounds(
    load: Callable[[str], ModuleType], seconds: float, rounds: int
) -> None:
    assert load("measuring").rounds_for(seconds) == rounds


def test_a_round_is_ours_peer_peer_ours(load: Callable[[str], ModuleType]) -> None:
    measuring, calls = load("measuring"), []
    task = measuring.Task(
        "t", "", lambda: calls.append("ours"), "p", lambda: calls.append("peer")
    )  # fmt: skip
    measuring.one_round(task, 1, probes(1, measuring, [1, 1]), measuring.Log(None), str)
    assert calls == ["ours", "peer", "peer", "ours"]


def test_a_round_with_a_slow_probe_is_left_out_and_made_again(
    load: Callable[[str], ModuleType], tmp_path: Path
) -> None:
    measuring = load("measuring")
    slow_second = [1.0, 1.0, 1.0, 1.6] + [1.0] * 8
    known, log = probes(1.0, measuring, slow_second), measuring.Log(tmp_path / "log.jsonl")
    task = measuring.Task("t", "", nothing, "p", nothing, check=list)
    found = measuring.measure(task, known, log, str)
    assert (len(found.rounds), found.left_out, found.noisy) == (5, 1, False)
    passes = [line for line in log.file.read_text().splitlines() if '"who": "peer"' in line]
    assert len(passes) == 12  # also those of the round that was left out


def test_without_quiet_rounds_all_count_and_the_table_says_so(
    load: Callable[[str], ModuleType],
) -> None:
    measuring = load("measuring")
    task = measuring.Task("t", "", nothing, "p", nothing, check=list)
    found = measuring.measure(task, probes(1.0, measuring, [2.0] * 99), measuring.Log(None), str)
    assert len(found.rounds) == 8
    assert "no quiet one" in load("tables").row(found)


def test_the_ratio_is_taken_inside_each_round(load: Callable[[str], ModuleType]) -> None:
    measuring = load("measuring")
    taken = measuring.Pass
    rounds = [
        measuring.Round([taken(1, 1), taken(3, 3)], [taken(4, 4), taken(4, 4)], 1.0),
        measuring.Round([taken(10, 10)], [taken(30, 30)], 1.0),
    ]
    found = measuring.Measured(measuring.Task("t", "", nothing), rounds)
    assert found.ratios("cpu") == [2.0, 3.0]


def test_where_the_results_differ_no_time_counts(load: Callable[[str], ModuleType]) -> None:
    measuring = load("measuring")
    task = measuring.Task("t", "w", nothing, "p", nothing, check=lambda: ["7 ours, 8 theirs"])
    found = measuring.measure(task, probes(1, measuring, []), measuring.Log(None), str)
    assert not found.rounds
    assert "not the same results" in load("tables").row(found)


def test_a_row_replaces_the_row_of_the_same_task_and_keeps_the_others(
    load: Callable[[str], ModuleType], tmp_path: Path
) -> None:
    tables, page = load("tables"), tmp_path / "page.md"
    page.write_text(f"before\n{tables.BEGIN}\n{tables.END}\nafter\n", "utf-8")
    tables.into_page(page, ["| a: x | old |", "| b: y | kept |"], "then")
    tables.into_page(page, ["| a: x | new |"], "now")
    text = page.read_text("utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "| a: x | new |\n| b: y | kept |" in text
    assert "old" not in text
    assert text.count("| Task |") == 1


def test_a_page_without_marks_is_refused(load: Callable[[str], ModuleType], tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("nothing", "utf-8")
    with pytest.raises(ValueError, match="measured: begin"):
        load("tables").into_page(page, [], "")
    assert page.read_text("utf-8") == "nothing"


def test_made_up_tables_are_those_that_a_snapshot_reads_from_its_files(
    load: Callable[[str], ModuleType], tmp_path: Path
) -> None:
    from pilotage.snapshot import read_snapshot

    tables = load("made_up").made_up(3)
    for name, frame in tables.items():
        frame.drop("SRCLINE").write_csv(tmp_path / f"{name}.csv")
    read = read_snapshot(tmp_path)
    for name, frame in tables.items():
        assert_frame_equal(frame, read.tables[name], check_column_order=False)


def test_the_peer_derives_the_same_cells(load: Callable[[str], ModuleType]) -> None:
    derive, made_up = load("task_derive"), load("made_up")
    by_hand = load("peers.derive_by_hand").derive_by_hand
    known = made_up.snapshot(60, seed=7)
    with pytest.warns(UserWarning, match="Sortedness"):
        peer = by_hand(known.tables, made_up.CUT)
    ours = derive.beside_polars(60).ours.func(derive.study(), known).named()
    assert derive.disagreements(ours, peer) == []
    worse = peer | {"adqs": peer["adqs"].with_columns(pl.col("CHG") + 1)}
    assert derive.disagreements(ours, worse)[0].startswith("adqs")


def test_the_brute_force_finds_the_same_means_and_sds(load: Callable[[str], ModuleType]) -> None:
    assert load("task_audit").disagreements() == []


def test_an_unknown_task_is_refused_and_the_known_ones_are_named() -> None:
    command = [sys.executable, str(BENCHMARKS / "run.py"), "--only", "guess"]
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "'derive'" in refused.stderr
    assert "Traceback" not in refused.stderr
