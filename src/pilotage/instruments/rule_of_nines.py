"""Rule of nines for the involved body surface area of adults, per cent of the body (BSA, 0-100).

Head and neck 9, each arm 9, front of the trunk 18, back of the trunk 18, each leg 18, perineum 1.
Head, arms and legs are divided into equal halves, front and back. Each item says how much of its
region is involved, in whole per cent of that region (0-100); BSA is the sum of region share times
involved fraction. It needs every region; a region that is not involved is recorded as 0.
"""

from pilotage.instruments.instrument import Instrument, Item, Region, weighted_sum

REGIONS = (
    Region("HEADF", "head and neck, front", ("front",), 4.5),
    Region("HEADB", "head and neck, back", ("back",), 4.5),
    Region("TRNKF", "trunk, front", ("front",), 18),
    Region("TRNKB", "trunk, back", ("back",), 18),
    Region("ARMRF", "right arm, front", ("front",), 4.5),
    Region("ARMRB", "right arm, back", ("back",), 4.5),
    Region("ARMLF", "left arm, front", ("front",), 4.5),
    Region("ARMLB", "left arm, back", ("back",), 4.5),
    Region("LEGRF", "right leg, front", ("front",), 9),
    Region("LEGRB", "right leg, back", ("back",), 9),
    Region("LEGLF", "left leg, front", ("front",), 9),
    Region("LEGLB", "left leg, back", ("back",), 9),
    Region("PERIN", "perineum", ("front",), 1),
)

# The shares are halves at the finest, so that doubled they are whole numbers and the sum of
# products is exact: a trial asks for "more than 18 per cent", and 18 must come out as 18.
_HALVES = {f"BSA{region.code}": round(2 * (region.percent or 0)) for region in REGIONS}

RULE_OF_NINES = Instrument(
    name="rule_of_nines",
    title="Rule of nines",
    category="RULE OF NINES",
    citation=(
        "Wallace AB. The exposure treatment of burns. Lancet 1951;257:501-504 "
        "(adult proportions; halves of head and limbs are equal)."
    ),
    items=tuple(
        Item(
            f"BSA{region.code}",
            f"Involved part of the region: {region.label} (per cent)",
            tuple(range(101)),
            region.code,
            "body surface area",
        )
        for region in REGIONS
    ),
    scores=(weighted_sum("BSA", "Body surface area involved (%)", _HALVES, high=100, divisor=200),),
    regions=REGIONS,
)
