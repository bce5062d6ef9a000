"""Telling secrets that somebody chose from those that came with an example."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

_WORDS = (
    *("access", "admin", "administrator", "amqp", "api", "bar", "broker", "change", "database"),
    *("db", "default", "demo", "dev", "development", "dummy", "fake", "fixme", "foo", "guest"),
    *("hello", "here", "insert", "is", "it", "key", "letmein", "local", "login", "me", "metrics"),
    *("minio", "my", "name", "nil", "none", "null", "pass", "passphrase", "passw0rd", "passwd"),
    *("password", "pg", "please", "postgres", "postgresql", "prod", "production", "prometheus"),
    *("pw", "pwd", "queue", "qwerty", "rabbit", "rabbitmq", "redis", "replace", "root", "s3"),
    *("sample", "seaweedfs", "secret", "secrets", "server", "service", "set", "some", "staging"),
    *("storage", "super", "temp", "test", "testing", "the", "this", "tmp", "todo", "token"),
    *("top", "transcriber", "transcription", "user", "welcome", "whisper", "with", "your"),
)
# Nothing but such words, and perhaps a short number behind them, is no secret; nor is nothing.
_NOTHING_ELSE = re.compile(rf"(?:{'|'.join(_WORDS)})*[0-9]{{0,4}}")
_COUNTED = re.compile(r"0?12345[0-9]*")
# No random secret of a useful length holds one of these by chance.
_PARTS = ("changeme", "changethis", "example", "placeholder", "replaceme", "replacethis")
_TEMPLATE = re.compile(r"<.*>|\$?\{.*\}|\$[A-Za-z_]+")


def is_placeholder(secret: str, user: str | None = None) -> bool:
    """Whether a secret is one that an example shows, or no secret at all.

    Args:
        secret: What was set.
        user: The name it belongs to; a password that repeats it is none.
    """
    folded = secret.strip().casefold()
    letters = "".join(character for character in folded if character.isalnum())
    return (
        len(set(folded)) <= 1
        or (user is not None and folded == user.casefold())
        or any(part in letters for part in _PARTS)
        or any(form.fullmatch(letters) for form in (_NOTHING_ELSE, _COUNTED))
        or _TEMPLATE.fullmatch(folded) is not None
    )


def find_credentials(address: str) -> list[tuple[str | None, str]]:
    """The user and password of every credential in an address; none where it needs none.

    Raises:
        ValueError: when it is no address.
    """
    try:
        parts = urlsplit(address)
        named = parse_qs(parts.query, keep_blank_values=True)
    except ValueError:
        raise ValueError("is no address") from None
    user = unquote(parts.username) if parts.username is not None else None
    found = [(user, password) for password in named.get("password", [])]
    if parts.password is not None:
        found.append((user, unquote(parts.password)))
    return found
