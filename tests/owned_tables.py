"""Finding functions that touch what accounts own, and what tells them whose it is."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import transcriber
from transcriber.infra.database import Base
from transcriber.infra.ownership import for_everybody
from transcriber.migrations.tables import metadata

ROOT = Path(transcriber.__file__).parent
# Neither touches what owners have: schemas of the past, and the built web application.
LEFT_OUT = ("migrations", "static")
STATEMENTS = frozenset(
    {
        *("select", "update", "delete", "insert", "exists", "get", "get_one"),
        *("sqlite_insert", "postgresql_insert"),
    }
)
OWNERS = frozenset(
    {
        *("user_id", "user_ids", "scope"),
        *("token_hash", "token_hashes", "secret_hash", "secret_hashes"),
    }
)
"""Names of parameters that say whose it is; whoever has a token's or a key's hash has that."""
FOUND = frozenset({"Claim", "Candidate", "KeyedRequest", "Submission", "Wanted", "Watch"})
"""Types beside the tables' own that a query with an owner has given, or that name the owner."""


@dataclass(frozen=True)
class Toucher:
    """A function with a statement on owned tables.

    Attributes:
        name: Module and function.
        is_told: Whether a parameter says whose rows they are.
        is_marked: Whether it says that they are everybody's.
    """

    name: str
    is_told: bool
    is_marked: bool


def list_owned_classes() -> set[str]:
    """Classes of tables with an owner's column, and of those that belong to such a table's rows."""
    owned = {table.name for table in metadata.sorted_tables if "user_id" in table.c}
    owned |= {
        table.name
        for table in metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in owned
    }
    return {
        mapper.class_.__name__
        for mapper in Base.registry.mappers
        if mapper.local_table is not None and mapper.local_table.description in owned
    }


def find_touchers(root: Path = ROOT) -> Iterator[Toucher]:
    """All of the package."""
    owned = list_owned_classes()
    for path in sorted(root.rglob("*.py")):
        place = path.relative_to(root)
        if place.parts[0] in LEFT_OUT:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and _touches(node, owned):
                name = ".".join((*place.with_suffix("").parts, node.name))
                yield Toucher(name, _is_told(node, owned), _is_marked(node))


def _touches(function: ast.FunctionDef, owned: set[str]) -> bool:
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    # `delete(table)` counts where the function says elsewhere which tables these are.
    mentions_any = any(_names_of(part) & owned for part in function.body)
    return any(
        (_name(call.func) in STATEMENTS and any(_names_of(each) & owned for each in call.args))
        or (isinstance(call.func, ast.Name) and call.func.id in STATEMENTS and mentions_any)
        for call in calls
    )


def _is_told(function: ast.FunctionDef, owned: set[str]) -> bool:
    parameters = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    types = {
        name
        for each in parameters
        if each.annotation is not None
        for name in _names_of(each.annotation)
    }
    return bool({each.arg for each in parameters} & OWNERS or types & (owned | FOUND))


def _is_marked(function: ast.FunctionDef) -> bool:
    return any(_name(each) == for_everybody.__name__ for each in function.decorator_list)


def _names_of(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
