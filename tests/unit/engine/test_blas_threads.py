"""NumPy's matrix products stay on the thread that asks, in a process of its own."""

import json
import subprocess
import sys

PROGRAM = """
import json
from threadpoolctl import threadpool_info
from transcriber.engine import use_one_blas_thread
use_one_blas_thread()
print(json.dumps([each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"]))
"""


def test_products_are_kept_to_one_thread() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    threads = json.loads(answer.stdout)
    assert threads
    assert set(threads) == {1}
