"""How a process notices that it must end, and how it takes all it started with it."""

import signal
import subprocess
import sys

from patience import is_gone, wait_until
from transcriber.infra.exit_status import ExitStatus

END_WITH_CHILD = """
import subprocess, sys
from transcriber.infra.exit_status import ExitStatus, end_process_tree
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"],
                         start_new_session=True)
print(child.pid, flush=True)
end_process_tree(ExitStatus.HUNG)
"""
BUSY_IN_C = """
import hashlib, os
from transcriber.infra.signals import notice_stop_signals
import signal
signal.signal(signal.SIGTERM, lambda *_: None)
with notice_stop_signals(lambda: os.write(1, b"noticed\\n")):
    os.write(1, b"ready\\n")
    hashlib.pbkdf2_hmac("sha256", b"a", b"b", 2_000_000_000)
"""


def test_a_child_in_a_session_of_its_own_ends_with_the_process() -> None:
    done = subprocess.run(
        [sys.executable, "-c", END_WITH_CHILD], capture_output=True, text=True, check=False
    )
    assert done.returncode == ExitStatus.HUNG
    pid = int(done.stdout)
    wait_until(lambda: is_gone(pid))


def test_sigterm_is_noticed_while_the_main_thread_is_inside_a_library() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", BUSY_IN_C], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "ready\n"
            process.send_signal(signal.SIGTERM)
            assert process.stdout.readline() == "noticed\n"
            assert process.poll() is None
        finally:
            process.kill()
