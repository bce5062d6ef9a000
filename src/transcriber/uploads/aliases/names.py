"""Which addresses are aliases, and what stands behind each of them."""

import re
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Alias:
    """A second name of a route.

    Attributes:
        name: Its path as documents spell it.
        pattern: Its path as requests do.
        successor: Path of the canonical route, with a place for each group of the pattern.
    """

    name: str
    pattern: re.Pattern[str]
    successor: str


INIT = Alias("/uploads/init", re.compile(r"/uploads/init"), "/uploads/")
CHUNK = Alias(
    "/uploads/{id}/chunk/{n}",
    re.compile(r"/uploads/([^/]+)/chunk/([^/]+)"),
    "/uploads/{}/chunks/{}",
)
ALIASES = (INIT, CHUNK)


@dataclass(frozen=True, slots=True)
class AliasPlace:
    """An alias as one request named it, and the path that takes its place."""

    alias: Alias
    successor: str


def find_alias(path: str) -> AliasPlace | None:
    """The alias at a decoded path, if one is there.

    The successor is written anew from the path's own pieces and begins with `/uploads/`: whatever
    a client puts into them, it stays a path of this service.
    """
    for alias in ALIASES:
        found = alias.pattern.fullmatch(path)
        if found is not None:
            pieces = [quote(piece, safe="") for piece in found.groups()]
            return AliasPlace(alias, alias.successor.format(*pieces))
    return None
