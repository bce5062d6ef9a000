"""Identifiers of rows and stored objects."""

import secrets
import uuid

TOKEN_BYTES = 32


def create_id() -> str:
    """A random 32-character hex id: unguessable, safe as a file name and in an address."""
    return uuid.uuid4().hex


def create_token() -> str:
    """A secret of 256 bits, URL-safe."""
    return secrets.token_urlsafe(TOKEN_BYTES)
