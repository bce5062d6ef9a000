"""The operator's settings as a stranger may read them: what is not known as harmless is hidden."""

from collections.abc import Mapping

from transcriber.infra.settings import Settings

HARMLESS = frozenset(
    {
        *("environment", "storage", "s3_addressing", "port", "cookie_secure"),
        *("shutdown_delay_seconds", "default_model", "device", "compute_type", "threads"),
        *("worker_processes", "worker_nice", "worker_max_memory_mb", "model_idle_seconds"),
        *("memory_limit_mb", "max_upload_bytes", "upload_chunk_bytes", "upload_expiry_hours"),
        *("upload_stall_seconds", "upload_stall_bytes", "max_open_uploads_per_account"),
        *("account_quota_bytes", "max_duration_seconds", "max_json_bytes", "disk_low_water_bytes"),
        *("lease_seconds", "heartbeat_seconds", "progress_deadline_seconds", "reconcile_seconds"),
        *("max_running_per_account", "max_streams_per_account", "max_streams"),
        *("stream_heartbeat_seconds", "stream_stall_seconds", "retain_audio_days"),
        *("retain_transcripts_days", "retain_audit_days", "session_hours", "sign_up"),
        *("log_format", "log_level", "max_api_keys_per_account", "api_key_max_days"),
        *("legacy_user_header_enabled", "upload_alias_deprecated_at", "upload_alias_redirect_at"),
        *("upload_alias_gone_at", "upload_alias_always_301", "document_processes"),
        *("document_queue", "max_documents_per_account", "document_seconds"),
        *("document_memory_mb", "max_bundles", "max_bundles_per_account"),
    }
)
"""Numbers, switches and choices of the service's own; no address, no path, no name of anybody."""
AS_SHIPPED, HIDDEN = "(as shipped)", "(set, not shown)"


def show_settings(settings: Settings) -> Mapping[str, object]:
    """Each setting by its name; of others than the harmless ones only whether it was changed."""
    return {
        name: _show(getattr(settings, name), is_default=name not in settings.model_fields_set)
        if name in HARMLESS
        else (HIDDEN if name in settings.model_fields_set else AS_SHIPPED)
        for name in sorted(Settings.model_fields)
    }


def _show(value: object, *, is_default: bool) -> Mapping[str, object]:
    return {"value": value, "is_default": is_default}
