"""A service under a real server, for each database, with accounts and a client of nobody's."""

from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from authorisation.matrix import Matrix
from authorisation.objects import CHUNK_BYTES
from authorisation.people import add_cast
from live_api import READ_TIMEOUT_SECONDS, serve_api
from service_context import build_settings, create_postgres_database, open_context

PLENTY = 10_000
# More than any one account has here, and less than all together.
MAX_KEYS = 8


def open_matrix(stack: ExitStack, data_dir: Path, **choices: object) -> Matrix:
    """A service of which nothing is known yet."""
    settings = build_settings(
        data_dir,
        disk_low_water_bytes=0,
        upload_chunk_bytes=CHUNK_BYTES,
        max_open_uploads_per_account=PLENTY,
        max_streams_per_account=PLENTY,
        max_api_keys_per_account=MAX_KEYS,
        stream_heartbeat_seconds=0.2,
        webhook_allowed_hosts="*.example.org",
        **choices,
    )
    settings.models_dir.mkdir(exist_ok=True)
    (settings.models_dir / "base.pt").write_bytes(b"not looked at here")
    context = stack.enter_context(open_context(settings))
    api = stack.enter_context(serve_api(context))
    client = httpx.Client(base_url=api.address, timeout=READ_TIMEOUT_SECONDS, trust_env=False)
    return Matrix(context, stack.enter_context(client), add_cast(context))


@pytest.fixture
def matrix(tmp_path: Path) -> Generator[Matrix]:
    with ExitStack() as stack:
        yield open_matrix(stack, tmp_path)


@pytest.fixture
def postgres_matrix(tmp_path: Path) -> Generator[Matrix]:
    with ExitStack() as stack:
        url = stack.enter_context(create_postgres_database())
        yield open_matrix(stack, tmp_path, database_url=url)
