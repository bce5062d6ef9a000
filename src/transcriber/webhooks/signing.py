"""Signatures by the Standard Webhooks specification, version 1.0.0 (standardwebhooks.com)."""

import base64
import hashlib
import hmac
import secrets

SECRET_PREFIX = "whsec_"  # noqa: S105 -- the specification's prefix, not a secret
SECRET_BYTES = 24


def create_secret() -> str:
    """A new secret: 24 random bytes in base64 behind the specification's prefix."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def sign_message(secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers by which a receiver knows who sent a message, and when.

    Args:
        secret: As `create_secret` made it.
        message_id: The same for every attempt, so that a receiver can drop what it has.
        timestamp: Seconds since 1970, of this attempt.
        body: Exactly the bytes sent.
    """
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    content = f"{message_id}.{timestamp}.".encode() + body
    digest = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{digest}",
    }
