import subprocess
import sys

# 64 MiB for each hash (RFC 9106): 16 at once would take a gibibyte.
MEASURE = """
import resource, threading
from transcriber.infra.security import check_password

def read_peak_mib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

check_password("first", None)
before = read_peak_mib()
threads = [threading.Thread(target=check_password, args=("x", None)) for _ in range(16)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(read_peak_mib() - before)
"""


def test_many_sign_ins_at_once_take_bounded_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEASURE], check=True, capture_output=True, text=True
    )
    assert int(done.stdout) < 4 * 64 + 64
