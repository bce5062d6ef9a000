import subprocess
import sys

PROGRAM = """
import sys
from transcriber.infra.process_memory import keep_memory_small
keep_memory_small()
import structlog
assert "pygments" not in sys.modules
structlog.get_logger().info("said", what="something")
from rich.traceback import Traceback
"""


def test_logging_works_without_what_it_does_not_need_and_others_still_get_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "something" in done.stdout
