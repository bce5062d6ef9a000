"""The service without one of its conditions on owners: the matrix must find it missing.

The code of one function is exchanged in the running service and put back afterwards, which spares
every mutant a process and a database of its own.
"""

import ast
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import CodeType, FunctionType
from typing import Any

from authorisation.clauses import Clause, is_clause, locate, read_module


class _Remover(ast.NodeTransformer):
    """Takes the one clause out: a comparison becomes true, a narrowed query what it was before."""

    def __init__(self, clause: Clause) -> None:
        self._clause = clause

    def visit(self, node: ast.AST) -> ast.AST:
        is_meant = (
            is_clause(node)
            and getattr(node, "lineno", None) == self._clause.line
            and ast.unparse(node) == self._clause.text
        )
        if not is_meant:
            return self.generic_visit(node)
        if isinstance(node, ast.Call):
            return node.args[0]
        return ast.copy_location(ast.Constant(value=True), node)


@contextmanager
def without(clause: Clause) -> Generator[None]:
    """Run the service without it."""
    function = _find_function(clause)
    kept = function.__code__
    function.__code__ = _compile(clause)
    try:
        yield
    finally:
        function.__code__ = kept


def _compile(clause: Clause) -> CodeType:
    tree = _Remover(clause).visit(read_module(clause.module))
    whole = compile(ast.fix_missing_locations(tree), str(locate(clause.module)), "exec")
    return next(code for code in _list_codes(whole) if code.co_qualname == clause.function)


def _list_codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _list_codes(constant)


def _find_function(clause: Clause) -> FunctionType:
    found: Any = import_module(clause.module)
    for name in clause.function.split("."):
        found = vars(found)[name]
    found = found.fget if isinstance(found, property) else found
    assert isinstance(found, FunctionType), clause
    return found
