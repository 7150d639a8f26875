"""The changes of a single expression, for `tools/mutants.py`.

Comparisons and their boundaries, `and`/`or`/`not`, `&`/`|`/`~`, arithmetic, numbers, True, False
and None, operators that stand as text in a table, filters, and the calls of Polars that decide what
null means.
"""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

Edit = tuple[int, int, str]
"""From which byte to which byte of the source stands what instead."""

COMPARISONS: dict[type[ast.cmpop], tuple[str, tuple[str, ...]]] = {
    ast.Lt: ("<", ("<=", ">=")),
    ast.LtE: ("<=", ("<", ">")),
    ast.Gt: (">", (">=", "<=")),
    ast.GtE: (">=", (">", "<")),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.Is: ("is", ("is not",)),
    ast.IsNot: ("is not", ("is",)),
    ast.In: ("in", ("not in",)),
    ast.NotIn: ("not in", ("in",)),
}
OPERATIONS: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.BitOr: ("|", "&"),
    ast.BitAnd: ("&", "|"),
}
TEXTS = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "and": "or", "or": "and",
}  # fmt: skip
CALLS = {
    "any_horizontal": "all_horizontal", "all_horizontal": "any_horizontal", "any": "all",
    "all": "any", "min": "max", "max": "min", "is_null": "is_not_null", "is_not_null": "is_null",
    "first": "last", "last": "first",
}  # fmt: skip
LEFT_OUT = ("fill_null", "fill_nan", "drop_nulls", "cast")
"""Calls in a chain that are left out."""


class Text:
    """A source with the places of its nodes, in bytes."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self.tree = ast.parse(source)
        self._lines = [0]
        for line in source.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))

    def span(self, node: ast.expr | ast.stmt | ast.pattern) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = self._lines[node.lineno - 1] + node.col_offset
        return start, self._lines[node.end_lineno - 1] + node.end_col_offset

    def of(self, node: ast.expr) -> str:
        start, end = self.span(node)
        return self.source[start:end].decode()

    def between(self, left: ast.expr, right: ast.expr, was: str, becomes: str) -> Edit:
        """The operator that stands between two nodes, as another one."""
        start, end = self.span(left)[1], self.span(right)[0]
        found = re.search(re.escape(was).replace(r"\ ", r"\s+"), self.source[start:end].decode())
        assert found is not None, f"no {was} in {self.source[start:end]!r}"
        return start + found.start(), start + found.end(), becomes

    def negated(self, test: ast.expr, word: str = "not ") -> Iterator[Edit]:
        """The opposite of a test, but for what other changes make its opposite."""
        single = isinstance(test, ast.Compare) and len(test.ops) == 1
        if not single and not isinstance(test, ast.UnaryOp):
            yield *self.span(test), f"{word}({self.of(test)})"


def changes(text: Text, node: ast.AST, *, inside: bool) -> Iterator[Edit]:
    """The changes of a node itself, without those of its parts. `inside` a function?"""
    match node:
        case ast.Compare(left, operators, right):
            operands = [left, *right]
            for (first, second), sign in zip(pairwise(operands), operators, strict=True):
                was, others = COMPARISONS[type(sign)]
                for other in others:
                    yield text.between(first, second, was, other)
                if isinstance(sign, ast.In | ast.NotIn):
                    yield from _fewer(text, second)
        case ast.BoolOp(operator, values):
            yield _joined(text, values, "and" if isinstance(operator, ast.And) else "or")
        case ast.UnaryOp(ast.Not() | ast.Invert()):
            start, _ = text.span(node)
            taken = re.match(r"not\s*|~", text.of(node))
            assert taken is not None
            yield start, start + taken.end(), ""
        case ast.BinOp(left, operation, second) if inside and type(operation) in OPERATIONS:
            yield text.between(left, second, *OPERATIONS[type(operation)])
        case ast.IfExp(test):
            yield from text.negated(test)
        case ast.comprehension(_, _, filters):
            for test in filters:
                yield from text.negated(test)
                yield *text.span(test), "True"
        case ast.Call():
            yield from _calls(text, node)
        case ast.Constant():
            yield from constants(text, node, inside=inside)


def constants(text: Text, node: ast.Constant, *, inside: bool) -> Iterator[Edit]:
    start, end = text.span(node)
    value = node.value
    if isinstance(value, bool):
        yield start, end, str(not value)
    elif value is None and inside:
        yield start, end, "False"
        yield start, end, "True"
    elif isinstance(value, int):
        yield start, end, str(value + 1)
        yield start, end, str(value - 1) if value else "(-1)"
    elif isinstance(value, float):
        for factor in (1.01, 0.99):
            yield start, end, repr(float(f"{value * factor:.12g}"))
    elif isinstance(value, str) and value in TEXTS:
        yield start, end, f'"{TEXTS[value]}"'


def kinds(node: ast.expr) -> list[ast.expr]:
    """The classes of an `isinstance`."""
    if isinstance(node, ast.BinOp):
        return [*kinds(node.left), *kinds(node.right)]
    return [node]


def _joined(text: Text, values: list[ast.expr], word: str) -> Edit:
    """All of a chain at once: one word alone would bind otherwise."""
    start, end = text.span(values[0])[0], text.span(values[-1])[1]
    parts, place = [], start
    for left, right in pairwise(values):
        first, last, instead = text.between(left, right, word, TEXTS[word])
        parts += [text.source[place:first].decode(), instead]
        place = last
    return start, end, "".join([*parts, text.source[place:end].decode()])


def _fewer(text: Text, node: ast.expr) -> Iterator[Edit]:
    """A list of words without each of them."""
    if isinstance(node, ast.Tuple) and len(node.elts) > 1:
        for left_out in node.elts:
            kept = [text.of(each) for each in node.elts if each is not left_out]
            yield *text.span(node), f"({', '.join(kept)},)"


def _calls(text: Text, node: ast.Call) -> Iterator[Edit]:
    (start, end), (_, after) = text.span(node), text.span(node.func)
    called = node.func
    name = called.attr if isinstance(called, ast.Attribute) else text.of(called)
    if name in CALLS:
        yield after - len(name), after, CALLS[name]
    if isinstance(called, ast.Attribute) and name in LEFT_OUT:
        yield start, end, text.of(called.value)
    if name == "when":
        yield from text.negated(node.args[0], "~")
    elif name == "sorted":
        yield end - 1, end, ", reverse=True)"
    elif name == "is_between":
        for closed in ("left", "right"):
            yield end - 1, end, f', closed="{closed}")'
    elif name == "coalesce" and len(node.args) > 1:
        given = [text.of(each) for each in reversed(node.args)]
        yield after, end, f"({', '.join(given)})"
    elif name == "isinstance":
        given_kinds = kinds(node.args[1])
        for kind in given_kinds:
            kept = [text.of(each) for each in given_kinds if each is not kind]
            if kept:
                yield *text.span(node.args[1]), " | ".join(kept)
