from collections.abc import Generator
from pathlib import Path

import pytest

from disturbed_service import Disturbed, run_disturbed


@pytest.fixture
def disturbed(tmp_path: Path) -> Generator[Disturbed]:
    with run_disturbed(tmp_path, disk_low_water_bytes=0) as running:
        yield running
