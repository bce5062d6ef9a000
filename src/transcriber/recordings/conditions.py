"""Conditional requests (RFC 9110, section 13): whether the client has this very version."""

ANY_VERSION = "*"


def is_known(if_none_match: str | None, etag: str) -> bool:
    """Whether `If-None-Match` names this version; weak and strong tags compare alike here.

    Args:
        if_none_match: The header, a list of entity tags.
        etag: The version at hand, quoted.
    """
    if if_none_match is None:
        return False
    tags = (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
    return if_none_match.strip() == ANY_VERSION or etag.removeprefix("W/") in tags


def is_range_wanted(if_range: str | None, etag: str) -> bool:
    """Whether `If-Range` lets a range be sent: without one, or where it is exactly this version.

    We give out no dates, so a date never matches and the whole is sent, as the RFC asks.
    """
    return if_range is None or if_range.strip() == etag
