"""Passwords the service makes itself, for someone who will choose their own."""

import secrets
from dataclasses import dataclass

# 24 symbols of 32 carry 120 bits; look-alikes (l, 1, o, 0) are left out, for it is typed once.
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
PASSWORD_LENGTH = 24


@dataclass(frozen=True, slots=True)
class IssuedPassword:
    """An account's name and its new password, which is stored nowhere."""

    name: str
    password: str


def create_password() -> str:
    """A random password that a person can copy from a screen."""
    return "".join(secrets.choice(ALPHABET) for _ in range(PASSWORD_LENGTH))
