"""Passwords whose hashes cost nothing to make or check: hundreds of tests sign somebody in."""

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

# A hash carries its costs with it, so the service checks this one as it does any other.
_LIGHT = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))


def hash_lightly(password: str) -> str:
    """Argon2id at the least that it can cost; see `test_passwords_and_tokens.py` for the real."""
    return _LIGHT.hash(password)
