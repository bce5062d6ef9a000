import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from transcriber.cli import build_cli
from transcriber.commandline.checks.finding import Check, Finding, examine_all
from transcriber.commandline.checks.folders import check_space, check_writable
from transcriber.commandline.checks.installation import (
    check_packages,
    check_python,
    check_speakers,
    check_speech,
    find_missing,
)
from transcriber.commandline.checks.media import check_codecs
from transcriber.commandline.checks.models import check_models
from transcriber.commandline.checks.processor import check_processor
from transcriber.commandline.checks.services import check_broker, check_database
from transcriber.commandline.failures import CommandError
from transcriber.commandline.server_part import read_settings, require_server
from transcriber.infra.settings import Settings


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MODELS_DIR", "MODEL_CACHE_DIR", "DATA_DIR", "DATABASE_URL", "BROKER_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


def test_an_old_python_is_named_with_the_one_to_install() -> None:
    assert next(check_python((3, 10, 4))).mend == "Install Python 3.11 or newer."
    assert next(check_python()).state == "ok"


def test_the_packages_of_every_part_are_found() -> None:
    assert [(each.name, each.state) for each in check_packages()] == [
        ("packages: engine", "ok"),
        ("packages: cli", "ok"),
        ("packages: server", "ok"),
    ]
    assert find_missing("engine") == []


def test_the_networks_for_speakers_are_found() -> None:
    assert [(each.name, each.state) for each in check_speech()] == [("speech", "ok")]
    assert [(each.name, each.state) for each in check_speakers()] == [("speakers", "ok")]


def test_the_bundled_codecs_read_a_recording() -> None:
    assert [(each.name, each.state) for each in check_codecs()] == [
        ("codecs", "ok"),
        ("decoding", "ok"),
    ]


def test_a_missing_models_directory_says_what_to_do(tmp_path: Path) -> None:
    (finding,) = check_models(tmp_path / "none", tmp_path)
    assert finding.state == "fail"
    assert "MODELS_DIR" in finding.mend


def test_an_empty_models_directory_says_what_to_do(tmp_path: Path) -> None:
    (finding,) = check_models(tmp_path, tmp_path)
    assert (finding.state, finding.finding) == ("fail", f"none is staged in {tmp_path}")


def test_a_damaged_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "base.pt").write_bytes(b"no checkpoint")
    (finding,) = check_models(tmp_path, tmp_path / "cache")
    assert (finding.name, finding.state) == ("model base", "fail")
    assert "base.pt" in finding.finding


def test_a_folder_that_can_be_made_is_well(tmp_path: Path) -> None:
    (here, later) = check_writable([tmp_path, tmp_path / "a" / "b"])
    assert here.finding.endswith("can be written")
    assert later.finding.endswith("can be made")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_below_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (finding,) = check_writable([tmp_path / "file" / "folder"])
    assert finding.state == "fail"


def test_a_disk_is_examined_once(tmp_path: Path) -> None:
    (finding,) = check_space([tmp_path, tmp_path / "a"])
    assert "free of" in finding.finding
    assert bool(finding.mend) == (finding.state == "fail")


def test_an_embedded_database_is_not_made_by_looking(settings: Settings) -> None:
    (finding,) = check_database(settings)
    assert finding.state == "ok"
    assert finding.finding.endswith("will be made by serve")
    assert not settings.data_dir.exists()


def test_an_empty_database_lacks_tables(settings: Settings, tmp_path: Path) -> None:
    settings.data_dir.mkdir()
    (settings.data_dir / "transcriber.sqlite3").touch()
    (finding,) = check_database(settings)
    assert (finding.state, "db upgrade" in finding.mend) == ("warn", True)


def test_the_embedded_broker_needs_nothing(settings: Settings) -> None:
    assert [each.state for each in check_broker(settings)] == ["ok"]


def test_a_driver_without_a_usable_gpu_is_a_warning(tmp_path: Path) -> None:
    driver = tmp_path / "version"
    driver.write_text("NVRM")
    cpu, gpu = check_processor(driver)
    assert (cpu.name, cpu.state, gpu.name) == ("cpu", "ok", "gpu")
    # A machine that runs these tests with a GPU finds that instead.
    assert gpu.state in {"warn", "ok"}
    assert list(check_processor(tmp_path / "none"))[1].state in {"skip", "ok"}


def test_an_examination_that_breaks_is_a_finding_and_the_rest_goes_on() -> None:
    def break_down() -> Iterator[Finding]:
        raise ImportError("libfoo is missing")

    well = Check("b", lambda: [Finding("b", "ok", "fine")])
    first, second = examine_all([Check("a", break_down), well])
    assert (first.name, first.state) == ("a", "fail")
    assert "ImportError: libfoo is missing" in first.finding
    assert second.state == "ok"


def test_the_doctor_reports_as_json_and_fails_when_something_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(build_cli(), ["doctor", "--json"])
    findings = json.loads(result.stdout)
    assert {"python", "codecs", "sandbox", "models", "database", "broker", "permissions"} <= {
        each["name"] for each in findings
    }
    assert [each["name"] for each in findings if each["state"] == "fail"][:1] == ["models"]
    assert result.exit_code == 1
    assert list(tmp_path.iterdir()) == []


def test_the_doctor_shows_how_to_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lines = CliRunner().invoke(build_cli(), ["doctor"]).stdout.splitlines()
    where = lines.index(next(line for line in lines if line.startswith("fail  models")))
    assert lines[where + 1].startswith("      → Put an OpenAI checkpoint")


def test_models_lists_what_is_staged_and_names_what_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "base.pt").write_bytes(b"no checkpoint")
    arguments = ["models", "--models-dir", str(tmp_path), "--model-cache-dir", str(tmp_path / "c")]
    result = CliRunner().invoke(build_cli(), arguments)
    assert result.exit_code == 3
    assert result.stdout.splitlines()[0].split() == [
        *("MODEL", "SIZE", "LANGUAGES", "ORIGIN", "CONVERTED", "STATE"),
    ]
    assert "base.pt" in result.stderr
    (report,) = json.loads(CliRunner().invoke(build_cli(), [*arguments, "--json"]).stdout)
    assert (report["name"], report["code"] is None) == ("base", False)


@pytest.mark.parametrize(("folder", "part"), [("none", "does not exist"), ("", "No model is")])
def test_models_says_when_there_is_none(tmp_path: Path, folder: str, part: str) -> None:
    result = CliRunner().invoke(build_cli(), ["models", "--models-dir", str(tmp_path / folder)])
    assert (result.exit_code, part in result.stderr) == (3, True)


def test_without_the_server_part_one_sentence_says_what_to_install() -> None:
    with pytest.raises(CommandError) as caught:
        require_server(("celery", "no_such_module"))
    assert str(caught.value) == (
        "This command needs the server part: pip install 'whisper-transcriber[server]'."
    )
    assert caught.value.exit_code == 4


def test_an_unusable_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKER_PROCESSES", "many")
    with pytest.raises(CommandError, match=r"^The setting WORKER_PROCESSES: ") as caught:
        read_settings()
    assert caught.value.exit_code == 2


def test_an_option_wins_over_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "1234")
    assert (read_settings(port=None).port, read_settings(port=99).port) == (1234, 99)


def test_db_upgrade_makes_the_tables_and_may_be_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    for _ in range(2):
        result = CliRunner().invoke(build_cli(), ["db", "upgrade"])
        assert (result.exit_code, result.stdout) == (0, "The database is up to date.\n")
    (finding,) = check_database(Settings())
    assert finding.finding.endswith("answers and is up to date")


def test_db_upgrade_says_why_a_database_cannot_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "folder").mkdir()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'folder'}")
    result = CliRunner().invoke(build_cli(), ["db", "upgrade"])
    assert (result.exit_code, result.stderr) == (
        4,
        "The database could not be upgraded: unable to open database file.\n",
    )
