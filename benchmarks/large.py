"""Very many subjects, more than memory holds at once: block by block, each written to Parquet.

That gives the same rows as all at once, for other subjects never change what a subject's rows say.
"""

import resource
import tempfile
from collections.abc import Callable
from pathlib import Path

from made_up import snapshot
from measuring import Log, timed

from pilotage.datasets import derive
from pilotage.study import load_study

BLOCK = 20_000
STUDY = "lenalidomide_cle"


def derive_in_blocks(subjects: int, log: Log, tell: Callable[[str], None]) -> str:
    """Derive so many subjects and write every dataset; how long deriving took, and the most memory
    that the process held."""
    study = load_study(STUDY)
    clock = processor = 0.0
    rows = 0
    with tempfile.TemporaryDirectory() as folder:
        for first in range(0, subjects, BLOCK):
            known = snapshot(min(BLOCK, subjects - first), first=first)

            def block(known=known, first=first) -> None:  # type: ignore[no-untyped-def]
                nonlocal rows
                for name, frame in derive(study, known).named().items():
                    frame.write_parquet(Path(folder) / f"{name}-{first}.parquet")
                    rows += frame.height

            taken = timed(block)
            clock, processor = clock + taken.wall, processor + taken.cpu
            log.write(task="derive in blocks", first=first, wall=taken.wall, cpu=taken.cpu)
            tell(f"  {first + BLOCK:,} of {subjects:,}: {clock:.1f} s, {memory():.2f} GiB at most")
    return (
        f"{subjects:,} subjects x 20 visits in blocks of {BLOCK:,}, written to Parquet: {rows:,} "
        f"rows, {clock:.0f} s on the clock, {processor:.0f} s of the processor, at most "
        f"{memory():.2f} GiB of memory"
    )


def memory() -> float:
    """The most that this process has held so far, in GiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
