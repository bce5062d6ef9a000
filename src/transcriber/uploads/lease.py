"""The right to verify an upload, renewed for as long as the work goes on."""

import time
from datetime import timedelta

from sqlalchemy import CursorResult, update

from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.ownership import for_everybody
from transcriber.uploads.errors import StaleClaimError
from transcriber.uploads.models import Upload
from transcriber.uploads.states import UploadState


class DrainingError(Exception):
    """This process is asked to stop; the work begins anew elsewhere."""


class Lease:
    """Renews the lease of one attempt whenever a third of it has passed.

    Args:
        context: The process's parts.
        upload_id: Whose verification it is.
        attempt: The fence.
    """

    def __init__(self, context: Context, upload_id: str, attempt: int) -> None:
        self._context = context
        self._upload_id = upload_id
        self._attempt = attempt
        self._seconds = context.settings.lease_seconds
        # The first check renews: the claim may have waited for a thread.
        self._renewed = time.monotonic() - self._seconds

    def check(self) -> None:
        """Go on, or learn why not; called after every block.

        Raises:
            DrainingError: the process is asked to stop.
            StaleClaimError: somebody else has taken over.
        """
        if self._context.draining.is_set():
            raise DrainingError
        if time.monotonic() - self._renewed > self._seconds / 3:
            self._set(self._seconds)
            self._renewed = time.monotonic()

    def release(self) -> None:
        """Let somebody else begin at once.

        Raises:
            StaleClaimError: somebody else has begun already.
        """
        self._set(0.0)

    @for_everybody
    def _set(self, seconds: float) -> None:
        with self._context.database.unit_of_work() as uow:
            now = read_database_time(uow.session)
            result = uow.session.execute(
                update(Upload)
                .where(
                    Upload.id == self._upload_id,
                    Upload.attempt == self._attempt,
                    Upload.state == UploadState.VERIFYING,
                )
                .values(lease_until=now + timedelta(seconds=seconds))
            )
            assert isinstance(result, CursorResult)  # noqa: S101 -- narrows the type for rowcount
            if result.rowcount == 0:
                raise StaleClaimError
