"""The wheel carries the web application as the service serves it."""

import gzip
import subprocess
import sys
import zipfile
from collections.abc import Generator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
INSIDE = "transcriber/static/"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Generator[zipfile.ZipFile]:
    if not (REPOSITORY / "src" / INSIDE / "index.html").is_file():
        pytest.skip("the web application is not built: run `make web`")
    directory = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run([*command, "--directory", str(directory)], cwd=REPOSITORY, check=True)
    (built,) = directory.glob("whisper_transcriber-*-py3-none-any.whl")
    with zipfile.ZipFile(built) as archive:
        yield archive


def test_it_carries_the_page_and_all_that_the_page_asks_for(wheel: zipfile.ZipFile) -> None:
    page = wheel.read(f"{INSIDE}index.html").decode()
    names = set(wheel.namelist())
    asked = [part.partition('"')[0] for part in page.split('="/')[1:]]
    assert [name for name in asked if name.startswith("assets/")]
    assert [name for name in asked if INSIDE + name not in names] == []


def test_it_carries_scripts_and_styles_compressed(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    texts = [name for name in names if name.startswith(INSIDE) and name.endswith((".js", ".css"))]
    large = [name for name in texts if wheel.getinfo(name).file_size >= 1_000]
    assert large
    for name in large:
        assert gzip.decompress(wheel.read(f"{name}.gz")) == wheel.read(name)
        brotli = wheel.getinfo(f"{name}.br").file_size
        assert 0 < brotli < wheel.getinfo(f"{name}.gz").file_size
