"""The kernel of a study: its text in a file named by its hash, compiled once and kept.

Compiled code is kept beside the file, so that the same rules are compiled once on a machine and
once more for a new version of Pilotage or of the compiler.
"""

import hashlib
import importlib.util
import os
import sys
import tempfile
import types
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from pilotage.findings import InputErrors, error
from pilotage.output import write_whole
from pilotage.simulation.compiled.numbers import LOOK_N, Floats, Numbers, Whole
from pilotage.simulation.scheme import Scheme
from pilotage.simulation.trials.columns import MASK_BITS, amounts, counted

CACHE = "XDG_CACHE_HOME"
ROWS_OF_SUBJECT = 400
"""Room for the contacts of a subject, where they are told."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a kernel counted: by trial and column; `masks` by trial, success or toxicity, and word
    of bits. `rows`: every contact, where they were asked for."""

    out: Whole
    amounts: Floats
    masks: Whole
    rows: Floats


@dataclass(frozen=True, slots=True)
class Kernel:
    """Compiled trials of one study. `rules` is the hash of its text and of the nature that it
    calls: the same on every machine."""

    rules: str
    scheme: Scheme
    trials: Callable[..., int]

    def run(
        self,
        numbers: Numbers,
        random: np.random.Generator,
        *,
        count: int,
        subjects: int,
        traced: bool = False,
        python: bool = False,
    ) -> Counted:
        """Run trials with one generator. `traced` must be what the kernel was made for; `python`
        runs its text without compiling it. Raises ValueError where the decision is one for another
        number of subjects."""
        if subjects != numbers.looks[-1, LOOK_N]:
            raise ValueError(f"the decision is one for {numbers.looks[-1, LOOK_N]} subjects")
        made = room(self.scheme, count, subjects, traced=traced, contacts=len(numbers.plan))
        run: Any = self.trials
        told = (run.py_func if python else run)(
            random, count, subjects, numbers.last_day, numbers.values, numbers.shares,
            numbers.fall, numbers.back, numbers.daily, numbers.capsules, numbers.weeks,
            numbers.plan, numbers.looks, numbers.look_day, made.out, made.amounts,
            made.masks, made.rows,
        )  # fmt: skip
        return Counted(made.out, made.amounts, made.masks, made.rows[:told])


def room(scheme: Scheme, count: int, subjects: int, *, traced: bool, contacts: int) -> Counted:
    """Empty arrays for so many trials."""
    from pilotage.simulation.compiled.emit import AFTER_VALUES, TRACED

    columns = len(TRACED) + len(scheme.measured) + len(AFTER_VALUES)
    told = count * subjects * (ROWS_OF_SUBJECT + contacts) if traced else 0
    return Counted(
        np.zeros((count, len(counted(scheme))), dtype=np.int64),
        np.zeros((count, len(amounts(scheme))), dtype=np.float64),
        np.zeros((count, 2, -(-subjects // MASK_BITS)), dtype=np.int64),
        np.zeros((told, columns), dtype=np.float64),
    )


def require_compiler() -> None:
    """Raise InputErrors where the compiler is not installed."""
    if find_spec("numba") is None:
        words = "is not installed; this command needs it: pip install 'pilotage[simulation]'"
        raise InputErrors([error("numba", words)])


def kernel_of(
    scheme: Scheme, *, traced: bool = False, tell: Callable[[str], None] | None = None
) -> Kernel:
    """The kernel of a study. `tell` is told before something is compiled that was not before."""
    require_compiler()
    from pilotage.simulation.compiled.emit import kernel_text

    text = kernel_text(scheme, traced=traced)
    rules = _rules(text)
    folder = cache_folder(tell)
    path = folder / f"k{_compiled(rules)}.py"
    if not path.exists():
        if tell:
            tell("compiling the study's rules, once")
        write_whole(path, text, at_once=True)
    return Kernel(rules, scheme, _module(path).trials)


def _rules(text: str) -> str:
    """A name for the text and the nature that it calls."""
    from pilotage.simulation import nature

    made = hashlib.sha256(text.encode())
    made.update(Path(nature.__file__).read_bytes())
    return made.hexdigest()


def _compiled(rules: str) -> str:
    """A name for the rules and the versions that compile them."""
    versions = f"{rules} {version('numba')} {np.__version__} {sys.version}"
    return hashlib.sha256(versions.encode()).hexdigest()[:24]


def user_cache() -> Path:
    """What Pilotage keeps for the user and can make again."""
    return Path(os.environ.get(CACHE) or Path.home() / ".cache") / "pilotage"


def cache_folder(tell: Callable[[str], None] | None = None) -> Path:
    """Where kernels are kept: the user's cache, or a temporary folder where that cannot be
    written."""
    folder = user_cache() / "kernels"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        spare = Path(tempfile.mkdtemp(prefix="pilotage-kernels-"))
        if tell:
            tell(f"{folder} cannot be written: compiled rules are kept in {spare} for this run")
        return spare


def _module(path: Path) -> types.ModuleType:
    name = f"pilotage_kernel_{path.stem}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
