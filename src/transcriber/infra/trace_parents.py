"""What a client says of its request's place in a trace (https://www.w3.org/TR/trace-context/)."""

import re

from starlette.datastructures import Headers

MAX_LENGTH = 256
"""Of the header, for versions to come; today's has 55 characters."""
_KNOWN, _FORBIDDEN = "00", "ff"
_SAMPLED = 1
_FORM = re.compile(
    r"(?P<version>[0-9a-f]{2})-(?P<trace>(?!0{32})[0-9a-f]{32})-(?P<span>(?!0{16})[0-9a-f]{16})"
    r"-(?P<flags>[0-9a-f]{2})(?P<rest>-.*)?",
    re.ASCII,
)


def read_trace_parent(headers: Headers) -> str | None:
    """The request's `traceparent`, reduced to what we know of it.

    None where there is none, where there are several, and where it is not one: whatever else is
    sent goes nowhere, least of all into a log.
    """
    given = headers.getlist("traceparent")
    if len(given) != 1 or len(given[0]) > MAX_LENGTH:
        return None
    found = _FORM.fullmatch(given[0].strip(" \t"))
    if found is None or found["version"] == _FORBIDDEN:
        return None
    if found["version"] == _KNOWN and found["rest"]:
        return None
    sampled = int(found["flags"], 16) & _SAMPLED
    return f"{_KNOWN}-{found['trace']}-{found['span']}-{sampled:02x}"
