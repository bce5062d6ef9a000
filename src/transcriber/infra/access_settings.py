"""Who may come in by what way, as the operator sets it."""

from ipaddress import ip_network
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode

MAX_KEY_DAYS = 3650
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


class AccessSettings(BaseSettings):
    """API keys, pages of other origins, and the header by which old clients named their user."""

    max_api_keys_per_account: int = Field(
        default=20, ge=1, le=1000, description="Expired and revoked ones do not count."
    )
    api_key_max_days: int = Field(default=365, ge=1, le=MAX_KEY_DAYS)
    cors_allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()
    legacy_user_header_enabled: bool = False

    @field_validator("cors_allowed_origins")
    @classmethod
    def _check_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            if not is_exact_origin(origin):
                raise ValueError(
                    "each must be one origin as browsers send it, such as https://app.example.org: "
                    "scheme and host in lower case, a port only if unusual, no path and no *"
                )
        return value


def is_exact_origin(text: str) -> bool:
    """Whether a browser could send this very text as `Origin` of a page."""
    try:
        parts = urlsplit(text)
        is_port_good = parts.port != 0
    except ValueError:
        return False
    usual = (_DEFAULT_PORTS.get(parts.scheme, ":"), ":")
    return (
        parts.scheme in _DEFAULT_PORTS
        and bool(parts.hostname)
        and is_port_good
        and not parts.netloc.endswith(usual)
        and not set(text) & set("*@%\\ ")
        and text.isascii()
        and text == f"{parts.scheme}://{parts.netloc}".lower()
    )


def check_proxies(networks: tuple[str, ...]) -> tuple[str, ...]:
    """The trusted proxies, if each is an address or a network.

    What cannot be one would never match, and `*` would let everybody say who they are.

    Raises:
        ValueError: when one is not.
    """
    for each in networks:
        try:
            ip_network(each)
        except ValueError:
            raise ValueError(
                "each must be an IP address, or a network such as 10.0.0.0/8 with no bits set "
                "behind its length; names and * are not accepted"
            ) from None
    return networks


def check_bearer(token: SecretStr | None) -> SecretStr | None:
    """A token that can be sent in a header as it is.

    Raises:
        ValueError: when it has characters that a client would have to encode in some way.
    """
    if token is not None:
        text = token.get_secret_value()
        if not text.isascii() or not text.isprintable() or text != text.strip():
            raise ValueError("must be visible ASCII characters, without blanks around them")
    return token
