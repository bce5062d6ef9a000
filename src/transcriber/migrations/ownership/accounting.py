"""What follows from owners: whose idempotency keys are whose, and what each account stores."""

from functools import partial

from alembic import op

from transcriber.migrations.steps import step

# A key that its owner has used again since stands for the newer request.
OWN_KEYS = (
    (
        "DELETE FROM idempotency_keys WHERE user_id = '' AND NOT EXISTS (SELECT 1 FROM jobs j"
        " WHERE j.id = idempotency_keys.resource_id AND NOT EXISTS (SELECT 1 FROM idempotency_keys"
        " k WHERE k.user_id = j.user_id AND k.route = idempotency_keys.route"
        " AND k.key = idempotency_keys.key))"
    ),
    (
        "UPDATE idempotency_keys SET user_id = (SELECT j.user_id FROM jobs j"
        " WHERE j.id = idempotency_keys.resource_id) WHERE user_id = ''"
    ),
)
COUNT_STORED = (
    (
        "UPDATE storage_usage SET stored_bytes = COALESCE((SELECT SUM(r.size_bytes)"
        " FROM recordings r WHERE r.user_id = storage_usage.user_id AND r.removed_at IS NULL), 0)"
    ),
    (
        "INSERT INTO storage_usage (user_id, stored_bytes, reserved_bytes, open_uploads)"
        " SELECT r.user_id, SUM(r.size_bytes), 0, 0 FROM recordings r WHERE r.removed_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM storage_usage u WHERE u.user_id = r.user_id)"
        " GROUP BY r.user_id"
    ),
)


def settle_accounts() -> None:
    """Give keys to the owners of what they stand for, and count what every account stores."""
    for statement in (*OWN_KEYS, *COUNT_STORED):
        step(partial(op.execute, statement))
