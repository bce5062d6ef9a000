"""Fixtures that many tests share: the staged weights and the temporary places around them."""

from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """The staged models; a missing checkpoint is an error, because a skip would hide it."""
    directory = REPOSITORY / "models"
    if not (directory / "base.pt").is_file():
        pytest.fail("models/base.pt is missing: run `make models` first.")
    return directory


@pytest.fixture(scope="session")
def model_cache_dir() -> Path:
    """Converted checkpoints, shared by the tests and kept between runs."""
    directory = REPOSITORY / ".cache" / "converted"
    directory.mkdir(parents=True, exist_ok=True)
    return directory
