"""The periodic sealer of a worker: what it seals, and what it tells the log."""

from collections.abc import Callable

from structlog.testing import capture_logs

from transcriber.infra.audit_chain import SealKeys
from transcriber.infra.audit_sealing import Sealer
from transcriber.infra.audit_verification import verify_entries
from transcriber.infra.context import Context

Act = Callable[..., None]
PLAIN = SealKeys(None, {})
KEYED = SealKeys("k", {"k": b"k" * 32})


def test_the_log_keeps_the_chains_end_from_time_to_time(context: Context, act: Act) -> None:
    sealer = Sealer(context)
    with capture_logs() as logged:
        sealer.seal()
        act(3, keys=None)
        sealer.seal()
        act(1, keys=None)
        sealer.seal()
    found = verify_entries(context.database, PLAIN)
    assert (found.checked, found.unsealed) == (4, 0)
    assert [(line["event"], line["sequence"]) for line in logged] == [("audit_sealed", 3)]
    assert len(logged[0]["hash"]) == 64


def test_a_process_without_the_chains_key_seals_nothing_and_says_so_once(
    context: Context, act: Act
) -> None:
    act(1, keys=KEYED)
    act(2, keys=None)
    sealer = Sealer(context)
    with capture_logs() as logged:
        sealer.seal()
        sealer.seal()
    assert [line["event"] for line in logged] == ["audit_seal_key_missing"]
    assert verify_entries(context.database, KEYED).unsealed == 2
