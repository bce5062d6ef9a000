"""Whose rows a query may touch.

What accounts own is read and changed by functions that are told whose it is: by a `user_id`, by a
`Scope`, or by a row which a query with an owner has given.  A function that touches such rows
without is marked `for_everybody`; a test finds every one that is neither told nor marked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class EveryOwner:
    """An administrator's scope: what everybody has, and who it is that looks."""

    admin_id: str


Scope = str | EveryOwner
"""Whose things a query finds: those of one `user_id`, or, said out loud, everybody's."""


def for_everybody(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Mark a function that works on what all accounts own, and changes nothing else about it.

    The service's own work is of this kind: rounds that nobody asked for, workers with a claim,
    figures of an operator.  An id out of a request comes to such a function only behind one that
    has found it with its owner.
    """
    return function
