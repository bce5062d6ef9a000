"""Passwords and tokens: what is stored can be checked, never used."""

import hashlib
import threading
from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from transcriber.infra.identifiers import create_token

MAX_PASSWORD_LENGTH = 256
MIN_PASSWORD_LENGTH = 10
MAX_PARALLEL_HASHES = 4
"""Each takes 64 MiB, and anyone may ask for one by trying to sign in: 40 at once took 2.4 GB."""
_hashing = threading.BoundedSemaphore(MAX_PARALLEL_HASHES)


@cache
def _get_hasher() -> PasswordHash:
    # RFC 9106's second recommended set (64 MiB, 3 passes, 4 lanes) is the library's default.
    return PasswordHash((Argon2Hasher(),))


@cache
def _get_decoy() -> str:
    return _get_hasher().hash(create_token())


def hash_password(password: str) -> str:
    """Argon2id in PHC form; about 50 ms of one core and 64 MiB, so never inside a transaction."""
    with _hashing:
        return _get_hasher().hash(password)


def check_password(password: str, password_hash: str | None) -> bool:
    """Whether it matches; an account that does not exist (None) costs the same time."""
    with _hashing:
        is_match = _get_hasher().verify(password, password_hash or _get_decoy())
    return is_match and password_hash is not None


def hash_token(token: str) -> str:
    """SHA-256 in hex: enough for a random secret of 256 bits, and quick to look up."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
