"""The rules of all routes: a line for each operation id, several where it can name several things.

A new route needs one here, with a request that works (`rules.py` says how to write it).
"""

from collections.abc import Mapping

from authorisation.calls import Of
from authorisation.objects import (
    AUDIO,
    CHUNK_BYTES,
    TAG,
    WEBHOOK_URL,
    account,
    api_key,
    bystander,
    cancelled_job,
    completed_job,
    edited_job,
    encode_text,
    invitation,
    invitation_token,
    job_without_text,
    open_upload,
    preferences,
    queued_job,
    recording,
    reset,
    running_job,
    sign_in,
    tag,
    tagged_job,
    tus_piece,
    tus_upload,
    webhook,
    whole_upload,
    worker,
)
from authorisation.people import PASSWORD
from authorisation.rules import Rule, admin, own, owned, public, signed_in
from tus_client import BODY, VERSION

# The owner's bytes and key, which everybody sends.
FILE = {"file": ("talk.mp3", Of(account, AUDIO))}
KEY = {"Idempotency-Key": Of(account, "key-of-{}")}
UPLOAD = {"name": "talk.mp3", "size_bytes": 2 * CHUNK_BYTES}
CHUNK = {"path": {"number": 1}, "content": bytes(CHUNK_BYTES)}
APPLICANT = {
    "name": "applicant",
    "password": PASSWORD,
    "invitation": Of(invitation_token),
}
JOB_DEFAULTS = {"model": None, "language": "de", "task": "transcribe", "word_timestamps": False}
PREFERENCES = {"theme": "light", "language": "de", "job_defaults": JOB_DEFAULTS}
NEW_KEY = {"name": "a program", "scopes": ["read"]}
EDIT = {"revision": 0, "operations": [{"op": "set_text", "segment": 0, "text": "Other words."}]}
REPLACEMENT = {"revision": 0, "find": "said", "replacement": "says"}
RENAMES = {"revision": 0, "renames": [{"speaker": None, "name": "Ann"}]}
NEW_PASSWORD = {"current_password": PASSWORD, "new_password": "eight-loud-herons"}
TUS_BYTES = {**VERSION, **BODY, "Upload-Offset": "2"}
TUS_NEW = {**VERSION, **KEY, "Upload-Length": "4", "Upload-Metadata": f"name {encode_text('a')}"}
TUS_JOINED = {**VERSION, "Upload-Concat": Of(tus_piece, "final;/uploads/tus/{}")}

RULES: Mapping[str, Rule | tuple[Rule, ...]] = {
    # accounts
    "login": public(json={"name": "nobody", "password": "not-his-password"}),
    "logout": signed_in(own()),
    "get_me": own(account),
    "change_password": signed_in(own(json=NEW_PASSWORD)),
    "list_activity": signed_in(own(cancelled_job)),
    "list_sessions": signed_in(own(sign_in)),
    "end_session": signed_in(owned({"session_id": sign_in})),
    "end_other_sessions": signed_in(own()),
    "list_keys": signed_in(own(api_key)),
    "create_key": signed_in(own(json=NEW_KEY, headers=KEY)),
    "revoke_key": signed_in(owned({"key_id": api_key})),
    "read_sign_up": public(),
    "sign_up": public(json=APPLICANT),
    "use_reset": public(json={"token": "not-anybodys", "new_password": PASSWORD}),
    "get_preferences": own(preferences),
    "set_preferences": own(json=PREFERENCES),
    "get_retention": own(),
    "set_retention": own(json={"audio_days": 3, "transcript_days": None}),
    "read_account_usage": own(),
    "list_accounts": admin(),
    "create_account": signed_in(admin(json={"name": "newcomer", "role": "user"})),
    "read_account": admin({"user_id": account}),
    "change_account": signed_in(admin({"user_id": bystander}, json={"is_active": False})),
    "issue_reset": signed_in(admin({"user_id": account}, has=reset)),
    "list_account_keys": signed_in(admin({"user_id": account}, has=api_key)),
    "revoke_account_key": signed_in(admin({"user_id": account, "key_id": api_key})),
    "list_invitations": admin(),
    "create_invitation": signed_in(admin(json={"role": "user"})),
    "revoke_invitation": signed_in(admin({"invitation_id": invitation})),
    "get_account_retention": admin({"user_id": account}),
    "set_account_retention": admin(
        {"user_id": account}, json={"audio_days": 3, "transcript_days": None}
    ),
    # jobs
    "create_job": (
        own(files=FILE, headers=KEY),
        own(completed_job, files=FILE, data={"reuse": "true"}),
    ),
    "create_jobs": own(files=FILE, headers=KEY),
    "list_jobs": (
        own(queued_job),
        own(recording, query={"recording_id": Of(recording)}),
        own(tagged_job, query={"tag": TAG}),
    ),
    "read_job": owned({"job_id": completed_job}),
    "cancel_job": (owned({"job_id": queued_job}), owned({"job_id": running_job})),
    "retry_job": owned({"job_id": cancelled_job}),
    "rerun_job": owned({"job_id": completed_job}, json={"task": "translate"}),
    "delete_job": owned({"job_id": completed_job}),
    "delete_recording": owned({"job_id": completed_job}),
    "stream_job": owned({"job_id": running_job}),
    "stream_jobs": (own(running_job), own(running_job, headers={"Last-Event-ID": "0"})),
    "list_models": own(),
    # recordings
    "list_recordings": own(recording),
    "read_recording": owned({"recording_id": recording}),
    "remove_recording": owned({"recording_id": recording}),
    "read_media": owned({"recording_id": recording}),
    "measure_media": owned({"recording_id": recording}),
    "read_peaks": owned({"recording_id": recording}),
    # transcripts
    "list_transcripts": (own(completed_job), own(tagged_job, query={"tag": TAG})),
    "search_transcripts": (
        own(completed_job, query={"q": "said"}),
        own(completed_job, query={"q": "said", "job_id": Of(completed_job)}),
        own(tagged_job, query={"q": "said", "tag": TAG}),
    ),
    "read_transcript": owned({"job_id": completed_job}),
    "list_segments": owned({"job_id": completed_job}),
    "read_overview": owned({"job_id": completed_job}),
    "export_transcript": owned({"job_id": completed_job}, query={"format": "srt"}),
    "export_transcripts": (
        owned({}, json={"format": "txt", "job_ids": [Of(completed_job)]}),
        owned({}, has=completed_job, json={"format": "txt", "everything": True}),
    ),
    "edit_transcript": owned({"job_id": completed_job}, json=EDIT),
    "replace_in_transcript": owned({"job_id": completed_job}, json=REPLACEMENT),
    "list_speakers": owned({"job_id": edited_job}),
    "rename_speakers": owned({"job_id": completed_job}, json=RENAMES),
    "list_revisions": owned({"job_id": edited_job}),
    "compare_revisions": owned({"job_id": edited_job}, path={"number": 1}),
    "restore_revision": owned({"job_id": edited_job}, path={"number": 0}, json={"revision": 1}),
    "list_tags": own(tag),
    "read_tags": owned({"job_id": tagged_job}),
    "set_tags": owned({"job_id": tagged_job}, json={"tags": [TAG]}),
    "delete_transcript": (
        owned({"job_id": completed_job}),
        owned({"job_id": job_without_text}),
    ),
    # uploads
    "initialize_upload": own(json=UPLOAD, headers=KEY),
    "initialize_upload_by_alias": own(json=UPLOAD, headers=KEY),
    "list_uploads": own(open_upload),
    "read_upload": owned({"upload_id": open_upload}),
    "send_chunk": owned({"upload_id": open_upload}, **CHUNK),
    "post_chunk": owned({"upload_id": open_upload}, **CHUNK),
    "send_chunk_by_alias": owned({"upload_id": open_upload}, **CHUNK),
    "post_chunk_by_alias": owned({"upload_id": open_upload}, **CHUNK),
    "finalize_upload": owned({"upload_id": whole_upload}),
    "cancel_upload": owned({"upload_id": open_upload}),
    "create_tus_upload": (own(headers=TUS_NEW), owned({}, headers=TUS_JOINED)),
    "find_tus_offset": owned({"upload_id": tus_upload}, headers=VERSION),
    "append_tus_bytes": owned({"upload_id": tus_upload}, headers=TUS_BYTES, content=b"cd"),
    "terminate_tus_upload": owned({"upload_id": tus_upload}, headers=VERSION),
    # webhooks
    "create_webhook": own(json={"url": WEBHOOK_URL}, headers=KEY),
    "list_webhooks": own(webhook),
    "read_webhook": owned({"webhook_id": webhook}),
    "delete_webhook": owned({"webhook_id": webhook}),
    "list_deliveries": owned({"webhook_id": webhook}),
    # administration
    "list_all_jobs": (admin(), admin(query={"user_id": Of(account)})),
    "read_job_stats": admin(),
    "read_system_health": admin(),
    "read_performance": admin(),
    "read_any_job": admin({"job_id": completed_job}),
    "prioritise_job": admin({"job_id": queued_job}, json={"priority": 3}),
    "cancel_any_job": admin({"job_id": queued_job}),
    "retry_any_job": admin({"job_id": cancelled_job}),
    "rerun_any_job": admin({"job_id": completed_job}, json={"task": "translate"}),
    "delete_any_job": admin({"job_id": completed_job}),
    "delete_any_recording": admin({"job_id": completed_job}),
    "stream_any_job": admin({"job_id": running_job}),
    "drain_worker": admin({"worker_id": worker}),
    "resume_worker": admin({"worker_id": worker}),
    "validate_models": admin(headers=KEY),
    "collect_garbage": admin(headers=KEY),
    "list_audit_entries": admin(),
    "export_audit_entries": admin(),
    "verify_audit_entries": admin(),
    "list_alias_uses": admin(),
    # health
    "get_liveness": public(),
    "get_readiness": public(),
    # Elsewhere than on the machine itself it wants METRICS_TOKEN: see `tests/integration/admin`.
    "read_metrics": public(),
}

# Routes that the document leaves out, and why nobody needs a rule for them.
HIDDEN: Mapping[str, str] = {
    "describe_tus": "Says to anybody what of tus is spoken, and nothing else.",
    "create_tus_upload": "The same handler under a second spelling of its path.",
}


def list_rules(operation: str) -> tuple[Rule, ...]:
    """The operation's rules; none where the table has no line for it."""
    found = RULES.get(operation, ())
    return (found,) if isinstance(found, Rule) else found
