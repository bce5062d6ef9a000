"""What a service in production does not start with."""

from typing import TYPE_CHECKING

from transcriber.infra.placeholders import find_credentials, is_placeholder

if TYPE_CHECKING:
    from pydantic import SecretStr

    from transcriber.infra.settings import Settings


def refuse_unfit(settings: "Settings") -> None:
    """Look for what is fine on one's own machine only.

    Raises:
        ValueError: naming the variable and never its value, in one sentence.
    """
    _refuse_address("DATABASE_URL", settings.database_url)
    _refuse_address("BROKER_URL", settings.broker_url)
    _refuse_secret("S3_ACCESS_KEY_ID", settings.s3_access_key_id)
    key = settings.s3_secret_access_key
    _refuse_secret(
        "S3_SECRET_ACCESS_KEY",
        key.get_secret_value() if key else None,
        user=settings.s3_access_key_id,
    )
    token = settings.metrics_token
    _refuse_secret("METRICS_TOKEN", token.get_secret_value() if token else None)
    if settings.public_url is not None and not settings.public_url.startswith("https://"):
        raise ValueError("PUBLIC_URL must begin with https:// in production")
    if settings.cookie_secure is False:
        raise ValueError(
            "COOKIE_SECURE must not be false in production: sessions would travel unencrypted"
        )
    if settings.legacy_user_header_enabled and settings.sign_up == "open":
        raise ValueError(
            "LEGACY_USER_HEADER_ENABLED and SIGN_UP=open do not go together in production: "
            "a header that proves nothing would open the accounts of strangers"
        )


def _refuse_address(variable: str, address: "SecretStr | None") -> None:
    if address is None:
        return
    try:
        credentials = find_credentials(address.get_secret_value())
    except ValueError as error:
        raise ValueError(f"{variable} {error}") from None
    for user, password in credentials:
        _refuse_secret(variable, password, user=user, what="has a password that")


def _refuse_secret(
    variable: str, secret: str | None, *, user: str | None = None, what: str = ""
) -> None:
    if secret is not None and is_placeholder(secret, user):
        raise ValueError(
            f"{variable} {what + ' ' if what else ''}is a placeholder, with which production does "
            "not start: set a random one"
        )
