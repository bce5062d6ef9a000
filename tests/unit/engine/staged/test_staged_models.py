from pathlib import Path

import pytest

from transcriber.engine.errors import ModelError
from transcriber.engine.models import StagedModel, find_model, list_models


@pytest.fixture
def models(tmp_path: Path) -> Path:
    (tmp_path / "base.pt").write_bytes(b"12345")
    (tmp_path / "large-v3.pt").write_bytes(b"1")
    for name in ("tiny", "base"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.bin").write_bytes(b"123")
    return tmp_path


def test_lists_checkpoints_and_directories_by_name(models: Path) -> None:
    assert list_models(models) == [
        StagedModel("base", models / "base.pt", "checkpoint", 5),
        StagedModel("large-v3", models / "large-v3.pt", "checkpoint", 1),
        StagedModel("tiny", models / "tiny", "ctranslate2", 3),
    ]


def test_ignores_everything_else(models: Path) -> None:
    (models / "empty").mkdir()
    (models / ".hidden.pt").write_bytes(b"")
    (models / "base.pt.sha256").write_bytes(b"")
    (models / "dir.pt").mkdir()
    (models / "dangling.pt").symlink_to(models / "gone")
    (models / "sp ace.pt").write_bytes(b"")

    assert [model.name for model in list_models(models)] == ["base", "large-v3", "tiny"]


def test_one_entry_that_cannot_be_looked_at_hides_no_other(models: Path) -> None:
    # A link in a circle fails for root as well, unlike a missing permission.
    (models / "circle").mkdir()
    (models / "circle" / "model.bin").symlink_to("model.bin")
    (models / "long").mkdir()
    (models / "long" / "model.bin").symlink_to("x" * 300)

    assert [model.name for model in list_models(models)] == ["base", "large-v3", "tiny"]


def test_finds_by_name_and_by_openais_second_name(models: Path) -> None:
    assert find_model("tiny", models).path == models / "tiny"
    assert find_model("large", models).name == "large-v3"


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "base.pt", "", ".", "base\0", "a" * 5_000])
def test_refuses_what_is_not_staged_and_names_what_is(models: Path, name: str) -> None:
    with pytest.raises(ModelError, match="which holds base, large-v3, tiny") as caught:
        find_model(name, models)

    assert caught.value.code == "model_missing"
    assert len(str(caught.value)) < 400


def test_says_that_nothing_is_staged(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="which holds nothing"):
        find_model("base", tmp_path)


def test_says_that_the_directory_is_missing(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    for path in (tmp_path / "gone", blocked):
        with pytest.raises(ModelError, match="does not exist") as caught:
            list_models(path)
        assert caught.value.code == "models_dir_missing"


def test_says_that_the_directory_is_unreadable(tmp_path: Path) -> None:
    # A name that is too long fails for root as well, unlike a missing permission.
    with pytest.raises(ModelError, match="cannot be read: File name too long") as caught:
        list_models(tmp_path / ("x" * 300))

    assert caught.value.code == "model_unreadable"
