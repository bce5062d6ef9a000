"""Models that cannot be loaded, or say what is not worth believing, fire their alerts."""

import os
from pathlib import Path

import pytest

from chaos.faultdisk import mount_small_disk
from checkpoint_builder import build_checkpoint
from disturbed_service import PATIENCE_SECONDS, Disturbed, run_disturbed
from hostile_media import write_silent_opus
from job_builders import add_job, read_job
from prometheus_server import find_prometheus
from transcriber.engine.options import TranscribeOptions
from transcriber.jobs.states import JobState
from worker_process import publish, start_worker, submit, wait_for

DISK_BYTES = 1024**2
WORKED = 'sum(transcriber_worked_audio_seconds_total{phase="transcribing"})'

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        find_prometheus() is None,
        reason="Prometheus is not installed; `make alerts` installs and runs it.",
    ),
]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_model_whose_conversion_finds_no_room(tmp_path: Path) -> None:
    with (
        mount_small_disk(tmp_path / "cache", DISK_BYTES) as cache,
        run_disturbed(tmp_path, disk_low_water_bytes=0, model_cache_dir=cache) as disturbed,
    ):
        settings = disturbed.settings
        settings.models_dir.mkdir()
        (settings.models_dir / "base.pt").write_bytes(build_checkpoint())
        (cache / "other").write_bytes(bytes(DISK_BYTES - 64 * 1024))
        job_id = submit(disturbed.context, settings)
        assert not disturbed.is_told("TranscriberModelNotLoaded")
        # The file is whole, so only who tries to load it learns that it cannot be.
        with start_worker(settings, "real"):
            wait_for(lambda: _find_wait(disturbed, job_id), PATIENCE_SECONDS)
            # A series that only begins tells of nothing; the second try, a minute later, does.
            told = disturbed.wait_until_firing("TranscriberModelNotLoaded")
            assert told["model"] == "base"
            assert not disturbed.is_told("TranscriberWorkerRefuses")
        assert _find_wait(disturbed, job_id) == "model_cache_unusable"
        assert read_job(disturbed.context, job_id).state == JobState.QUEUED


def test_speech_whose_text_is_not_believed(disturbed: Disturbed, tmp_path: Path) -> None:
    hour = write_silent_opus(tmp_path / "hour.opus", hours=1).read_bytes()
    options = TranscribeOptions(vad_filter=False)
    with start_worker(disturbed.settings, "doubtful"):
        submit(disturbed.context, disturbed.settings)
        wait_for(lambda: disturbed.prometheus.ask(WORKED) > 0, PATIENCE_SECONDS)
        # A second of it: too little to tell anything from.
        assert not disturbed.is_told("TranscriberMuchDropped")
        publish(disturbed.settings, add_job(disturbed.context, data=hour, options=options))
        disturbed.wait_until_firing("TranscriberMuchDropped")


def _find_wait(disturbed: Disturbed, job_id: str) -> str | None:
    """What the job waits for; None while it is only queued."""
    return read_job(disturbed.context, job_id).waiting_code
