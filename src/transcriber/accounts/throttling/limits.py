"""How many attempts of what there may be, and what each of them is counted under.

Nothing is counted under the name of an account alone: then anyone could lock its owner out.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta

from transcriber.accounts.clients import group_address
from transcriber.accounts.names import fold_name


@dataclass(frozen=True, slots=True)
class Limit:
    """So many attempts in a window, which the first of them opens.

    Attributes:
        name: Keeps the counts of two limits apart.
        attempts: How many there may be.
        window: For how long they count.
        subject: What is too many, as the refusal says it.
    """

    name: str
    attempts: int
    window: timedelta
    subject: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A limit and the hash of whom it is applied to."""

    limit: Limit
    key: str


PER_NAME_AND_ADDRESS = Limit("sign-in.name", 10, timedelta(minutes=5), "failed sign-ins")
# Many people may sit behind one address, and some of them forget their passwords.
PER_ADDRESS = Limit("sign-in.address", 100, timedelta(minutes=5), "failed sign-ins")
PER_SESSION = Limit("password.session", 10, timedelta(minutes=5), "wrong passwords")
SIGN_UPS = Limit("sign-up.address", 10, timedelta(hours=1), "attempts to sign up")


def count_sign_in(address: str, name: str) -> tuple[Counted, Counted]:
    """What a failed sign-in counts for: this address with this name, and this address."""
    group = group_address(address)
    return (
        _count(PER_NAME_AND_ADDRESS, group, fold_name(name)),
        _count(PER_ADDRESS, group),
    )


def count_password_change(token_hash: str) -> tuple[Counted]:
    """What a wrong current password counts for: its session, as a thief must not stop the owner."""
    return (_count(PER_SESSION, token_hash),)


def count_sign_up(address: str) -> tuple[Counted]:
    """What an attempt to sign up counts for."""
    return (_count(SIGN_UPS, group_address(address)),)


def _count(limit: Limit, *whom: str) -> Counted:
    document = json.dumps([limit.name, *whom])
    return Counted(limit, hashlib.sha256(document.encode()).hexdigest())
