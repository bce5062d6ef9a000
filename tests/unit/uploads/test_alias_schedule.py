from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from service_context import build_settings
from transcriber.commandline.failures import CommandError
from transcriber.commandline.server_part import read_settings
from transcriber.infra.settings import Settings
from transcriber.uploads.aliases.names import find_alias
from transcriber.uploads.aliases.schedule import AliasSchedule, Phase

JANUARY, JULY, NEXT_JANUARY = (
    datetime(2027, 1, 1, tzinfo=UTC),
    datetime(2027, 7, 1, tzinfo=UTC),
    datetime(2028, 1, 1, tzinfo=UTC),
)
MOMENT = timedelta(microseconds=1)


def test_each_phase_begins_at_its_moment(tmp_path: Path) -> None:
    schedule = AliasSchedule.of(build_settings(tmp_path))
    assert (schedule.deprecated_at, schedule.redirect_at, schedule.gone_at) == (
        JANUARY,
        JULY,
        NEXT_JANUARY,
    )
    found = [
        schedule.find_phase(now)
        for now in (JANUARY - MOMENT, JULY - MOMENT, JULY, NEXT_JANUARY - MOMENT, NEXT_JANUARY)
    ]
    assert found == [
        Phase.ACTIVE,
        Phase.ACTIVE,
        Phase.REDIRECTING,
        Phase.REDIRECTING,
        Phase.GONE,
    ]


def test_phases_may_be_left_out(tmp_path: Path) -> None:
    never_redirected = AliasSchedule.of(
        build_settings(tmp_path, upload_alias_redirect_at=JULY, upload_alias_gone_at=JULY)
    )
    assert never_redirected.find_phase(JULY - MOMENT) is Phase.ACTIVE
    assert never_redirected.find_phase(JULY) is Phase.GONE


def test_dates_are_said_as_the_standards_write_them(tmp_path: Path) -> None:
    settings = build_settings(
        tmp_path,
        upload_alias_deprecated_at="2026-12-01",
        upload_alias_gone_at="2028-01-01T02:00:00+02:00",
    )
    assert AliasSchedule.of(settings).describe("/uploads/") == {
        "Deprecation": "@1796083200",
        "Sunset": "Sat, 01 Jan 2028 00:00:00 GMT",
        "Link": '</uploads/>; rel="successor-version"',
    }


@pytest.mark.parametrize(
    ("name", "value", "refused", "reason"),
    [
        (
            "UPLOAD_ALIAS_REDIRECT_AT",
            "2026-12-31",
            "UPLOAD_ALIAS_REDIRECT_AT",
            "2026-12-31 00:00 UTC is before UPLOAD_ALIAS_DEPRECATED_AT",
        ),
        (
            "UPLOAD_ALIAS_GONE_AT",
            "2027-06-30T23:59:00Z",
            "UPLOAD_ALIAS_GONE_AT",
            "2027-06-30 23:59 UTC is before UPLOAD_ALIAS_REDIRECT_AT",
        ),
        # The default that another date overtakes is named, and so is what it collides with.
        (
            "UPLOAD_ALIAS_DEPRECATED_AT",
            "2030-01-01",
            "UPLOAD_ALIAS_REDIRECT_AT",
            "2027-07-01 00:00 UTC is before UPLOAD_ALIAS_DEPRECATED_AT",
        ),
        (
            "UPLOAD_ALIAS_REDIRECT_AT",
            "2029-01-01",
            "UPLOAD_ALIAS_GONE_AT",
            "2028-01-01 00:00 UTC is before UPLOAD_ALIAS_REDIRECT_AT",
        ),
    ],
)
def test_dates_in_no_sensible_order_are_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, refused: str, reason: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(CommandError) as caught:
        read_settings()
    assert str(caught.value) == f"The setting {refused}: {reason}."


@pytest.mark.parametrize("value", ["soon", "2027-13-01", "2027-02-30"])
def test_what_is_no_date_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("UPLOAD_ALIAS_REDIRECT_AT", value)
    with pytest.raises(ValidationError) as caught:
        Settings(_env_file=None)
    assert [error["loc"] for error in caught.value.errors()] == [("upload_alias_redirect_at",)]


def test_a_child_process_has_the_same_dates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = build_settings(
        tmp_path, upload_alias_gone_at="2029-01-01 10:00+01:00", metrics_token="a secret"
    )
    for name, value in chosen.to_environment().items():
        monkeypatch.setenv(name, value)
    child = Settings(_env_file=None)
    assert AliasSchedule.of(child) == AliasSchedule.of(chosen)
    assert child.metrics_token == chosen.metrics_token
    assert "a secret" not in repr(chosen)


@pytest.mark.parametrize(
    ("path", "successor"),
    [
        ("/uploads/init", "/uploads/"),
        ("/uploads/abc/chunk/0", "/uploads/abc/chunks/0"),
        ("/uploads/a b/chunk/é", "/uploads/a%20b/chunks/%C3%A9"),
        ("/uploads/<\r\n>/chunk/?", "/uploads/%3C%0D%0A%3E/chunks/%3F"),
    ],
)
def test_the_successor_of_an_alias_is_a_path_of_ours(path: str, successor: str) -> None:
    place = find_alias(path)
    assert place is not None
    assert place.successor == successor


@pytest.mark.parametrize(
    "path",
    [
        "/uploads/",
        "/uploads/init/",
        "/uploads/a/chunks/0",
        "/uploads/a/b/chunk/0",
        "/uploads/init\n",
    ],
)
def test_other_addresses_are_no_aliases(path: str) -> None:
    assert find_alias(path) is None
