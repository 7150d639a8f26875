"""Auditing: means and SDs of whole numbers beside a brute force over all sums and sums of squares,
and the whole audit of the built-in paper alone."""

from collections.abc import Iterator
from functools import partial
from importlib.resources import as_file, files

from measuring import Task
from peers.grimmer_by_hand import by_brute_force

from pilotage.publication import read_published
from pilotage.publication.arithmetic import Printed
from pilotage.publication.audit import audit
from pilotage.publication.audit.scores import Scale, grimmer

STUDY = "lenalidomide_cle"
HIGHEST = 10
PRINTED = [
    (n, mean / 10, sd / 10)
    for n in range(2, 16)
    for mean in range(3, 100, 7)
    for sd in range(0, 45, 4)
]
"""Means and SDs of n scores from 0 to 10, printed with one decimal."""


def tasks(*, quick: bool) -> Iterator[Task]:
    yield Task(
        name="audit, GRIMMER",
        what=f"can n scores from 0 to {HIGHEST} have this mean and SD? {len(PRINTED):,} times",
        ours=by_ours,
        peer_is="brute force: every sum and sum of squares that n scores can have, in integers",
        peer=partial(by_brute_force, PRINTED, HIGHEST),
        check=disagreements,
    )
    with as_file(files("pilotage.studies") / STUDY / "published.yaml") as file:
        published = read_published(file)
    if not quick:
        what = f"the whole audit of the built-in paper, {len(published.claims)} claims"
        yield Task("audit", what, partial(audit, published))


def by_ours() -> list[bool]:
    scale = Scale(0, HIGHEST)
    return [
        bool(grimmer(n, Printed.of(mean, 1), Printed.of(sd, 1), scale, most=1))
        for n, mean, sd in PRINTED
    ]


def disagreements() -> list[str]:
    both = zip(PRINTED, by_ours(), by_brute_force(PRINTED, HIGHEST), strict=True)
    return [f"{case}: {one} ours, {two} by brute force" for case, one, two in both if one != two][
        :3
    ]
