"""Every alert under `promtool test rules`: silent before its time, firing after it."""

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

REPOSITORY = Path(__file__).parents[3]
RULES = REPOSITORY / "deploy" / "prometheus" / "alerts.yml"
FIRING = 'count(ALERTS{{alertname="{}", alertstate="firing"}}) or vector(0)'
EVERY = "30s"
"""Between two samples of a series."""
MEBIBYTE = 1024**2


@dataclass(frozen=True)
class Story:
    """What a fault looks like to Prometheus.

    Attributes:
        series: Values of each series as promtool writes them: `1+2x3` is 1, 3, 5, 7.
        silent: A time at which nobody should be woken yet.
        fires: A time at which somebody should.
    """

    series: Mapping[str, str]
    silent: str
    fires: str


def _count(name: str, labels: str, steps: str) -> dict[str, str]:
    return {f"{name}{{{labels}}}": steps}


STORIES = {
    "TranscriberDown": Story({'up{job="transcriber", instance="a"}': "1x3 0x9"}, "2m", "4m"),
    "TranscriberNotReady": Story(
        _count("transcriber_ready", 'instance="a", check="broker"', "1x3 0x9"), "3m", "5m"
    ),
    "TranscriberNoWorker": Story(
        _count("transcriber_workers", 'state="ready"', "2x3 0x9"), "2m", "4m"
    ),
    "TranscriberWorkerRefuses": Story(
        _count("transcriber_workers", 'state="refusing"', "0x3 1x20"), "6m", "8m"
    ),
    "TranscriberLeaseExpired": Story(
        _count("transcriber_lease_expiries_total", 'work="span"', "0x9 1x9"), "4m", "6m"
    ),
    "TranscriberFenced": Story(
        # Three are what a day with restarts may bring.
        _count("transcriber_fences_total", 'work="span"', "0x9 3x9 9x9"),
        "8m",
        "12m",
    ),
    "TranscriberQueueWaits": Story(
        _count("transcriber_queue_oldest_seconds", "", "0+30x150"), "34m", "36m"
    ),
    "TranscriberWorkNotTaken": Story(
        _count("transcriber_outbox_lag_seconds", "", "0+30x20")
        | _count("transcriber_jobs_in_stage", 'stage="wait"', "4x20")
        | _count("transcriber_jobs_in_stage", 'stage="plan"', "1x3 0x20")
        | _count("transcriber_jobs_in_stage", 'stage="transcribe"', "0x20"),
        "2m",
        "4m",
    ),
    "TranscriberJobsBlocked": Story(
        _count("transcriber_jobs_in_stage", 'stage="blocked"', "0x3 2x60"), "15m", "18m"
    ),
    "TranscriberJobsQuarantined": Story(
        _count("transcriber_jobs", 'state="quarantined"', "0x3 1x9"), "1m", "3m"
    ),
    "TranscriberDiskLow": Story(
        _count("transcriber_disk_free_bytes", 'host="h", places="data"', f"{9 * MEBIBYTE}x3 0x9")
        | _count("transcriber_disk_low_water_bytes", 'host="h", places="data"', f"{MEBIBYTE}x20"),
        "2m",
        "4m",
    ),
    "TranscriberDiskFills": Story(
        # A hundred gibibytes, and a hundred mebibytes less each minute: gone in 17 hours.
        _count(
            "transcriber_disk_free_bytes",
            'host="h", places="data"',
            f"{100_000 * MEBIBYTE}x20 {100_000 * MEBIBYTE}-{50 * MEBIBYTE}x400",
        )
        | _count("transcriber_disk_low_water_bytes", 'host="h", places="data"', f"{MEBIBYTE}x500"),
        "30m",
        "180m",
    ),
    "TranscriberErrors": Story(
        _count("transcriber_request_seconds_count", 'status="2xx", route="/"', "0+10x60")
        | _count("transcriber_request_seconds_count", 'status="5xx", route="/"', "0x10 0+5x50"),
        "8m",
        "15m",
    ),
    "TranscriberSlow": Story(
        _count("transcriber_request_seconds_bucket", 'method="GET", le="1"', "0+1x100")
        | _count("transcriber_request_seconds_bucket", 'method="GET", le="5"', "0+10x100")
        | _count("transcriber_request_seconds_bucket", 'method="GET", le="+Inf"', "0+10x100"),
        "5m",
        "15m",
    ),
    "TranscriberDecoderCrashes": Story(
        _count("transcriber_sandbox_failures_total", 'code="decoder_crashed"', "0x9 3x9 9x9"),
        "8m",
        "12m",
    ),
    "TranscriberModelNotLoaded": Story(
        _count("transcriber_model_load_seconds_count", 'model="base", outcome="failed"', "0x9 1x9"),
        "4m",
        "6m",
    ),
    "TranscriberMuchDropped": Story(
        _count("transcriber_dropped_audio_seconds_total", 'reason="no_speech"', "0x60 0+20x200")
        | _count(
            "transcriber_worked_audio_seconds_total",
            'model="base", device="cpu int8", phase="transcribing"',
            "0+40x260",
        ),
        "25m",
        "120m",
    ),
    "TranscriberSlowerThanSpeech": Story(
        _count(
            "transcriber_real_time_factor",
            'model="base", device="cpu int8", phase="transcribing"',
            "1.4x200",
        ),
        "50m",
        "62m",
    ),
    "TranscriberUploadsFail": Story(
        _count("transcriber_uploads_ended_total", 'way="tus", outcome="completed"', "0+1x100")
        | _count("transcriber_uploads_ended_total", 'way="tus", outcome="failed"', "0x20 0+1x80"),
        "9m",
        "45m",
    ),
}


def _list_alerts() -> list[str]:
    groups = yaml.safe_load(RULES.read_text())["groups"]
    return [rule["alert"] for group in groups for rule in group["rules"]]


@pytest.mark.parametrize("alert", _list_alerts())
def test_an_alert_fires_in_its_time(alert: str, tmp_path: Path) -> None:
    story = STORIES[alert]
    if (promtool := shutil.which("promtool")) is None:
        pytest.skip("promtool is not installed; `make prometheus` installs it.")
    expectations = [
        {
            "expr": FIRING.format(alert),
            "eval_time": time,
            "exp_samples": [{"labels": "{}", "value": value}],
        }
        for time, value in ((story.silent, 0), (story.fires, 1))
    ]
    inputs = [{"series": name, "values": values} for name, values in story.series.items()]
    test = {"interval": EVERY, "input_series": inputs, "promql_expr_test": expectations}
    file = tmp_path / "test.yml"
    file.write_text(
        yaml.safe_dump({"rule_files": [str(RULES)], "evaluation_interval": EVERY, "tests": [test]})
    )
    done = subprocess.run(
        [promtool, "test", "rules", str(file)], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
