import threading
from pathlib import Path

import pytest

from service_context import build_settings
from transcriber.transcripts.export_desk import ExportDesk, ExportsBusyError, TooManyExportsError


def build_desk(folder: Path, **choices: int) -> ExportDesk:
    return ExportDesk(build_settings(folder, **choices))


def test_documents_beyond_processes_and_queue_are_refused(tmp_path: Path) -> None:
    desk = build_desk(tmp_path, document_processes=1, document_queue=1)
    desk.admit_document("alice")
    desk.admit_document("bob")
    with pytest.raises(ExportsBusyError) as refusal:
        desk.admit_document("carol")
    assert (refusal.value.status, refusal.value.code) == (503, "exports_busy")
    assert int(refusal.value.headers["Retry-After"]) > 0
    desk.leave_document("alice")
    desk.admit_document("carol")


def test_one_account_cannot_have_every_place(tmp_path: Path) -> None:
    desk = build_desk(tmp_path, max_documents_per_account=1)
    desk.admit_document("alice")
    with pytest.raises(TooManyExportsError):
        desk.admit_document("alice")
    desk.admit_document("bob")


def test_no_more_processes_run_than_may(tmp_path: Path) -> None:
    desk = build_desk(tmp_path, document_processes=1)
    wanted = threading.Event()
    with desk.hold_process(wanted):
        with pytest.raises(ExportsBusyError), desk.hold_process(wanted, patience_seconds=0.1):
            raise AssertionError("There was a second process.")
        wanted.set()
        # A bundle waits without end, but not once it is unwanted.
        with pytest.raises(ExportsBusyError), desk.hold_process(wanted, patience_seconds=None):
            raise AssertionError("There was a second process.")
    with desk.hold_process(threading.Event(), patience_seconds=0.1):
        """The place came back."""


def test_bundles_are_bounded_for_the_account_and_for_all(tmp_path: Path) -> None:
    desk = build_desk(tmp_path, max_bundles=2)
    desk.admit_bundle("alice")
    with pytest.raises(TooManyExportsError) as refusal:
        desk.admit_bundle("alice")
    assert (refusal.value.status, refusal.value.code) == (429, "too_many_exports")
    desk.admit_bundle("bob")
    with pytest.raises(ExportsBusyError):
        desk.admit_bundle("carol")
    desk.leave_bundle("alice")
    desk.admit_bundle("carol")
