"""Which program uses an alias, as far as it says so, in few and harmless words."""

import re

from transcriber.uploads.aliases.models import MAX_CLIENT_LENGTH

UNKNOWN = "unknown"
OTHER = "other"
MAX_CLIENTS = 50
"""Names that are kept apart: each is a row for every account and a series for every scrape."""

# The product of RFC 9110, section 10.1.5, up to its version.
_PRODUCT = re.compile(r"\s*([^\s/()]+)")
_UNCLEAN = re.compile(r"[^A-Za-z0-9._-]+")


def name_client(user_agent: str | None) -> str:
    """The product name of a User-Agent: letters, digits, dots, dashes and underscores alone."""
    found = _PRODUCT.match(user_agent or "")
    clean = _UNCLEAN.sub("", found[1])[:MAX_CLIENT_LENGTH] if found else ""
    return clean or UNKNOWN


def fold_client(client: str, known: set[str]) -> str:
    """The name under which a client is counted: its own while there is room among `known`.

    A name that finds room is known from here on.
    """
    if client in known:
        return client
    if len(known - {OTHER, UNKNOWN}) >= MAX_CLIENTS and client not in {OTHER, UNKNOWN}:
        return OTHER
    known.add(client)
    return client
