"""What may import what: the contracts stand in pyproject.toml, this file holds the code to them."""

from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[2]


def contracts_hold(config: Path) -> bool:
    return lint_imports(config_filename=str(config), no_cache=True, no_logo=True) == 0


def test_every_import_obeys_the_contracts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    assert contracts_hold(ROOT / "pyproject.toml"), capsys.readouterr().out


def test_an_import_upwards_breaks_the_contracts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same kind of contract, on a package that breaks it: the check bites."""
    package = tmp_path / "two_stations"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "upper.py").touch()
    (package / "lower.py").write_text("from two_stations import upper\n")
    config = tmp_path / "contracts.toml"
    config.write_text("""
        [tool.importlinter]
        root_packages = ["two_stations"]
        [[tool.importlinter.contracts]]
        name = "downwards"
        type = "layers"
        containers = ["two_stations"]
        layers = ["upper", "lower"]
    """)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert not contracts_hold(config)
    assert "two_stations.lower -> two_stations.upper" in capsys.readouterr().out
