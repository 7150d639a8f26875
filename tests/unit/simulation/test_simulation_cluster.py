"""Trials on a cluster: the same bytes, and what happens where the cluster fails."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from simulated_clusters import AT, NAME, SEED, files, free_port, written
from simulated_studies import STUDIES, study
from typer.testing import CliRunner

from pilotage.cli import app
from pilotage.findings import InputErrors
from pilotage.simulation.trials import cluster, run
from pilotage.simulation.trials.chunks import Span
from pilotage.simulation.trials.cluster import address_of
from pilotage.simulation.trials.cluster_process import Alive, Lost, Work, make
from pilotage.simulation.trials.run import simulate


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of one chunk."""
    monkeypatch.setattr(run, "CHUNKS_OF_BLOCK", 1)


# -- what is no cluster ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["", "yes", "ray://", "ray://host:port", "http://host:10001", "ray://host/path", "host:10001"],
)
def test_what_is_no_cluster_is_refused(text: str) -> None:
    with pytest.raises(InputErrors, match=r"--cluster: '.*' is no cluster; write auto or ray://"):
        address_of(text)


def test_a_port_that_is_left_out_is_that_of_ray() -> None:
    assert address_of("ray://host").port == 10001
    assert (address_of("ray://host:7").host, address_of("ray://host:7").port) == ("host", 7)
    assert address_of("auto").host is None


def test_without_ray_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "find_spec", lambda name: None)
    words = r"ray: is not installed; --cluster needs it: pip install 'pilotage\[cluster\]'"
    with pytest.raises(InputErrors, match=words):
        simulate(study(NAME), trials=1, seed=1, cluster="auto")


def test_the_command_refuses_a_cluster_that_is_none_before_it_begins(tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ["simulate", STUDIES[NAME], "--cluster", "yes", "--out", str(out)]
    made = CliRunner().invoke(app, words)
    assert made.exit_code == 1
    assert "--cluster: 'yes' is no cluster; write auto or ray://HOST:PORT" in made.output
    assert not out.exists()


def test_the_command_goes_on_here_where_the_cluster_cannot_be_reached() -> None:
    at = f"{AT}:{free_port()}"
    words = ["simulate", STUDIES[NAME], "--trials", "100", "--cluster", at]
    made = CliRunner().invoke(app, words)
    assert made.exit_code == 0, made.output
    assert f"--cluster {at}: cannot be reached (connection refused)" in made.output
    assert "±" in made.output


# -- a cluster that fails --------------------------------------------------------------------------


def test_a_cluster_that_cannot_be_reached_is_told_and_the_run_goes_on_here(
    tmp_path: Path, small: None
) -> None:
    written(tmp_path / "whole")
    shutil.copytree(tmp_path / "whole", tmp_path / "parts")
    for number in (1, 3, 4):
        (tmp_path / "parts" / "trials" / f"block-{number:05d}.parquet").unlink()
    kept = tmp_path / "parts" / "trials" / "block-00000.parquet"
    before = kept.stat().st_mtime_ns
    at = f"{AT}:{free_port()}"
    assert written(tmp_path / "parts", at=at) == [
        f"--cluster {at}: cannot be reached (connection refused); the trials that are missing are "
        "simulated here"
    ]
    assert kept.stat().st_mtime_ns == before
    assert files(tmp_path / "parts") == files(tmp_path / "whole")


def test_a_cluster_that_accepts_but_never_answers_is_given_up_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "ANSWER_SECONDS", 0.3)
    said = spoken(monkeypatch, tmp_path, lambda answers, work, spans: answers.send(Alive()))
    assert "does not answer within 0.3 seconds; the trials that are missing are" in said[0]


def test_blocks_come_in_any_order_and_add_up_to_the_same(
    tmp_path: Path, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def backwards(answers: Connection, work: Work, spans: tuple[Span, ...]) -> None:
        begin(answers)
        for span in reversed(spans):
            answers.send(make(work, span))

    said = spoken(monkeypatch, tmp_path, backwards)
    assert [words.partition(": ")[2] for words in said] == ["5 blocks by 1 process"]


def test_a_cluster_that_ends_in_the_middle_leaves_the_rest_to_this_machine(
    tmp_path: Path, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(answers: Connection, work: Work, spans: tuple[Span, ...]) -> None:
        begin(answers)
        answers.send(make(work, spans[1]))
        answers.close()

    said = spoken(monkeypatch, tmp_path, dies)
    assert "the connection was lost; the trials that are missing are simulated here" in said[0]
    assert said[1].endswith("1 block by 1 process")


def test_a_cluster_whose_blocks_fail_is_given_up(
    tmp_path: Path, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(answers: Connection, work: Work, spans: tuple[Span, ...]) -> None:
        begin(answers)
        for _ in range(cluster.MOST_LOST):
            answers.send(Lost("No module named 'pilotage'"))

    said = spoken(monkeypatch, tmp_path, fails)
    assert "No module named 'pilotage'; the trials that are missing" in said[0]


def test_a_machine_with_other_versions_or_other_numbers_is_not_asked(small: None) -> None:
    from dataclasses import replace

    from pilotage.simulation.trials.cluster_process import packed
    from pilotage.simulation.trials.plans import plans_of
    from pilotage.simulation.trials.run import spans_of

    work = packed(plans_of(study(NAME), "base", {})[0], SEED)
    span = spans_of(250)[0]
    assert not isinstance(make(work, span), str)
    other = make(replace(work, versions=("Python 2.7",)), span)
    assert isinstance(other, str)
    assert "is needed" in other
    assert "Python 2.7" in other
    drawn = make(replace(work, first="0" * 64), span)
    assert drawn == "a machine of it does not draw the same trials as this one"


def begin(answers: Connection) -> None:
    """Say that the process has begun and that Ray is ready."""
    answers.send(Alive())
    answers.send(Alive())


class Ended:
    """A process that is no more."""

    def kill(self) -> None:
        pass


def spoken(monkeypatch: pytest.MonkeyPatch, folder: Path, answer: object) -> list[str]:
    """Simulate on a cluster that answers in the way given, and here; what was told. The bytes must
    be the same."""

    @contextmanager
    def process(
        way: str, workers: int | None, work: Work, spans: tuple[Span, ...]
    ) -> Iterator[tuple[Ended, Connection]]:
        here, there = Pipe()
        speaker = threading.Thread(target=answer, args=(there, work, spans))
        speaker.start()
        yield Ended(), here
        speaker.join()
        here.close()
        there.close()

    monkeypatch.setattr(cluster, "_reach", lambda address: None)
    monkeypatch.setattr(cluster, "_process", process)
    said = written(folder / "there", at=AT)
    written(folder / "here")
    assert files(folder / "there") == files(folder / "here")
    return said
