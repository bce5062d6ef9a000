"""What a log line may not carry: secrets, and characters that forge or repaint other lines."""

import re
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

_SECRET_NAME = re.compile(
    r"passw|secret|token|authorization|cookie|api_?key|credential|private_?key", re.IGNORECASE
)
# The password of an address, a bearer credential, an API key, a session cookie.
_SECRET_TEXT = re.compile(
    r"(?P<keep>://[^/\s:@]*:)[^@\s/]+(?=@)"
    r"|(?P<scheme>\bBearer\s+)[A-Za-z0-9._~+/=-]{8,}"
    r"|(?P<key>\bwt_[0-9a-f]{32}_)[A-Za-z0-9_-]+"
    r"|(?P<cookie>transcriber_session=)[^;\s]+",
    re.IGNORECASE,
)
# C0 and C1 controls, line separators, and the marks that reorder text.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# The names that hold a traceback, whose own line ends are kept.
_MULTILINE = {"exception", "stack"}

REDACTED = "[redacted]"


def redact_secrets(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace values under telling names and credentials inside texts."""
    return {key: _redact(key, value) for key, value in event.items()}


def escape_controls(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    r"""Write control characters as `\x1b`; lines of a traceback are marked with `| `."""
    return {escape_text(key): _escape(key, value) for key, value in event.items()}


def escape_text(text: str) -> str:
    """The text on one line, every character visible."""
    text = _CONTROL.sub(lambda found: _spell(found[0]), text)
    return _LONE_SURROGATE.sub(lambda found: _spell(found[0]), text)


def _spell(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"  # noqa: PLR2004 -- one byte


def _redact(key: str, value: Any) -> Any:
    if _SECRET_NAME.search(key):
        return REDACTED
    if isinstance(value, str):
        return _SECRET_TEXT.sub(_keep_introduction, value)
    if isinstance(value, Mapping):
        return _redact_members(value)  # pyright: ignore[reportUnknownArgumentType] -- any JSON
    return value


def _redact_members(members: Mapping[Any, Any]) -> dict[Any, Any]:
    return {name: _redact(str(name), item) for name, item in members.items()}


def _keep_introduction(found: re.Match[str]) -> str:
    introduction = next(filter(None, found.groups()), "")
    return introduction + REDACTED


def _escape(key: str, value: Any) -> Any:
    if key in _MULTILINE and isinstance(value, str):
        return "\n".join("| " + escape_text(line) for line in value.split("\n"))
    if isinstance(value, str):
        return escape_text(value)
    if isinstance(value, (bool, int, float, type(None))):
        return value
    if isinstance(value, Mapping):
        return _escape_members(value)  # pyright: ignore[reportUnknownArgumentType] -- any JSON
    if isinstance(value, (list, tuple)):
        return _escape_elements(value)  # pyright: ignore[reportUnknownArgumentType] -- any JSON
    return escape_text(str(value))


def _escape_elements(elements: Iterable[Any]) -> list[Any]:
    return [_escape("", element) for element in elements]


def _escape_members(members: Mapping[Any, Any]) -> dict[str, Any]:
    return {escape_text(str(name)): _escape(str(name), item) for name, item in members.items()}
