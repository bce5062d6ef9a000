import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from fake_engine import FakeEngine
from transcriber.cli import build_cli
from transcriber.engine.options import TranscribeOptions
from transcriber.formats import KINDS

Run = Callable[..., Result]


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def run(engine: FakeEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    for name, content in (
        ("talk.mp3", "Good morning."),
        ("talk.wav", "Good evening."),
        ("bad.mp3", "broken"),
        ("stop.mp3", "interrupt"),
        ("fault.mp3", "fault"),
    ):
        (tmp_path / name).write_text(content)
    return lambda *args: CliRunner().invoke(build_cli(engine.load), ["transcribe", *args])


def list_new_files(folder: Path) -> set[str]:
    sources = {"talk.mp3", "talk.wav", "bad.mp3", "stop.mp3", "fault.mp3"}
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - sources


def test_one_recording_is_printed_and_progress_stays_off_standard_output(run: Run) -> None:
    result = run("talk.mp3")
    assert (result.exit_code, result.stdout) == (0, "Good morning.\nThe end.\n")
    assert "talk.mp3: 0:06 of audio in 0:00, real-time factor 0.00, language en" in result.stderr


def test_quiet_says_nothing_when_all_is_well(run: Run) -> None:
    assert run("talk.mp3", "--quiet").stderr == ""


def test_quiet_still_says_what_failed(run: Run) -> None:
    result = run("bad.mp3", "--quiet")
    assert (result.exit_code, result.stderr) == (1, "bad.mp3: This is no recording.\n")


@pytest.mark.parametrize(("given", "meant"), [("auto", "auto"), ("2", 2)])
def test_speakers_that_cannot_be_told_apart_are_said_and_the_text_is_there(
    run: Run, engine: FakeEngine, given: str, meant: object
) -> None:
    result = run("talk.mp3", "--speakers", given)
    assert (result.exit_code, result.stdout) == (0, "Good morning.\nThe end.\n")
    assert "talk.mp3: speakers could not be told apart: A network is missing." in result.stderr
    assert engine.options[0].speakers == meant


def test_each_option_reaches_the_engine(run: Run, engine: FakeEngine, tmp_path: Path) -> None:
    result = run(
        *("talk.mp3", "--model", "small", "--models-dir", "m", "--model-cache-dir", "c"),
        *("--device", "cpu", "--compute-type", "int8", "--threads", "3", "--language", "de"),
        *("--task", "translate", "--beam-size", "2", "--initial-prompt", "Hello", "--hotwords"),
        *("Anna", "--word-timestamps", "--no-vad"),
    )
    assert result.exit_code == 0
    (choice,) = engine.choices
    assert (choice.model, choice.models_dir, choice.model_cache_dir) == (
        "small",
        Path("m"),
        Path("c"),
    )
    assert (choice.device, choice.compute_type, choice.threads) == ("cpu", "int8", 3)
    assert engine.options == [
        TranscribeOptions(
            language="de",
            task="translate",
            beam_size=2,
            initial_prompt="Hello",
            hotwords="Anna",
            word_timestamps=True,
            vad_filter=False,
        )
    ]


def test_defaults_are_the_engines(run: Run, engine: FakeEngine) -> None:
    run("talk.mp3")
    assert engine.options == [TranscribeOptions()]


def test_several_recordings_become_files_beside_them(run: Run, tmp_path: Path) -> None:
    result = run("talk.mp3", "talk.wav")
    assert (result.exit_code, result.stdout) == (0, "")
    assert (tmp_path / "talk.mp3.txt").read_text() == "Good morning.\nThe end.\n"
    assert (tmp_path / "talk.wav.txt").read_text() == "Good evening.\nThe end.\n"
    assert list_new_files(tmp_path) == {"talk.mp3.txt", "talk.wav.txt"}


def test_all_formats_become_files(run: Run, tmp_path: Path) -> None:
    assert run("talk.mp3", "--format", "all").exit_code == 0
    assert list_new_files(tmp_path) == {f"talk.{each}" for each in KINDS}
    assert json.loads((tmp_path / "talk.json").read_text())["text"] == "Good morning. The end."


def test_an_output_directory_is_made(run: Run, tmp_path: Path) -> None:
    assert run("talk.mp3", "-f", "srt", "-f", "txt", "-o", "deep/er").exit_code == 0
    assert list_new_files(tmp_path) == {"deep/er/talk.srt", "deep/er/talk.txt"}


def test_an_output_directory_that_cannot_be_made_is_one_sentence(run: Run) -> None:
    result = run("talk.mp3", "-o", "talk.wav/inside")
    assert result.exit_code == 4
    assert result.stderr == (
        "The output directory talk.wav/inside cannot be made: Not a directory.\n"
    )


def test_subtitle_limits_reach_the_writer(run: Run) -> None:
    result = run("talk.mp3", "-f", "srt", "--max-line-length", "10", "--max-line-count", "1")
    assert [line for line in result.stdout.splitlines() if line[:1].isalpha()] == [
        "Good",
        "morning.",
        "The end.",
    ]


def test_a_bad_recording_does_not_stop_the_others(run: Run, tmp_path: Path) -> None:
    result = run("bad.mp3", "missing.mp3", ".", "talk.mp3", "-o", "out")
    assert result.exit_code == 1
    for line in (
        "bad.mp3: This is no recording.",
        "missing.mp3: there is no such file.",
        ".: this is a directory, not a recording.",
    ):
        assert line in result.stderr.splitlines()
    assert list_new_files(tmp_path) == {"out/talk.txt"}


def test_names_that_lead_nowhere_do_not_stop_the_others(run: Run, tmp_path: Path) -> None:
    (tmp_path / "circle.mp3").symlink_to("circle.mp3")
    too_long = "x" * 300
    result = run("circle.mp3", too_long, "talk.mp3/inside", "talk.mp3", "-o", "out")
    assert result.exit_code == 1
    for line in (
        "circle.mp3: it cannot be opened: Too many levels of symbolic links.",
        f"{too_long}: it cannot be opened: File name too long.",
        "talk.mp3/inside: there is no such file.",
    ):
        assert line in result.stderr.splitlines()
    assert list_new_files(tmp_path) == {"out/talk.txt"}


def test_no_model_is_loaded_when_no_recording_is_there(run: Run, engine: FakeEngine) -> None:
    assert run("missing.mp3").exit_code == 1
    assert engine.choices == []


def test_existing_transcripts_can_be_kept(run: Run, engine: FakeEngine, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "talk.txt").write_text("by hand")
    result = run("talk.mp3", "-o", "out", "--keep-existing")
    assert result.exit_code == 0
    assert "talk.mp3: its transcript is there already." in result.stderr
    assert (tmp_path / "out" / "talk.txt").read_text() == "by hand"
    assert engine.options == []


def test_an_output_that_is_a_directory_is_refused_before_the_work(
    run: Run, engine: FakeEngine, tmp_path: Path
) -> None:
    (tmp_path / "out" / "talk.txt").mkdir(parents=True)
    assert run("talk.mp3", "-o", "out").exit_code == 1
    assert engine.choices == []


def test_a_name_that_no_disk_can_hold_is_refused_before_the_work(
    run: Run, engine: FakeEngine, tmp_path: Path
) -> None:
    long = "x" * 252 + ".au"
    (tmp_path / long).write_text("text")
    result = run(long, "-f", "txt", "-f", "json")
    assert result.exit_code == 1
    assert "would be longer than disks allow" in result.stderr
    assert engine.choices == []


def test_a_name_that_starts_with_a_dash_follows_two_dashes(run: Run, tmp_path: Path) -> None:
    (tmp_path / "--exec").write_text("Dashing.")
    assert run("--", "--exec").stdout == "Dashing.\nThe end.\n"


def test_names_cannot_move_the_cursor_or_mislead(run: Run, tmp_path: Path) -> None:
    name = "a\x1b[31m\u202e\nb.mp3"
    (tmp_path / name).write_text("broken")
    result = run(name)
    assert "a\\x1b[31m\\u202e\\nb.mp3: This is no recording." in result.stderr
    assert not {"\x1b", "\u202e"} & set(result.stderr)


def test_a_recording_given_twice_is_transcribed_once(run: Run, engine: FakeEngine) -> None:
    assert run("talk.mp3", "talk.mp3").stdout == "Good morning.\nThe end.\n"
    assert len(engine.options) == 1


def test_an_interrupt_ends_cleanly_and_keeps_what_is_done(run: Run, tmp_path: Path) -> None:
    result = run("talk.mp3", "stop.mp3", "talk.wav")
    assert result.exit_code == 130
    assert result.stderr.endswith("Interrupted; 1 of 3 recordings were transcribed.\n")
    assert list_new_files(tmp_path) == {"talk.mp3.txt"}


def test_a_fault_of_ours_is_one_sentence_that_says_so(run: Run) -> None:
    result = run("fault.mp3", "-q")
    assert result.exit_code == 4
    assert result.stderr == (
        "This is a fault in transcriber (ZeroDivisionError: division by zero); "
        "set TRANSCRIBER_DEBUG=1 to see where.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        ((), 2, "Missing argument 'FILE'; see --help."),
        (("talk.mp3", "--zzz"), 2, "No such option: --zzz; see --help."),
        (("talk.mp3", "-f", "doc"), 2, "format must be one of txt, "),
        (("talk.mp3", "--task", "sing"), 2, "task must be transcribe or translate, not 'sing'."),
        (("talk.mp3", "--beam-size", "0"), 2, "beam_size must be between 1 and 10, not 0."),
        (("talk.mp3", "--speakers", "0"), 2, "speakers must be between 1 and 20, not 0."),
        (("talk.mp3", "--speakers", "many"), 2, "Invalid value for --speakers: it must be auto or"),
        (("talk.mp3", "--max-line-length", "1"), 2, "max_line_length must be between "),
        (("talk.mp3", "--language", "tlh"), 2, "The model base does not know the language 'tlh'."),
        (("talk.mp3", "--device", "gpu"), 2, "Invalid value for '--device': "),
        (("talk.mp3", "--compute-type", "int3"), 2, "Invalid value for '--compute-type': "),
        (("talk.mp3", "--threads", "100000"), 2, "Invalid value for '--threads': "),
        (("talk.mp3", "--model", "absent"), 3, "The model absent is not staged."),
    ],
)
def test_a_refusal_is_one_sentence_and_its_code(
    run: Run, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == code
    last = result.stderr.splitlines()[-1]
    assert last.startswith(sentence)
    assert "Traceback" not in result.output
    assert result.stdout == ""


def test_an_unknown_command_is_refused() -> None:
    result = CliRunner().invoke(build_cli(), ["sing"])
    assert (result.exit_code, result.stderr) == (2, "No such command 'sing'; see --help.\n")


def test_the_version_is_the_packages() -> None:
    assert CliRunner().invoke(build_cli(), ["--version"]).stdout == "transcriber 0.1.0\n"


def test_the_entry_point_loads_no_heavy_module() -> None:
    code = "import sys, transcriber.cli; transcriber.cli.build_cli(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"ctranslate2", "faster_whisper", "numpy", "av", "onnxruntime", "tokenizers", "rich"}
    heavy |= {"fastapi", "sqlalchemy", "celery", "pydantic", "structlog", "alembic"}
    assert heavy & set(done.stdout.split()) == set()
