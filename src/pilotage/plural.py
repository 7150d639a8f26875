"""A number with the noun that it counts."""


def counted(number: int, one: str, many: str = "", *, grouped: bool = False) -> str:
    """`1 visit`, `9 visits`, `3 criteria`; with its thousands `grouped`: `1,204 visits`."""
    digits = f"{number:,}" if grouped else f"{number}"
    return f"{digits} {one if number == 1 else many or f'{one}s'}"
