"""Secrets that can be recognised wherever they come up again."""

import base64
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote


@dataclass
class Canaries:
    """Makes them, each under the name of what it is a secret of, and finds them in texts."""

    known: dict[str, str] = field(default_factory=dict[str, str])

    def make(self, name: str) -> str:
        self.known[name] = f"canary{secrets.token_hex(12)}"
        return self.known[name]

    def add(self, name: str, secret: str) -> str:
        """One that the service has made itself."""
        self.known[name] = secret
        return secret

    def find(self, texts: Mapping[str, str]) -> list[str]:
        """Which secrets are in which texts, plain or as headers and addresses carry them."""
        return [
            f"{name} in {place}"
            for name, secret in self.known.items()
            for place, text in texts.items()
            if any(form in text for form in _spell(secret))
        ]


def _spell(secret: str) -> Iterable[str]:
    yield secret
    yield quote(secret, safe="")
    yield base64.b64encode(secret.encode()).decode()
    yield secret.encode().hex()
