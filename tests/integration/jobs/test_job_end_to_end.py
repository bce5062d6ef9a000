"""The main job with real weights: HTTP in, a real worker's runner, every export out."""

import json
from pathlib import Path

import pytest

from service_context import (
    build_settings,
    open_client,
    open_context,
    require_first_admin,
    sign_in,
)
from transcriber.jobs.engines import LoadedEngines
from transcriber.jobs.runner import Runner


@pytest.mark.weights
def test_a_real_recording_becomes_a_transcript(
    tmp_path: Path, models_dir: Path, model_cache_dir: Path
) -> None:
    settings = build_settings(
        tmp_path, models_dir=models_dir, model_cache_dir=model_cache_dir, disk_low_water_bytes=0
    )
    recording = models_dir / "demo" / "two_cities.wav"
    with open_context(settings) as context, open_client(context) as client:
        client.headers.update(sign_in(client, require_first_admin(context)))
        with recording.open("rb") as file:
            answer = client.post(
                "/jobs/",
                files={"file": ("two_cities.wav", file)},
                data={"beam_size": "1", "word_timestamps": "true"},
            )
        assert answer.status_code == 201, answer.text
        job_id = answer.json()["id"]
        Runner(context, LoadedEngines(settings), worker_id="real").run_token()
        job = client.get(f"/jobs/{job_id}").json()
        assert (job["state"], job["language"], job["progress"]) == ("completed", "en", 1.0)
        assert job["duration_seconds"] == pytest.approx(44.37, abs=0.1)
        transcript = client.get(f"/transcripts/{job_id}").json()
        text = " ".join(segment["text"] for segment in transcript["segments"])
        assert "It was the best of times" in text
        assert "the age of foolishness" in text
        words = transcript["segments"][0]["words"]
        assert words[0]["word"].strip() == "It"
        assert all(word["start"] <= word["end"] for word in words)
        exports = {
            name: client.get(f"/transcripts/{job_id}/export", params={"format": name}).text
            for name in ("txt", "srt", "vtt", "tsv", "json")
        }
    assert exports["txt"].startswith("It was the best of times")
    assert exports["srt"].startswith("1\n00:00:00,")
    assert exports["vtt"].startswith("WEBVTT\n")
    assert exports["tsv"].startswith("start\tend\ttext\n")
    assert json.loads(exports["json"])["language"] == "en"
