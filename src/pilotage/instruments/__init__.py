"""Published scales, grading criteria and units: items and values in, scores and grades out.

`instruments` holds the scales by name; toxicity grades are in `ctcae`, units in `units`.
"""

from collections.abc import Mapping
from types import MappingProxyType

from pilotage.instruments.acr_1997 import ACR_1997
from pilotage.instruments.clasi import CLASI
from pilotage.instruments.instrument import Instrument, Item, Region, Score, Scored
from pilotage.instruments.rule_of_nines import RULE_OF_NINES
from pilotage.instruments.sledai_2k import SLEDAI_2K

instruments: Mapping[str, Instrument] = MappingProxyType(
    {each.name: each for each in (CLASI, SLEDAI_2K, ACR_1997, RULE_OF_NINES)}
)

__all__ = ["Instrument", "Item", "Region", "Score", "Scored", "instruments"]
