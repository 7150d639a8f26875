"""Which printed means and SDs can n whole numbers have? By listing all that they can have."""


def by_brute_force(printed: list[tuple[int, float, float]], highest: int) -> list[bool]:
    known: dict[int, set[tuple[int, int]]] = {}
    reached = {(0, 0)}
    for n in range(1, 1 + max(n for n, _, _ in printed)):
        reached = {(s + v, q + v * v) for s, q in reached for v in range(highest + 1)}
        if n > 1:
            known[n] = {
                (tenths(s, n), tenths_of_root(n * q - s * s, n * (n - 1))) for s, q in reached
            }
    return [(round(10 * mean), round(10 * sd)) in known[n] for n, mean, sd in printed]


def tenths(numerator: int, denominator: int) -> int:
    """A number in tenths, rounded half up."""
    return (20 * numerator + denominator) // (2 * denominator)


def tenths_of_root(numerator: int, denominator: int) -> int:
    """The square root of a number in tenths, rounded half up, in whole numbers throughout."""
    found = int(10 * (numerator / denominator) ** 0.5 + 0.5)
    while (2 * found - 1) ** 2 * denominator > 400 * numerator and found:
        found -= 1
    while (2 * found + 1) ** 2 * denominator <= 400 * numerator:
        found += 1
    return found
