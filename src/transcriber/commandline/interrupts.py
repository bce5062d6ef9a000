"""An interrupt stays an interrupt, whatever a library makes of it."""

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def raise_interrupts() -> Generator[None]:
    """Let the block end with KeyboardInterrupt, and no other error, once SIGINT came.

    Some libraries take an interrupt that meets them while they are imported for a part that is
    missing, and say so with an error of their own; code without a caller swallows it.  Where SIGINT
    is ignored, or has another handler than Python's own, and outside the main thread nothing is
    changed.

    Raises:
        KeyboardInterrupt: SIGINT came.
    """
    if (
        threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    ):
        yield
        return
    came = threading.Event()

    def remember(number: int, frame: FrameType | None) -> None:
        came.set()
        signal.default_int_handler(number, frame)

    signal.signal(signal.SIGINT, remember)
    try:
        yield
    except Exception as error:
        if came.is_set():
            raise KeyboardInterrupt from error
        raise
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if came.is_set():
        raise KeyboardInterrupt
