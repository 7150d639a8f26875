"""The mutants of a source text: each is the text with one small change, for `tools/mutants.py`.

Besides what `mutants_changes` does to expressions, branches are exchanged, cases of a match left
out, other values returned, and statements left out. Never changed are annotations, docstrings,
messages, decorators, assertions and imports.
"""

import ast
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mutants_changes import OPERATIONS, Edit, Text, changes, constants

Place = tuple[str, str, str, str, int]
"""File, function, the line as it was and as it becomes, and which time: outlives line numbers."""

LONGEST = 160
"""Characters that are shown of a changed place."""

NEVER = (ast.JoinedStr, ast.Assert, ast.Import, ast.ImportFrom)
SAFETY_NETS = ("strict",)
"""Arguments that guard against a mistake within the file itself."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of a file, and the source with it."""

    file: str
    function: str
    line: int
    was: str
    becomes: str
    source: bytes
    time: int = 1
    """1, or more where the function has the same line and change again."""

    @property
    def place(self) -> Place:
        return self.file, self.function, self.was, self.becomes, self.time


def mutants_of(file: str, source: bytes) -> list[Mutant]:
    """In the order of the file; never two with the same text, none that does not compile."""
    made: dict[bytes, Mutant] = {}
    for function, (start, end, instead) in _Walk(Text(source)).edits():
        changed = source[:start] + instead.encode() + source[end:]
        if changed not in made and changed != source and _compiles(changed):
            made[changed] = _mutant(file, function, source, (start, end, instead), changed)
    in_order = sorted(made.values(), key=lambda mutant: mutant.line)
    met = Counter[Place]()
    for number, mutant in enumerate(in_order):
        met[mutant.place] += 1
        in_order[number] = replace(mutant, time=met[mutant.place])
    return in_order


def _mutant(file: str, function: str, source: bytes, edit: Edit, changed: bytes) -> Mutant:
    start, end, instead = edit
    first = source.rfind(b"\n", 0, start) + 1
    last = source.find(b"\n", end)
    last = len(source) if last < 0 else last
    was, becomes = source[first:last], source[first:start] + instead.encode() + source[end:last]
    line = source.count(b"\n", 0, start) + 1
    return Mutant(file, function, line, _shown(was), _shown(becomes), changed)


def _shown(part: bytes) -> str:
    """On one line. A long one is cut."""
    words = " ".join(part.decode().split())
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"


def _compiles(source: bytes) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, "mutant", "exec")
    except SyntaxError:
        return False
    return True


class _Walk:
    """Visits the nodes that may be changed, with the function in which they stand."""

    def __init__(self, text: Text) -> None:
        self.text = text

    def edits(self) -> Iterator[tuple[str, Edit]]:
        yield from self._block(self.text.tree.body, "", set(), last=False)

    def _block(
        self, body: list[ast.stmt], function: str, bound: set[str], *, last: bool
    ) -> Iterator[tuple[str, Edit]]:
        """`bound` are the names that have a value already; `last` says that nothing follows."""
        for number, statement in enumerate(body):
            ends = last and number == len(body) - 1
            if isinstance(statement, NEVER) or _is_docstring(statement) or _is_for_types(statement):
                continue
            if isinstance(statement, ast.FunctionDef | ast.ClassDef):
                yield from self._definition(statement, function)
                continue
            for edit in self._statement(statement, bound, ends=ends, inside=bool(function)):
                yield function, edit
            for each in _expressions(statement):
                for edit in self._expression(each, inside=bool(function)):
                    yield function, edit
            bound |= {n.id for n in ast.walk(statement) if _is_bound(n) and isinstance(n, ast.Name)}
            for part in _blocks(statement):
                follows = ends and not isinstance(statement, ast.For | ast.While)
                yield from self._block(part, function, set(bound), last=follows)

    def _definition(
        self, node: ast.FunctionDef | ast.ClassDef, function: str
    ) -> Iterator[tuple[str, Edit]]:
        name = f"{function}.{node.name}" if function else node.name
        arguments: set[str] = set()
        if isinstance(node, ast.FunctionDef):
            given = node.args
            arguments = {a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs)}
            for default in (*given.defaults, *given.kw_defaults):
                if isinstance(default, ast.Constant):
                    for edit in constants(self.text, default, inside=False):
                        yield name, edit
        yield from self._block(node.body, name, arguments, last=isinstance(node, ast.FunctionDef))

    def _statement(
        self, node: ast.stmt, bound: set[str], *, ends: bool, inside: bool
    ) -> Iterator[Edit]:
        start, end = self.text.span(node)
        match node:
            case ast.Return(value):
                empty = value is None or (isinstance(value, ast.Constant) and value.value is None)
                if not empty:
                    yield start, end, "return None"
                if not ends:
                    yield start, end, "pass"
            case ast.AugAssign(target, operation, value):
                yield start, end, "pass"
                if type(operation) in OPERATIONS:
                    yield self.text.between(target, value, *OPERATIONS[type(operation)])
            case ast.Expr() | ast.Raise() | ast.Continue() | ast.Break():
                if inside:
                    yield start, end, "pass"
            case ast.Assign(targets):
                names = [n for target in targets for n in ast.walk(target) if _is_bound(n)]
                if inside and all(_has_value(name, bound) for name in names):
                    yield start, end, "pass"
            case ast.If(test):
                yield from self.text.negated(test)
            case ast.Match(_, cases):
                for case in cases:
                    yield from self._case(case)

    def _case(self, case: ast.match_case) -> Iterator[Edit]:
        if case.guard is not None:
            yield from self.text.negated(case.guard)
        else:
            _, end = self.text.span(case.pattern)
            yield end, end, " if False"

    def _expression(self, node: ast.AST, *, inside: bool) -> Iterator[Edit]:
        if isinstance(node, NEVER) or (
            isinstance(node, ast.Subscript) and self.text.of(node.value).endswith("Literal")
        ):
            return
        yield from changes(self.text, node, inside=inside)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.keyword):
                if child.arg not in SAFETY_NETS:
                    yield from self._expression(child.value, inside=inside)
            elif isinstance(child, ast.expr | ast.comprehension | ast.pattern) and not (
                isinstance(node, ast.Call) and _is_kind(node, child)
            ):
                yield from self._expression(child, inside=inside)


def _blocks(node: ast.AST) -> list[list[ast.stmt]]:
    """The blocks of statements within a statement."""
    found = [getattr(node, name, []) for name in ("body", "orelse", "finalbody")]
    for part in (*getattr(node, "handlers", []), *getattr(node, "cases", [])):
        found.append(part.body)
    return [block for block in found if block]


def _expressions(node: ast.stmt) -> Iterator[ast.AST]:
    """What a statement itself says, without its blocks and without annotations."""
    for name, child in ast.iter_fields(node):
        if name == "annotation":
            continue
        for each in child if isinstance(child, list) else [child]:
            if isinstance(each, ast.expr):
                yield each
            elif isinstance(each, ast.match_case):
                yield each.pattern
                if each.guard is not None:
                    yield each.guard


def _is_kind(call: ast.Call, node: ast.AST) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "isinstance" and node is call.args[1]


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_for_types(node: ast.stmt) -> bool:
    """Read by type checkers alone."""
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def _is_bound(node: ast.AST) -> bool:
    return isinstance(getattr(node, "ctx", None), ast.Store)


def _has_value(node: ast.AST, bound: set[str]) -> bool:
    return not isinstance(node, ast.Name) or node.id in bound
