"""What the rows before say, as Polars says it subject by subject."""

from datetime import date
from random import Random

import polars as pl
import pytest

from pilotage.datasets.neighbours import NUMBER_OF_ROW, counted, last_before, latest_before


def rows(seed: int) -> pl.DataFrame:
    """Subjects with one to five rows, some without day or value."""
    rng = Random(seed)
    who = [name for name in "ABCDEFGH" for _ in range(rng.randint(1, 5))]
    days = [rng.choice((None, date(2020, 1, rng.randint(1, 28)))) for _ in who]
    values = [rng.choice((None, float(rng.randint(0, 9)))) for _ in who]
    begins = [n == 0 or who[n - 1] != name or rng.random() < 0.3 for n, name in enumerate(who)]
    schema = {"USUBJID": pl.String, "DAY": pl.Date, "VALUE": pl.Float64, "BEGINS": pl.Boolean}
    return pl.DataFrame([who, days, values, begins], schema=schema)


@pytest.mark.parametrize("seed", range(20))
def test_neighbours_stop_at_the_border_of_the_subject(seed: int) -> None:
    day, value, subject = pl.col("DAY"), pl.col("VALUE"), "USUBJID"
    pairs = {
        "latest": (
            latest_before(day),
            day.cum_max().forward_fill().shift(1).over(subject),
        ),
        "last": (last_before(value), value.forward_fill().shift(1).over(subject)),
        "counted": (
            counted(pl.col("BEGINS")),
            pl.col("BEGINS").cast(pl.Int64).cum_sum().over(subject),
        ),
        "row": (NUMBER_OF_ROW, pl.int_range(1, pl.len() + 1).over(subject)),
    }
    for name, (ours, over) in pairs.items():
        found = rows(seed).select(ours=ours, over=over)
        assert found["ours"].to_list() == found["over"].to_list(), name
