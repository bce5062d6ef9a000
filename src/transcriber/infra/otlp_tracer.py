"""Traces sent over OTLP to whoever collects them, from a thread that nothing waits for."""

import os
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from importlib.metadata import version

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from transcriber.infra.trace_sampling import RequestSampler
from transcriber.infra.tracing import Attributes, Kind, Traced, Tracer

PARENT = "traceparent"
NANOSECONDS = 1_000_000_000
EXPORT_SECONDS = 2.0
"""How long the receiver may take for a batch; what it does not take is lost, and logged."""
KINDS: Mapping[Kind, SpanKind] = {"server": SpanKind.SERVER, "consumer": SpanKind.CONSUMER}

_propagator = TraceContextTextMapPropagator()


class OtlpTracer(Tracer):
    """Follows what OpenTelemetry's own variables say, as `OTEL_TRACES_SAMPLER`.

    What is recorded is decided once for a request, by `RequestSampler`.

    Args:
        endpoint: The receiver's address, to which `/v1/traces` is added.
    """

    is_on = True

    def __init__(self, endpoint: str) -> None:
        self._provider = TracerProvider(resource=_describe_service())
        # Made without one, the provider has the sampler that the variables name.
        self._provider.sampler = RequestSampler(self._provider.sampler)
        exporter = OTLPSpanExporter(
            endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=EXPORT_SECONDS
        )
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("transcriber")

    @contextmanager
    def trace(
        self, name: str, kind: Kind, parent: str | None, attributes: Attributes
    ) -> Generator[Traced]:
        """As `Tracer` has it."""
        # An empty context: what else is traced in this process is no parent of ours.
        context = _propagator.extract({PARENT: parent} if parent else {})
        with self._tracer.start_as_current_span(
            name,
            context=context,
            kind=KINDS[kind],
            attributes=attributes,
            # The texts of errors name what is nobody else's business.
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield _TracedSpan(span)
            except BaseException as error:
                self.fail(type(error).__name__)
                raise

    def fail(self, code: str) -> None:
        """As `Tracer` has it."""
        span = get_current_span()
        span.set_status(Status(StatusCode.ERROR, code))
        span.set_attribute("error.type", code)

    def record(
        self, name: str, began: float, ended: float, attributes: Attributes, error: str | None
    ) -> None:
        """As `Tracer` has it."""
        if not get_current_span().is_recording():
            return
        since = time.time() - time.perf_counter()
        span = self._tracer.start_span(
            name, attributes=attributes, start_time=round((since + began) * NANOSECONDS)
        )
        if error is not None:
            span.set_status(Status(StatusCode.ERROR, error))
            span.set_attribute("error.type", error)
        span.end(round((since + ended) * NANOSECONDS))

    def close(self) -> None:
        """Send what waits, for as long as one batch may take."""
        self._provider.shutdown()


class _TracedSpan:
    def __init__(self, span: Span) -> None:
        self._span = span
        carrier: dict[str, str] = {}
        _propagator.inject(carrier)
        self.trace_parent = carrier.get(PARENT)

    def rename(self, name: str) -> None:
        """As `Traced` has it."""
        self._span.update_name(name)

    def note(self, attributes: Attributes) -> None:
        """As `Traced` has it."""
        self._span.set_attributes(attributes)


def _describe_service() -> Resource:
    """As OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say, and what they do not."""
    name = os.environ.get("OTEL_SERVICE_NAME") or "whisper-transcriber"
    return Resource.create(
        {"service.name": name, "service.version": version("whisper-transcriber")}
    )
