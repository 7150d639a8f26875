"""Where a command may write: never among the files that it reads."""

import os
from collections.abc import Mapping
from pathlib import Path


def refuse_among_inputs(
    out: Path, inputs: Mapping[str, Path], *, makes: tuple[str, ...] = ()
) -> None:
    """Raise InputErrors where `out` is the folder of an input or lies inside it, and where one of
    the folders that the command makes in `out` is. `inputs`: what each folder is, in words."""
    from pilotage.findings import InputErrors, error

    real = Path(os.path.realpath(out))
    for what, folder in inputs.items():
        for place in (out, *(out / name for name in makes)):
            if _same(place, folder):
                words = f"is the folder of the {what}; name another one"
                raise InputErrors([error(str(place), words)])
        if any(_same(parent, folder) for parent in real.parents):
            words = f"is inside the folder of the {what} ({folder}); name one outside"
            raise InputErrors([error(str(out), words)])


def _same(place: Path, folder: Path) -> bool:
    real = Path(os.path.realpath(place))
    return real.is_dir() and folder.is_dir() and real.samefile(folder)
