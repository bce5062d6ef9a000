"""`python -m chaos.uploads.rounds [UPLOAD…]`: the product's rounds, an hour and more later.

A process of its own with the service's settings.  The rows of the uploads named are aged until they
expire, those of ended ones and every file beyond the grace; an object store dates what it has by
its own clock, so there the grace is taken away instead.  Nobody sends anything meanwhile.
"""

import json
import os
import sys
import time
from datetime import timedelta

from sqlalchemy import update

from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context, build_context
from transcriber.infra.deletions import retry_deletions
from transcriber.infra.settings import Settings
from transcriber.uploads import orphans, upkeep
from transcriber.uploads.models import Upload
from transcriber.uploads.states import UploadState

AGE = timedelta(hours=2)
OWNER = "collection"


def main() -> None:
    """Run every round until it finds nothing more, and tell how much each found."""
    context = build_context(Settings())
    found = {"expired": _expire(context, sys.argv[1:]), "cleaned": _clean(context)}
    found["deleted"] = retry_deletions(context.database, context.storage)
    found["orphans"] = _collect(context)
    context.close()
    sys.stdout.write(json.dumps(found) + "\n")


def _expire(context: Context, upload_ids: list[str]) -> int:
    with context.database.unit_of_work() as uow:
        past = read_database_time(uow.session) - timedelta(seconds=1)
        uow.session.execute(
            update(Upload)
            .where(Upload.id.in_(upload_ids), Upload.state == UploadState.RECEIVING)
            .values(expires_at=past)
        )
    count = 0
    while more := upkeep.expire_uploads(context):
        count += more
    return count


def _clean(context: Context) -> int:
    with context.database.unit_of_work() as uow:
        past = read_database_time(uow.session) - AGE
        uow.session.execute(update(Upload).where(Upload.ended_at > past).values(ended_at=past))
    count = 0
    while more := upkeep.clean_ended_uploads(context):
        count += more
    upkeep.keep_uploads_up(context, OWNER)
    return count


def _collect(context: Context) -> int:
    if context.settings.storage == "s3":
        orphans.GRACE = timedelta(0)
        time.sleep(1.0)
    else:
        past = time.time() - AGE.total_seconds()
        for path in context.settings.resolved_storage_dir.rglob("*"):
            os.utime(path, (past, past))
    return orphans.collect_orphans(context)


if __name__ == "__main__":
    main()
