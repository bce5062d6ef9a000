import io
import os
from pathlib import Path

import pytest

from transcriber.commandline.atomic_file import write_atomically
from transcriber.commandline.display import show_bytes, show_duration, show_name
from transcriber.commandline.progress_bar import BarReporter
from transcriber.commandline.progress_lines import LineReporter
from transcriber.commandline.reporter import open_reporter
from transcriber.engine.results import Progress


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_lines_come_at_most_every_ten_seconds_with_the_time_left() -> None:
    stream, clock = io.StringIO(), Clock()
    with LineReporter(stream, clock=clock) as reporter:
        reporter.begin("talk.mp3")
        for now, done in ((104.0, 60.0), (112.0, 180.0), (115.0, 200.0), (130.0, 300.0)):
            clock.now = now
            reporter.advance(Progress(done, 720.0))
        reporter.end()
    assert stream.getvalue().splitlines() == [
        "talk.mp3 …",
        "talk.mp3: 3:00 of 12:00, 0:36 left",
        "talk.mp3: 5:00 of 12:00, 0:42 left",
    ]


def test_a_line_without_a_known_length_shows_only_the_position() -> None:
    stream, clock = io.StringIO(), Clock()
    reporter = LineReporter(stream, clock=clock)
    reporter.begin("talk.mp3")
    clock.now += 20
    reporter.advance(Progress(4000.0, None))
    assert stream.getvalue().splitlines()[-1] == "talk.mp3: 1:06:40"


def test_the_bar_shows_name_position_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    stream = Terminal()
    with open_reporter(stream, is_quiet=False) as reporter:
        assert isinstance(reporter, BarReporter)
        reporter.advance(Progress(1.0, 2.0))
        reporter.begin("[red]talk.mp3")
        reporter.advance(Progress(180.0, 720.0))
        reporter._live.refresh()
        reporter.end()
        reporter.note("[red]talk.mp3: done")
        reporter.warn("bad.mp3: broken")
    shown = stream.getvalue()
    for part in ("[red]talk.mp3", "25 %", "3:00 of 12:00", "0:00 left", "[red]talk.mp3: done"):
        assert part in shown
    assert shown.endswith("\x1b[?25h") or "\x1b[?25h" in shown


@pytest.mark.parametrize(("term", "is_quiet"), [("dumb", False), ("xterm", True)])
def test_lines_replace_the_bar_where_it_does_not_serve(
    monkeypatch: pytest.MonkeyPatch,
    term: str,
    is_quiet: bool,  # noqa: FBT001 - pytest passes it by name.
) -> None:
    monkeypatch.setenv("TERM", term)
    assert isinstance(open_reporter(Terminal(), is_quiet=is_quiet), LineReporter)


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "talk.txt"
    target.write_text("old")

    def fail_midway() -> object:
        yield b"new"
        raise OSError("The disk is gone.")

    with pytest.raises(OSError, match="disk is gone"):
        write_atomically(target, fail_midway())
    assert target.read_text() == "old"
    write_atomically(target, [b"new ", b"text\n"])
    assert target.read_bytes() == b"new text\n"
    assert [path.name for path in tmp_path.iterdir()] == ["talk.txt"]
    assert target.stat().st_mode & 0o777 == 0o666 & ~_read_umask()


def test_bytes_that_are_no_text_are_shown_as_escapes() -> None:
    assert show_name(Path(os.fsdecode(b"a\xffb"))) == "a\\xffb"


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (59.6, "1:00"), (3599, "59:59"), (3661, "1:01:01")]
)
def test_durations_read_like_a_clock(seconds: float, shown: str) -> None:
    assert show_duration(seconds) == shown


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (5 * 1024**4, "5.0 TiB")]
)
def test_sizes_have_binary_units(count: int, shown: str) -> None:
    assert show_bytes(count) == shown


def _read_umask() -> int:
    umask = os.umask(0o022)
    os.umask(umask)
    return umask
