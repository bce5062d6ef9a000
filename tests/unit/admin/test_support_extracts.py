import json
from pathlib import Path

from pydantic import SecretStr

from canaries import Canaries
from service_context import build_settings
from transcriber.admin.support.log_extract import extract_lines
from transcriber.admin.support.shown_settings import (
    AS_SHIPPED,
    HARMLESS,
    HIDDEN,
    show_settings,
)
from transcriber.infra.secret_files import SECRETS
from transcriber.infra.settings import Settings


def test_no_secret_no_path_and_no_address_is_among_the_harmless_settings() -> None:
    assert Settings.model_fields.keys() >= HARMLESS
    assert HARMLESS.isdisjoint(SECRETS)
    for name in HARMLESS:
        kind = str(Settings.model_fields[name].annotation)
        assert not any(word in kind for word in (SecretStr.__name__, "Path", "tuple")), name
    assert not any(name.endswith(("_url", "_file", "_dir", "_name", "_host")) for name in HARMLESS)


def test_settings_that_are_not_known_as_harmless_are_not_shown(tmp_path: Path) -> None:
    shown = show_settings(build_settings(tmp_path, metrics_token="token", threads=3))
    assert shown.keys() == Settings.model_fields.keys()
    assert shown["threads"] == {"value": 3, "is_default": False}
    assert shown["worker_nice"] == {"value": 10, "is_default": True}
    assert (shown["metrics_token"], shown["data_dir"]) == (HIDDEN, HIDDEN)
    assert (shown["broker_url"], shown["audit_seal_key"]) == (AS_SHIPPED, AS_SHIPPED)


def test_a_log_keeps_what_happened_and_where_alone(tmp_path: Path) -> None:
    canaries = Canaries()
    secret = canaries.make("secret")
    traceback = (
        "Traceback (most recent call last):\n"
        f'  File "/home/{secret}/site-packages/transcriber/jobs/runner.py", line 12, in work\n'
        f'    raise ValueError("{secret}")\n'
        f"ValueError: cannot read {secret}\n"
        f"{secret}: more\n"
    )
    lines = [
        {"event": "slice_failed", "level": "error", "job_id": "a" * 32, "exception": traceback},
        {"event": f"Connected to redis://:{secret}@host", "logger": "kombu", "error": secret},
        {"event": "request", "path": f"/jobs/{secret}/events", "status": 503, "duration_ms": 1.5},
        {"event": "request", "request_id": [secret], "method": f"GET {secret}"},
    ]
    log = tmp_path / "service.log"
    log.write_text("\n".join(["no JSON", *map(json.dumps, lines), "[1]"]))
    found = extract_lines(log)
    assert found[0]["exception"] == ["transcriber/jobs/runner.py:12 work", "ValueError"]
    assert found[0]["job_id"] == "a" * 32
    assert found[1] == {"event": "…", "logger": "kombu"}
    assert found[2] == {
        "event": "request",
        "status": 503,
        "duration_ms": 1.5,
        "path": "/jobs/…/events",
    }
    assert found[3] == {"event": "request", "request_id": "…", "method": "…"}
    assert not canaries.find({"log": json.dumps(found)})
