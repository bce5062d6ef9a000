"""Noticing a signal while the main thread is inside a library call.

Python runs its handlers in the main thread, between two of its own steps.  A model that decodes one
window for half a minute keeps them waiting for as long; the descriptor below is written by the
kernel's call itself.
"""

import signal
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

STOP_SIGNALS = frozenset({signal.SIGTERM, signal.SIGINT})


@contextmanager
def notice_stop_signals(on_stop: Callable[[], None]) -> Generator[None]:
    """Call `on_stop` from a thread as soon as SIGTERM or SIGINT arrives; main thread only.

    Whoever installs handlers for them keeps them: they run later, where Python runs them.
    """
    receiver, sender = socket.socketpair()
    sender.setblocking(False)  # noqa: FBT003 -- the standard library takes it by position

    def listen() -> None:
        while received := receiver.recv(64):
            if STOP_SIGNALS.intersection(received):
                on_stop()

    thread = threading.Thread(target=listen, name="stop-signals", daemon=True)
    previous = signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)
    thread.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(previous)
        sender.close()
        thread.join()
        receiver.close()
