"""Runs the tests of a file while one of its mutants stands in its place, for `tools/mutants.py`.

Nothing is written: a forked process imports the changed text instead of the file and runs pytest.
"""

import importlib
import importlib.machinery
import importlib.util
import os
import resource
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import CodeType, ModuleType
from typing import Literal

import pytest
from hypothesis import HealthCheck, Phase, settings

Outcome = Literal["killed", "survived", "timeout"]

LEAST_SECONDS, MOST_TIMES = 3.0, 4.0
"""Processor time that the tests of a mutant get: some seconds and some times what they need."""

WALL = 60
"""Seconds of the clock for each of them, on a machine that does other things too."""

MEMORY = 6 * 2**30


@dataclass(frozen=True, slots=True)
class Trial:
    """The tests that belong to a file, and how much processor time they need as it stands."""

    root: Path
    package: str
    file: str
    tests: tuple[str, ...]
    seconds: float = 0.0

    @property
    def path(self) -> Path:
        return self.root / "src" / self.package / self.file

    @property
    def module(self) -> str:
        return ".".join([self.package, *Path(self.file).with_suffix("").parts])


class _Instead(importlib.machinery.SourceFileLoader):
    """Loads a module from a text that is not in its file."""

    def __init__(self, module: str, path: str, text: bytes) -> None:
        super().__init__(module, path)
        self._text = text

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._text, self.path, "exec", dont_inherit=True)


class _Finder(MetaPathFinder):
    def __init__(self, module: str, path: Path, text: bytes) -> None:
        self._module = module
        self._loader = _Instead(module, str(path), text)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._module:
            return None
        return importlib.util.spec_from_file_location(
            fullname, self._loader.path, loader=self._loader
        )


def outcome(trial: Trial, text: bytes) -> tuple[Outcome, float]:
    """What the tests say of the text, and the processor time that they took."""
    sys.stdout.flush()
    process = os.fork()
    if process == 0:
        code = 1
        try:
            code = _run(trial, text)
        finally:
            os._exit(code)
    _, status, used = os.wait4(process, 0)
    if os.WIFSIGNALED(status):
        slow = os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGALRM, signal.SIGKILL)
        return "timeout" if slow else "killed", used.ru_utime + used.ru_stime
    survived = os.waitstatus_to_exitcode(status) == 0
    return "survived" if survived else "killed", used.ru_utime + used.ru_stime


def _run(trial: Trial, text: bytes) -> int:
    """In the child: everything of the package is imported anew."""
    limit = int(LEAST_SECONDS + MOST_TIMES * trial.seconds) if trial.seconds else 600
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(WALL * limit)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)
    os.chdir(trial.root)
    sys.meta_path.insert(0, _Finder(trial.module, trial.path, text))
    for name in [*sys.modules]:
        if name.partition(".")[0] == trial.package:
            del sys.modules[name]
    settings.register_profile(
        "mutants", database=None, deadline=None, derandomize=True,
        phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    settings.load_profile("mutants")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    plugins = ("-p", "_hypothesis_pytestplugin", "-p", "no:cacheprovider")
    return int(pytest.main(["-x", "-q", "--tb=no", "--assert=plain", *plugins, *trial.tests]))


def warm_up(modules: Sequence[str]) -> None:
    """Import what the modules need, once for all children; what is of the package they import
    themselves. Polars starts no threads before its first frame, so that a fork is safe."""
    for module in modules:
        importlib.import_module(module)
