import contextlib
import signal
import threading

import pytest

from transcriber.commandline.interrupts import raise_interrupts


def interrupt() -> None:
    signal.raise_signal(signal.SIGINT)


def import_badly() -> None:
    """As a package does that knows one reason only for a failed import."""
    with raise_interrupts():
        try:
            interrupt()
        except KeyboardInterrupt:
            raise RuntimeError("A package is missing.") from None


def swallow(seen: list[str]) -> None:
    with raise_interrupts():
        with contextlib.suppress(KeyboardInterrupt):
            interrupt()
        seen.append("end of the block")


def test_an_interrupt_that_a_library_takes_for_a_missing_part_is_one() -> None:
    with pytest.raises(KeyboardInterrupt):
        import_badly()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interrupt_that_was_swallowed_comes_when_the_block_ends() -> None:
    seen: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        swallow(seen)
    assert seen == ["end of the block"]


def test_without_an_interrupt_errors_are_what_they_were() -> None:
    with pytest.raises(RuntimeError, match="of its own"), raise_interrupts():
        raise RuntimeError("An error of its own.")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_ignored_interrupt_stays_ignored() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with raise_interrupts():
            interrupt()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def test_other_threads_may_ask_and_change_nothing() -> None:
    def work() -> None:
        with raise_interrupts():
            pass

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
