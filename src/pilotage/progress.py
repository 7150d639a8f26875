"""How far a long piece of work is: what is told of its steps, whoever listens."""

from typing import Protocol


class Steps(Protocol):
    """Called, it begins the next step; `part` says how far the present one is."""

    def __call__(self) -> None: ...

    def part(self, done: int, of: int) -> None: ...


class Silent:
    """Nobody listens."""

    def __call__(self) -> None:
        pass

    def part(self, done: int, of: int) -> None:
        pass
