"""What a PromQL expression names: metrics, the labels it looks at, the values it compares with."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import promql_parser

CHILDREN = ("lhs", "rhs", "expr", "args", "param", "vector_selector")


@dataclass
class Named:
    """One selector: its labels are those it matches and those it is grouped or joined by."""

    metric: str
    labels: set[str] = field(default_factory=set)
    equals: set[tuple[str, str]] = field(default_factory=set)


def read_names(expression: str) -> list[Named]:
    """Every selector of an expression.

    Raises:
        ValueError: it does not parse.
    """
    return list(_walk(promql_parser.parse(expression), frozenset()))


def _walk(node: Any, around: frozenset[str]) -> Iterator[Named]:
    if isinstance(node, promql_parser.VectorSelector):
        matchers = node.matchers.matchers
        yield Named(
            str(node.name),
            {each.name for each in matchers} | around,
            {(each.name, each.value) for each in matchers if str(each.op) == "MatchOp.Equal"},
        )
        return
    for name in CHILDREN:
        found = getattr(node, name, None)
        for child in found if isinstance(found, list) else [found]:
            if isinstance(child, promql_parser.Expr | promql_parser.VectorSelector):
                yield from _walk(child, around | _read_grouping(node))


def _read_grouping(node: Any) -> frozenset[str]:
    modifier = getattr(node, "modifier", None)
    if isinstance(node, promql_parser.AggregateExpr) and modifier is not None:
        return frozenset(modifier.labels)
    matching = getattr(modifier, "matching", None)
    return frozenset(matching.labels) if matching is not None else frozenset()
