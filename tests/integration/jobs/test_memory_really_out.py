"""A process that the kernel refuses memory to: the error has its own name, whatever said it."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import resource, sys
from pathlib import Path
import numpy as np
from transcriber.engine.errors import OutOfMemoryError
from transcriber.engine.options import TranscribeOptions
from transcriber.engine.results import Span
from transcriber.infra.settings import Settings
from transcriber.jobs.engines import LoadedEngines
from transcriber.jobs.memory_fallback import work_with_less

data, models, cache = map(Path, sys.argv[1:])
engines = LoadedEngines(
    Settings(
        _env_file=None, data_dir=data, models_dir=models, model_cache_dir=cache,
        device="cpu", compute_type="float32", threads=1,
    )
)
engines.load("base")
status = Path("/proc/self/status").read_text().splitlines()
held = next(int(line.split()[1]) for line in status if line.startswith("VmData")) * 1024
resource.setrlimit(resource.RLIMIT_DATA, (held + (20 << 20),) * 2)
noise = np.random.default_rng(1).standard_normal(30 * 16_000).astype(np.float32) / 10

def work(engine):
    options = TranscribeOptions(language="en", vad_filter=False)
    return engine.transcribe_span(noise, Span(0, 0.0, 30.0), options).result()

try:
    work_with_less(engines, "base", work, print)
except OutOfMemoryError as error:
    print(error.code)
    print(engines.find_problem("base"))
"""


@pytest.mark.weights
def test_a_real_want_of_memory_has_its_own_code_and_leaves_the_model_undamaged(
    tmp_path: Path, models_dir: Path, model_cache_dir: Path
) -> None:
    command = [sys.executable, "-c", SCRIPT, tmp_path, models_dir, model_cache_dir]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.splitlines()[-2:] == ["out_of_memory", "None"], done.stderr
