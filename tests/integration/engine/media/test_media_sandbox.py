"""What the decoding child may not do, tried from inside one that really is locked down."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from hostile_media import write_silent_opus
from media_corpus import Encoding, write_recording
from transcriber.engine.errors import MediaError
from transcriber.engine.media import SandboxReport, open_audio, probe_media, sandbox_report
from transcriber.engine.media.lockdown import LAYERS

ATTEMPTS = """
import ctypes, json, mmap, os, signal, socket, sys
from transcriber.engine.media import landlock, lockdown, seccomp, warmup

warmup.warm_up()
path, layer = sys.argv[1:]
libc = ctypes.CDLL(None, use_errno=True)

def check(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")

attempts = {
    "read a file": lambda: os.open(path, os.O_RDONLY),
    "write a file": lambda: os.open(path, os.O_WRONLY),
    "create a file": lambda: os.open(path + ".new", os.O_WRONLY | os.O_CREAT),
    "truncate a file": lambda: os.truncate(path, 0),
    "remove a file": lambda: os.unlink(path),
    "list a folder": lambda: os.listdir("/"),
    "open a TCP socket": lambda: socket.socket().connect(("127.0.0.1", 9)),
    "open a UNIX socket": lambda: socket.socket(socket.AF_UNIX),
    "execute a program": lambda: os.execv(sys.executable, [sys.executable, "-c", ""]),
    "fork": os.fork,
    "trace its parent": lambda: check(libc.ptrace(16, os.getppid(), 0, 0)),
    "signal its parent": lambda: os.kill(os.getppid(), signal.SIGTERM),
    "map code": lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC),
    "become root": lambda: os.setresuid(0, 0, 0),
    "raise a limit": lambda: check(libc.setrlimit(9, (ctypes.c_ulong * 2)(1 << 40, 1 << 40))),
}
if layer == "all":
    lockdown.lock_down(cpu_seconds=20, address_space_bytes=1 << 30)
else:
    seccomp.forbid_new_privileges()
    landlock.forbid_paths()
results = {}
for name, attempt in attempts.items():
    if layer == "landlock" and name not in {
        "read a file", "write a file", "create a file", "remove a file", "open a TCP socket",
        "truncate a file", "list a folder",
    }:
        continue
    try:
        attempt()
        results[name] = "allowed"
    except PermissionError:
        results[name] = "refused"
    except OSError as error:
        results[name] = str(error)
print(json.dumps(results), flush=True)
os._exit(0)
"""


def attempt(path: Path, layer: str) -> dict[str, str]:
    run = subprocess.run(
        [sys.executable, "-I", "-c", ATTEMPTS, str(path), layer],
        capture_output=True,
        check=True,
        timeout=30,
    )
    return json.loads(run.stdout)


@pytest.fixture
def precious(tmp_path: Path) -> Path:
    path = tmp_path / "precious.txt"
    path.write_text("keep me")
    path.chmod(0o666)
    tmp_path.chmod(0o777)
    return path


def test_a_locked_down_child_is_refused_everything(precious: Path) -> None:
    results = attempt(precious, "all")
    assert len(results) == 15
    assert set(results.values()) == {"refused"}, results
    assert precious.read_text() == "keep me"


def test_landlock_alone_refuses_every_path_and_port(precious: Path) -> None:
    if "landlock" in sandbox_report().missing:
        pytest.skip("This kernel has no Landlock.")
    results = attempt(precious, "landlock")
    assert results.pop("open a TCP socket") in {"refused", "[Errno 111] Connection refused"}
    assert set(results.values()) == {"refused"}, results


def test_the_report_names_every_layer() -> None:
    report = sandbox_report()
    assert tuple(report.layers) == LAYERS
    # Threads, limits and privileges depend on no kernel option.
    assert not {"threads", "limits", "privileges", "descriptors"} & set(report.missing)


def test_a_missing_layer_is_reported_as_missing() -> None:
    layers = dict.fromkeys(LAYERS, "active") | {"landlock": "unavailable: Function not implemented"}
    report = SandboxReport(layers)
    assert (report.missing, report.is_complete) == (("landlock",), False)


def test_the_child_has_no_secrets_no_files_and_no_privileges(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "canary")
    path = write_silent_opus(tmp_path / "talk.ogg", hours=1)
    path.chmod(0o600)
    with open_audio(path) as audio:
        next(audio)
        child = psutil.Process(audio._child.pid)
        assert child.cwd() == "/"
        assert "canary" not in str(child.environ())
        # The recording, the pipe and the null device.
        assert child.num_fds() == 3
        assert child.num_threads() == 1
        assert path.name not in " ".join(child.cmdline())
        assert os.geteuid() != 0 or child.uids().effective == 65_534
        assert os.getpgid(child.pid) == child.pid


def test_the_child_loads_only_the_decoder() -> None:
    listing = (
        "import sys, transcriber.engine.media.child;"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    run = subprocess.run(
        [sys.executable, "-I", "-c", listing], capture_output=True, check=True, text=True
    )
    loaded = set(run.stdout.split())
    assert "av" in loaded
    # Each would cost start-up time and widen what a taken-over decoder can reach.
    assert not loaded & {"numpy", "ctranslate2", "onnxruntime", "tokenizers", "sqlalchemy"}


def test_a_file_only_the_parent_may_read_is_decoded(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "talk.flac", Encoding("flac", "flac"))
    path.chmod(0o400)
    tmp_path.chmod(0o700)
    assert probe_media(path).codec == "flac"


@pytest.mark.parametrize("kind", ["folder", "pipe", "device", "missing", "nul"])
def test_what_is_no_regular_file_is_unreadable(tmp_path: Path, kind: str) -> None:
    paths = {
        "folder": tmp_path,
        "pipe": tmp_path / "pipe",
        "device": Path("/dev/zero"),
        "missing": tmp_path / "missing.mp3",
        "nul": tmp_path / "a\0b.mp3",
    }
    os.mkfifo(paths["pipe"])
    with pytest.raises(MediaError) as caught:
        open_audio(paths[kind])
    assert caught.value.code == "unreadable"
    assert "\0" not in str(caught.value)
