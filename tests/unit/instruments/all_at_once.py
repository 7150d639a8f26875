"""Scores of a frame with one row per assessment and one column per item, as the datasets ask for
them; an item value that is not allowed is open."""

import polars as pl

from pilotage.instruments import Instrument, Score


def _of(instrument: Instrument, code: str) -> tuple[Score, dict[str, pl.Expr]]:
    (score,) = (each for each in instrument.scores if each.code == code)
    items = {item.code: item for item in instrument.items if item.code in score.items}
    allowed = {name: [float(value) for value in item.allowed] for name, item in items.items()}
    checked = {
        name: pl.when(pl.col(name).cast(pl.Float64).is_in(values)).then(name).cast(pl.Int64)
        for name, values in allowed.items()
    }
    return score, checked


def totals(instrument: Instrument, code: str, frame: pl.DataFrame) -> pl.Series:
    score, checked = _of(instrument, code)
    return frame.select(score.columns(checked).alias(code)).to_series()


def open_items(instrument: Instrument, code: str, frame: pl.DataFrame) -> list[list[str]]:
    score, checked = _of(instrument, code)
    is_open = frame.select(**score.open_columns(checked))
    return [[name for name, missing in row.items() if missing] for row in is_open.to_dicts()]
