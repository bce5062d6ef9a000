"""Which traces are kept: the service decides at the request, and what comes of it follows."""

from collections.abc import Sequence

from opentelemetry.context import Context
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import Decision, ParentBased, Sampler, SamplingResult
from opentelemetry.trace import Link, SpanKind, TraceState, get_current_span
from opentelemetry.util.types import Attributes


class RequestSampler(Sampler):
    """Asks the operator's sampler for each request, and for nothing that is a part of one.

    A client chooses the id of its trace and says that it be sampled.  Neither makes a sampler take
    more than it would by itself: it is asked as for a trace of ours, under an id that nobody knew.
    A client may spare us one, where the operator's sampler goes by parents.

    Args:
        configured: The operator's, as `OTEL_TRACES_SAMPLER` names it.
    """

    def __init__(self, configured: Sampler) -> None:
        self._configured = configured
        self._following = ParentBased(configured)
        self._ids = RandomIdGenerator()

    def should_sample(  # noqa: PLR0917 -- the library's own signature
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        """As `Sampler` has it."""
        parent = get_current_span(parent_context).get_span_context()
        if kind is not SpanKind.SERVER or not parent.is_valid:
            return self._following.should_sample(
                parent_context, trace_id, name, kind, attributes, links, trace_state
            )
        if isinstance(self._configured, ParentBased) and not parent.trace_flags.sampled:
            return SamplingResult(Decision.DROP)
        ours = self._ids.generate_trace_id()
        return self._configured.should_sample(Context(), ours, name, kind, attributes, links)

    def get_description(self) -> str:
        """As `Sampler` has it."""
        return f"RequestSampler{{{self._configured.get_description()}}}"
