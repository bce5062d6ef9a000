"""Traces of what the service does for one request, wherever it does it; off by default.

Nothing of OpenTelemetry is loaded while nothing is traced.
"""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Literal, Protocol

from transcriber.infra.errors import StartupError
from transcriber.infra.settings import Settings

Kind = Literal["server", "consumer"]
Attributes = Mapping[str, str | int | float]


class Traced(Protocol):
    """One thing that is being done.

    Attributes:
        trace_parent: Its place in its trace, for what it brings about; None where none is kept.
    """

    trace_parent: str | None

    def rename(self, name: str) -> None:
        """Call it as is only known by now."""
        ...

    def note(self, attributes: Attributes) -> None:
        """Say more of it."""
        ...


class Tracer:
    """Traces nothing; the one of a service for which no receiver is set.

    Attributes:
        is_on: Whether anything is traced.
    """

    is_on: bool = False

    @contextmanager
    def trace(
        self,
        name: str,  # noqa: ARG002 -- others use what this one has no use for
        kind: Kind,  # noqa: ARG002
        parent: str | None,  # noqa: ARG002
        attributes: Attributes,  # noqa: ARG002
    ) -> Generator[Traced]:
        """What is done meanwhile is one thing; an exception that leaves it makes it a failure.

        Args:
            name: What it is, without anybody's data.
            kind: Whether it is done for who waits, or taken from a queue.
            parent: Of what it is a part, as W3C's `traceparent` writes it; None where of nothing.
            attributes: What else is known of it.
        """
        yield _NOTHING

    def fail(self, code: str) -> None:
        """Say that what is being done by this thread or task failed, and by what code."""

    def record(
        self, name: str, began: float, ended: float, attributes: Attributes, error: str | None
    ) -> None:
        """A part of what is being done by this thread or task, which is over; else nothing.

        Args:
            name: What it was, without anybody's data.
            began: When it began, in seconds of `time.perf_counter`.
            ended: When it was over, likewise.
            attributes: What else is known of it.
            error: The code by which it failed; None where it did not.
        """

    def close(self) -> None:
        """Send what was not sent yet, for a moment."""


class _Nothing:
    trace_parent: str | None = None

    def rename(self, name: str) -> None:
        """Nothing."""

    def note(self, attributes: Attributes) -> None:
        """Nothing."""


_NOTHING = _Nothing()


def build_tracer(settings: Settings) -> Tracer:
    """The tracer that the settings ask for.

    Raises:
        StartupError: they ask for one, and what it needs is not installed.
    """
    endpoint = settings.otel_exporter_otlp_endpoint
    if endpoint is None:
        return Tracer()
    try:
        from transcriber.infra.otlp_tracer import (  # noqa: PLC0415 -- loaded only where it is used
            OtlpTracer,
        )
    except ModuleNotFoundError as error:
        raise StartupError(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, and the packages for it are not installed: "
            "install whisper-transcriber[tracing], or requirements/tracing.txt."
        ) from error
    return OtlpTracer(endpoint)
