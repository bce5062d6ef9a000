"""The keys of the audit trail's chain, as the operator sets them."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from service_context import build_settings
from transcriber.infra.audit_chain import SealKeys
from transcriber.infra.settings import Settings

NEW, OLD = "n" * 32, "o" * 40


def test_the_first_key_seals_and_all_verify(tmp_path: Path) -> None:
    keys = SealKeys.of(build_settings(tmp_path, audit_seal_key=f"{NEW}, {OLD}"))
    assert keys.newest is not None
    assert keys.by_name[keys.newest] == NEW.encode()
    assert sorted(keys.by_name.values()) == [NEW.encode(), OLD.encode()]
    assert not any(part in name for name in keys.by_name for part in ("nnn", "ooo"))
    alone = SealKeys.of(build_settings(tmp_path, audit_seal_key=OLD))
    assert alone.newest in keys.by_name


def test_without_a_key_there_is_none(tmp_path: Path) -> None:
    assert SealKeys.of(build_settings(tmp_path)) == SealKeys(None, {})


@pytest.mark.parametrize("text", ["short", f"{NEW},", f"{NEW},short", ","])
def test_a_short_key_is_refused_without_being_shown(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        build_settings(tmp_path, audit_seal_key=text)
    assert "at least 32 characters" in str(refused.value)
    assert NEW not in str(refused.value)


def test_children_get_the_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = build_settings(tmp_path, audit_seal_key=f"{NEW},{OLD}")
    for name, value in settings.to_environment().items():
        monkeypatch.setenv(name, value)
    assert Settings(_env_file=None).audit_seal_keys == (NEW, OLD)
