import pytest
from opentelemetry.context import Context
from opentelemetry.sdk.trace.sampling import (
    ALWAYS_OFF,
    ALWAYS_ON,
    ParentBased,
    Sampler,
    TraceIdRatioBased,
)
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    TraceFlags,
    set_span_in_context,
)

from transcriber.infra.trace_sampling import RequestSampler

LOW_ID = 1
"""Every sampler that goes by a share of ids takes this one."""


def is_kept(
    sampler: Sampler, *, sampled: bool | None = None, kind: SpanKind = SpanKind.SERVER
) -> bool:
    """Whether something is, whose parent is sampled, is not, or does not exist."""
    context = Context()
    if sampled is not None:
        parent = SpanContext(LOW_ID, 2, is_remote=True, trace_flags=TraceFlags(int(sampled)))
        context = set_span_in_context(NonRecordingSpan(parent), context)
    result = RequestSampler(sampler).should_sample(context, LOW_ID, "name", kind)
    return result.decision.is_sampled()


@pytest.mark.parametrize("sampler", [ALWAYS_OFF, ParentBased(ALWAYS_OFF)])
def test_who_asks_for_a_trace_gets_none_where_none_is_wanted(sampler: Sampler) -> None:
    assert not is_kept(sampler, sampled=True)


@pytest.mark.parametrize("sampler", [ALWAYS_ON, ParentBased(ALWAYS_ON)])
def test_who_asks_for_a_trace_gets_it_where_all_are(sampler: Sampler) -> None:
    assert is_kept(sampler, sampled=True)
    assert is_kept(sampler)


@pytest.mark.parametrize(
    "sampler", [TraceIdRatioBased(0.001), ParentBased(TraceIdRatioBased(0.001))]
)
def test_no_id_is_taken_more_often_than_others(sampler: Sampler) -> None:
    # A thousandth of these is less than one; thirty of them come in no lifetime.
    assert sum(is_kept(sampler, sampled=True) for _ in range(500)) < 30


def test_a_client_may_spare_us_a_trace() -> None:
    assert not is_kept(ParentBased(ALWAYS_ON), sampled=False)
    assert is_kept(ALWAYS_ON, sampled=False)


@pytest.mark.parametrize("kind", [SpanKind.CONSUMER, SpanKind.INTERNAL])
@pytest.mark.parametrize("sampler", [ALWAYS_OFF, ALWAYS_ON, TraceIdRatioBased(0.5)])
def test_what_comes_of_a_request_follows_it(sampler: Sampler, kind: SpanKind) -> None:
    assert is_kept(sampler, sampled=True, kind=kind)
    assert not is_kept(sampler, sampled=False, kind=kind)


def test_work_that_nobody_traced_is_decided_by_itself() -> None:
    assert is_kept(ALWAYS_ON, kind=SpanKind.CONSUMER)
    assert not is_kept(ALWAYS_OFF, kind=SpanKind.CONSUMER)
