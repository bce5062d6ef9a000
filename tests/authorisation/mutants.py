"""The service without one of its conditions on owners: the matrix must find it missing.

The code of one function is exchanged in the running service and put back afterwards, which spares
every mutant a process and a database of its own.  Which functions a request reaches is learnt the
same way, so that a mutant is tried by those requests only which could notice it.
"""

import ast
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from types import CodeType, FunctionType
from typing import Any

from authorisation.clauses import Clause, locate, read_module
from transcriber.transcripts.search.owned_terms import derive_owner_key


class _Remover(ast.NodeTransformer):
    """Takes the one clause out.

    A comparison becomes true, a narrowed query what it was before, several conditions none.
    """

    def __init__(self, clause: Clause) -> None:
        self._clause = clause

    def visit(self, node: ast.AST) -> ast.AST:
        is_meant = (
            isinstance(node, ast.Compare | ast.Call | ast.Starred)
            and node.lineno == self._clause.line
            and ast.unparse(node) == self._clause.text
        )
        if not is_meant:
            return self.generic_visit(node)
        if isinstance(node, ast.Call):
            return node.args[0]
        if isinstance(node, ast.Starred):
            return ast.copy_location(ast.Starred(ast.Tuple([], ast.Load()), node.ctx), node)
        return ast.copy_location(ast.Constant(value=True), node)


class _Noter(ast.NodeTransformer):
    """Has a function note its own name whenever it runs."""

    def __init__(self, clause: Clause) -> None:
        self._clause = clause

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        if node.lineno <= self._clause.line <= (node.end_lineno or 0):
            note = (
                f"__import__('authorisation.mutants').mutants.REACHED.add({self._clause.place!r})"
            )
            node.body.insert(0, ast.parse(note).body[0])
        return node


REACHED: set[str] = set()
"""Functions with conditions that ran since it was last emptied."""


def without(clause: Clause) -> AbstractContextManager[None]:
    """Run the service without it."""
    return _exchange({clause.place: (clause, _Remover(clause))})


def noting(clauses: Iterable[Clause]) -> AbstractContextManager[None]:
    """Have the functions that these are in note that they are reached."""
    return _exchange({clause.place: (clause, _Noter(clause)) for clause in clauses})


@contextmanager
def _exchange(changes: Mapping[str, tuple[Clause, ast.NodeTransformer]]) -> Generator[None]:
    kept: list[tuple[FunctionType, CodeType]] = []
    try:
        for clause, transformer in changes.values():
            function = _find_function(clause)
            kept.append((function, function.__code__))
            function.__code__ = _compile(clause, transformer)
        yield
    finally:
        for function, code in kept:
            function.__code__ = code


def _compile(clause: Clause, transformer: ast.NodeTransformer) -> CodeType:
    tree = transformer.visit(read_module(clause.module))
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


@contextmanager
def sharing_terms() -> Generator[None]:
    """As if all accounts had the same key before their terms, by chance or by search for one.

    The index of words then keeps nobody's places apart: that is left to the conditions.
    """
    keyed = vars(derive_owner_key)["__wrapped__"]
    kept = keyed.__code__
    keyed.__code__ = (lambda user_id: "shared").__code__
    derive_owner_key.cache_clear()
    try:
        yield
    finally:
        keyed.__code__ = kept
        derive_owner_key.cache_clear()
