import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from patience import is_gone, wait_until
from transcriber.infra.broker import prepare_private_directory
from transcriber.infra.errors import StartupError
from transcriber.infra.serve_lock import hold_data_directory
from transcriber.infra.supervisor import ChildPlan, Supervisor

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
STUBBORN_CODE = """
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open(sys.argv[1], "w").close()
time.sleep(600)
"""
STUBBORN = [sys.executable, "-c", STUBBORN_CODE]
PARENT = """
import sys, time
from transcriber.infra.supervisor import ChildPlan, Supervisor
supervisor = Supervisor([ChildPlan("a", sys.argv[1:]), ChildPlan("b", [*sys.argv[1:], "b"])])
supervisor.start()
while len(supervisor.list_pids()) < 2:
    time.sleep(0.02)
print("PIDS", *supervisor.list_pids().values(), flush=True)
time.sleep(600)
"""


def test_no_child_survives_a_killed_parent() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, *SLEEP], stdout=subprocess.PIPE, text=True
    )
    with parent:
        assert parent.stdout is not None
        try:
            line = next(line for line in parent.stdout if line.startswith("PIDS"))
        finally:
            parent.kill()
    pids = [int(word) for word in line.split()[1:]]
    assert len(pids) == 2
    for pid in pids:
        wait_until(lambda pid=pid: is_gone(pid), 10)


def test_a_child_that_dies_is_started_again_ever_more_slowly() -> None:
    supervisor = Supervisor([ChildPlan("sleeper", SLEEP)])
    supervisor.start()
    try:
        wait_until(supervisor.list_pids)
        pauses: list[float] = []
        for _ in range(2):
            pid = supervisor.list_pids()["sleeper"]
            killed_at = time.monotonic()
            os.kill(pid, signal.SIGKILL)
            wait_until(lambda pid=pid: supervisor.list_pids().get("sleeper", pid) != pid)
            pauses.append(time.monotonic() - killed_at)
    finally:
        supervisor.stop()
    assert pauses[0] >= 0.5
    assert pauses[1] >= 1.0
    assert supervisor.list_pids() == {}


def test_a_child_that_cannot_be_started_keeps_nothing_else_from_running() -> None:
    # The kernel takes no single variable above 128 KiB (execve(2), MAX_ARG_STRLEN).
    huge = {"HUGE": "x" * 200_000}
    supervisor = Supervisor(
        [ChildPlan("impossible", SLEEP, environment=huge), ChildPlan("sleeper", SLEEP)]
    )
    supervisor.start()
    try:
        wait_until(supervisor.list_pids)
        time.sleep(1)
        assert list(supervisor.list_pids()) == ["sleeper"]
    finally:
        supervisor.stop()
    assert supervisor.list_pids() == {}


def test_children_stop_in_reverse_order_and_the_stubborn_are_killed(tmp_path: Path) -> None:
    is_up = tmp_path / "up"
    plans = [
        ChildPlan("first", SLEEP, stop_seconds=5),
        ChildPlan("second", [*STUBBORN, str(is_up)], stop_seconds=0.5),
    ]
    supervisor = Supervisor(plans)
    supervisor.start()
    wait_until(is_up.exists)
    pids = supervisor.list_pids()
    supervisor.begin_stop()
    wait_until(lambda: "second" not in supervisor.list_pids())
    supervisor.stop()
    assert all(is_gone(pid) for pid in pids.values())


def test_the_next_child_waits_until_the_first_is_ready(tmp_path: Path) -> None:
    is_up = tmp_path / "up"
    plans = [
        ChildPlan("first", [*STUBBORN, str(is_up)], stop_seconds=0.1, is_ready=is_up.exists),
        ChildPlan("second", SLEEP),
    ]
    supervisor = Supervisor(plans)
    supervisor.start()
    try:
        wait_until(lambda: "second" in supervisor.list_pids())
        assert is_up.exists()
    finally:
        supervisor.stop()


def test_a_tethered_command_without_its_parent_never_runs(tmp_path: Path) -> None:
    target = tmp_path / "ran"
    done = subprocess.run(
        [sys.executable, "-m", "transcriber.infra.tether", "1", "/bin/touch", str(target)],
        check=False,
        capture_output=True,
    )
    assert done.returncode == 1
    assert b"is gone" in done.stderr
    assert not target.exists()


def test_a_directory_others_may_enter_is_refused(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)
    (tmp_path / "link").symlink_to(tmp_path / "open")
    for name in ("open", "link"):
        with pytest.raises(StartupError, match="lets others in"):
            prepare_private_directory(tmp_path / name, must_be_private=True)
    (tmp_path / "file").touch()
    with pytest.raises(StartupError, match="cannot be made"):
        prepare_private_directory(tmp_path / "file" / "below", must_be_private=True)


def test_one_service_per_data_directory(tmp_path: Path) -> None:
    with (
        hold_data_directory(tmp_path),
        pytest.raises(StartupError, match="already uses"),
        hold_data_directory(tmp_path),
    ):
        pass
    with hold_data_directory(tmp_path):
        assert (tmp_path / "serve.lock").is_file()
    with (
        pytest.raises(StartupError, match="cannot be written"),
        hold_data_directory(tmp_path / "x"),
    ):
        pass


def test_a_child_that_ends_on_its_own_wish_is_started_without_an_alarm(
    capfd: pytest.CaptureFixture[str],
) -> None:
    leaving = [sys.executable, "-c", "import time; time.sleep(2.5); raise SystemExit(80)"]
    supervisor = Supervisor([ChildPlan("leaver", leaving, restart_at_once=frozenset({80}))])
    supervisor.start()
    try:
        wait_until(supervisor.list_pids)
        pids = {supervisor.list_pids()["leaver"]}

        def has_started_thrice() -> bool:
            pids.update(supervisor.list_pids().values())
            return len(pids) == 3

        wait_until(has_started_thrice)
    finally:
        supervisor.stop()
    logged = capfd.readouterr()
    assert "child_ended" in logged.out + logged.err
    assert "child_died" not in logged.out + logged.err
