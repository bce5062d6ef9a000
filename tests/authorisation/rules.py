"""What a route lets whom do: four kinds of rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from authorisation.calls import Call, Of
from authorisation.objects import Kind


class Access(StrEnum):
    """Who may.

    Attributes:
        PUBLIC: Everybody, without signing in.
        OWN: Whoever is signed in, about what is his own.
        OWNED: The owner of what the request names; for others there is no such thing.
        ADMIN: Administrators.
    """

    PUBLIC = "public"
    OWN = "own"
    OWNED = "owned"
    ADMIN = "admin"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One way to call an operation, and who may.

    Attributes:
        access: See `Access`.
        call: A request that works for those who may send it.
        prepares: What the owner has beforehand; answers to him name it, those to others do not.
        refuses_with: The status that others get.
        is_for_people: Whether nobody may who has not signed in: a key is refused.
    """

    access: Access
    call: Call
    prepares: tuple[Kind, ...] = field(default=())
    refuses_with: int = 404
    is_for_people: bool = False


def public(**call: Any) -> Rule:
    """Everybody may; `call` as in `Call`."""
    return Rule(access=Access.PUBLIC, call=Call(**call))


def own(shows: Kind | None = None, **call: Any) -> Rule:
    """Whoever is signed in may, and sees what is his own; `shows` is what the owner finds."""
    prepares = () if shows is None else (shows,)
    return Rule(access=Access.OWN, call=Call(**call), prepares=prepares)


def owned(
    names: Mapping[str, Kind],
    *,
    path: Mapping[str, Any] | None = None,
    has: Kind | None = None,
    **call: Any,
) -> Rule:
    """The owner may.

    Args:
        names: The path's parameters that name something, and kinds of what they name.
        path: The path's other parameters.
        has: What the owner has beforehand, though the request does not name it.
        call: As in `Call`; what a body or a header names is an `Of`.
    """
    filled = {name: Of(kind) for name, kind in names.items()}
    return Rule(
        access=Access.OWNED,
        call=Call(path={**filled, **(path or {})}, **call),
        prepares=() if has is None else (has,),
    )


def admin(names: Mapping[str, Kind] | None = None, *, has: Kind | None = None, **call: Any) -> Rule:
    """An administrator may, about everybody's; `names` and `has` as in `owned`."""
    filled = {name: Of(kind) for name, kind in (names or {}).items()}
    prepares = () if has is None else (has,)
    asked = Call(path=filled, **call)
    return Rule(access=Access.ADMIN, call=asked, prepares=prepares, refuses_with=403)


def signed_in(rule: Rule) -> Rule:
    """The same, but only for who has signed in: no key makes, shows or ends credentials."""
    return replace(rule, is_for_people=True)
