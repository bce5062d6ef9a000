"""What the API of one machine does not hold in memory until something needs it."""

import subprocess
import sys
from pathlib import Path

import pytest

LOADED = """
import sys
import transcriber.serving
from transcriber.infra.context import build_context
from transcriber.infra.settings import Settings
context = build_context(Settings(data_dir=sys.argv[1], models_dir=sys.argv[1]))
context.close()
sys.exit(sys.argv[2] in sys.modules)
"""


@pytest.mark.parametrize(
    "library",
    [
        *("ctranslate2", "numpy", "docx", "lxml", "typst", "psycopg", "valkey"),
        *("opentelemetry.sdk", "opentelemetry.exporter"),
    ],
)
def test_the_api_at_rest_has_loaded_no(library: str, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", LOADED, str(tmp_path), library], check=True)
