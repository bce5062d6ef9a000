"""Finding in the code the conditions that make a query one owner's."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

import transcriber

ROOT = Path(transcriber.__file__).parent
OWNER_COLUMN = "user_id"
NARROWING = "_within"
# What a function calls a table that it is given, or takes from a list of them.
ANY_TABLE = "table"
# Neither touches what owners have: schemas of the past, and the built web application.
LEFT_OUT = ("migrations", "static")


@dataclass(frozen=True)
class Clause:
    """A condition on an owner, and where it stands.

    Attributes:
        module: As it is imported.
        function: Qualified name within the module.
        line: Of the condition.
        text: Its source.
    """

    module: str
    function: str
    line: int
    text: str

    @property
    def place(self) -> str:
        return f"{self.module}.{self.function}"

    @property
    def name(self) -> str:
        return f"{self.place}: {self.text}"


def find_clauses() -> list[Clause]:
    """All of the package."""
    return [
        clause
        for path in sorted(ROOT.rglob("*.py"))
        if path.relative_to(ROOT).parts[0] not in LEFT_OUT
        for clause in _find_in(path)
    ]


def read_module(module: str) -> ast.Module:
    """The module's source, parsed."""
    return ast.parse(locate(module).read_text())


def locate(module: str) -> Path:
    return ROOT.joinpath(*module.split(".")[1:]).with_suffix(".py")


def is_clause(node: ast.AST) -> bool:
    """Whether this is a comparison with an owner, or a call that narrows a query to a scope."""
    if isinstance(node, ast.Call):
        return _name_called(node) == NARROWING
    if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Eq):
        return False
    sides = (node.left, node.comparators[0])
    # Two columns that must be the same are a join, which is nobody's.
    columns = [side for side in sides if _is_column(side)]
    return len(columns) == 1 and columns[0].attr == OWNER_COLUMN


def find_helpers(tree: ast.Module) -> frozenset[str]:
    """Functions of a module that give conditions of which one is on an owner: `*_owned(...)`."""
    return frozenset(
        function.name
        for function in tree.body
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Return)
        and isinstance(node.value, ast.Tuple)
        and any(is_clause(each) for each in node.value.elts)
    )


def _is_column(node: ast.expr) -> TypeGuard[ast.Attribute]:
    """Whether this is `Table.column`, `table.column` or `query.c.column`."""
    if not isinstance(node, ast.Attribute):
        return False
    if isinstance(node.value, ast.Name):
        return node.value.id[0].isupper() or node.value.id == ANY_TABLE
    return isinstance(node.value, ast.Attribute) and node.value.attr == "c"


def _name_called(node: ast.AST) -> str:
    is_named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    return node.func.id if is_named else ""


def _find_in(path: Path) -> Iterator[Clause]:
    module = ".".join(("transcriber", *path.relative_to(ROOT).with_suffix("").parts))
    tree = read_module(module)
    yield from _walk(tree, module, find_helpers(tree), ())


def _walk(
    node: ast.AST, module: str, helpers: frozenset[str], names: tuple[str, ...]
) -> Iterator[Clause]:
    for child in ast.iter_child_nodes(node):
        inner = names
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inner = (*names, child.name)
        are_several = isinstance(child, ast.Starred) and _name_called(child.value) in helpers
        if are_several or is_clause(child):
            yield Clause(module, ".".join(inner), child.lineno, ast.unparse(child))
        yield from _walk(child, module, helpers, inner)
