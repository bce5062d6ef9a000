"""From when on the aliases do what."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import StrEnum

from transcriber.infra.settings import Settings


class Phase(StrEnum):
    """What an alias does with a request: serves it, sends it to the canonical path, refuses it."""

    ACTIVE = "active"
    REDIRECTING = "redirecting"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasSchedule:
    """The three dates, each at or after the one before it.

    Attributes:
        deprecated_at: Said in `Deprecation`; nothing else begins then.
        redirect_at: First moment of the redirects.
        gone_at: First moment of the refusals; said in `Sunset`.
    """

    deprecated_at: datetime
    redirect_at: datetime
    gone_at: datetime

    @classmethod
    def of(cls, settings: Settings) -> "AliasSchedule":
        """The operator's dates."""
        return cls(
            deprecated_at=settings.upload_alias_deprecated_at,
            redirect_at=settings.upload_alias_redirect_at,
            gone_at=settings.upload_alias_gone_at,
        )

    def find_phase(self, now: datetime) -> Phase:
        """The phase at a moment."""
        if now >= self.gone_at:
            return Phase.GONE
        return Phase.REDIRECTING if now >= self.redirect_at else Phase.ACTIVE

    def describe(self, successor: str) -> dict[str, str]:
        """The headers of every answer: RFC 9745, RFC 8594, and where to go."""
        return {
            "Deprecation": f"@{int(self.deprecated_at.timestamp())}",
            "Sunset": format_datetime(self.gone_at.astimezone(UTC), usegmt=True),
            "Link": f'<{successor}>; rel="successor-version"',
        }
