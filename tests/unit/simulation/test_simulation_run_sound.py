"""A study is proven free of open errors before anything is drawn, and once only as it stands."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pilotage import check
from pilotage.findings import Finding, InputErrors, error
from pilotage.simulation import refusals
from pilotage.simulation.refusals import refuse_open_errors
from pilotage.study import load_study, new_study

Proofs = Callable[[list[Finding]], list[str]]


@pytest.fixture
def proofs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Proofs:
    """Lets the proofs find something, with an empty cache; the studies they were asked about."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def finding(found: list[Finding]) -> list[str]:
        asked: list[str] = []
        monkeypatch.setattr(
            check, "study_findings", lambda study: (asked.append(study.digest), found)[1]
        )
        return asked

    return finding


def test_a_study_without_open_errors_is_proven_once(tmp_path: Path, proofs: Proofs) -> None:
    study = load_study(new_study(tmp_path / "study"))
    asked = proofs([])
    for _ in range(3):
        refuse_open_errors(study)
    assert asked == [study.digest]


@pytest.mark.parametrize("name", ["protocol.md", "open_questions.md", "worked_examples.yaml"])
def test_a_changed_file_is_proven_anew(tmp_path: Path, proofs: Proofs, name: str) -> None:
    folder = new_study(tmp_path / "study")
    asked = proofs([])
    refuse_open_errors(load_study(folder))
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    refuse_open_errors(load_study(folder))
    assert len(asked) == 2


def test_other_code_proves_anew(
    tmp_path: Path, proofs: Proofs, monkeypatch: pytest.MonkeyPatch
) -> None:
    study, code = load_study(new_study(tmp_path / "study")), refusals._code
    asked = proofs([])
    refuse_open_errors(study)
    more = tmp_path / "more.py"
    more.write_text("MORE = 1\n")
    monkeypatch.setattr(refusals, "_code", lambda package: [*code(package), more])
    refuse_open_errors(study)
    more.write_text("MORE = 2\n")
    refuse_open_errors(study)
    assert len(asked) == 3


def test_open_errors_are_told_each_time(tmp_path: Path, proofs: Proofs) -> None:
    study = load_study(new_study(tmp_path / "study"))
    asked = proofs([error("protocol.yaml:1", "the rules contradict each other")])
    for _ in range(2):
        with pytest.raises(InputErrors, match="the study has open errors"):
            refuse_open_errors(study)
    assert len(asked) == 2


def test_a_cache_that_cannot_be_written_is_done_without(
    tmp_path: Path, proofs: Proofs, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = load_study(new_study(tmp_path / "study"))
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    asked = proofs([])
    for _ in range(2):
        refuse_open_errors(study)
    assert len(asked) == 2


def test_the_code_that_proves_is_looked_at() -> None:
    package = Path(check.__file__).parents[1]
    code = {path.relative_to(package).as_posix() for path in refusals._code(package)}
    assert {"check/dosing.py", "conditions/prove.py", "rules/decide.py", "findings.py"} <= code
    assert not {path for path in code if path.startswith(("capture/", "simulation/", "studies/"))}
