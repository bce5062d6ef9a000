"""What an API key looks like: `wt_`, its public id, and 256 random bits."""

import re

from transcriber.infra.identifiers import create_token

PREFIX = "wt_"
# A session's token may begin with the prefix by chance, but is shorter than any key.
_KEY = re.compile(r"wt_[0-9a-f]{32}_[A-Za-z0-9_-]{43}")


def create_secret(key_id: str) -> str:
    """A fresh key under this id, in a form that scanners for leaked secrets can recognise."""
    return f"{PREFIX}{key_id}_{create_token()}"


def is_key(token: str) -> bool:
    """Whether a bearer token has the form of a key, good or not."""
    return _KEY.fullmatch(token) is not None
