"""Which objects the database names."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from transcriber.infra.ownership import for_everybody
from transcriber.jobs.models import Job
from transcriber.recordings.models import Recording


@for_everybody
def list_named_objects(session: Session) -> dict[str, str | None]:
    """Keys of the objects that rows point at, with the SHA-256 in hex where it is known."""
    recordings = select(Recording.storage_key, Recording.sha256).where(
        Recording.removed_at.is_(None)
    )
    named: dict[str, str | None] = {
        row.storage_key: row.sha256 for row in session.execute(recordings)
    }
    waveforms = session.scalars(
        select(Recording.peaks_key).where(
            Recording.removed_at.is_(None), Recording.peaks_key.is_not(None)
        )
    )
    samples = session.scalars(select(Job.pcm_key).where(Job.pcm_key.is_not(None)))
    return named | {key: None for key in (*waveforms, *samples) if key is not None}
