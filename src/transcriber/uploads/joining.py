"""Making one upload of several: their bytes one after the other, each compared on its way."""

from collections.abc import Callable, Generator, Sequence
from contextlib import closing

from transcriber.infra.context import Context
from transcriber.uploads import repository
from transcriber.uploads.appending import Appender, Lock
from transcriber.uploads.cleaning import build_assembly
from transcriber.uploads.comparing import compare_chunks
from transcriber.uploads.errors import VerificationError
from transcriber.uploads.layout import describe_part
from transcriber.uploads.models import Upload, UploadChunk


def join_pieces(context: Context, upload: Upload, lock: Lock, check: Callable[[], None]) -> Upload:
    """Append what is still to come of the pieces; gives the upload as it is then.

    Whoever takes over goes on behind the last chunk that was committed.

    Raises:
        VerificationError: a piece has other bytes than it was sent.
        PartsLostError: a piece is not there any more.
        ServiceError: when the storage fails.
    """
    appender = Appender(context, upload, lock)
    try:
        position = 0
        for piece, chunks in _list_pieces(context, upload):
            if position + piece.size_bytes > appender.upload.offset:
                skipped = max(0, appender.upload.offset - position)
                for block in _read_piece(context, piece, chunks, check):
                    if skipped < len(block):
                        appender.feed(block[skipped:])
                    skipped = max(0, skipped - len(block))
            position += piece.size_bytes
        return appender.finish()
    finally:
        appender.close()


def _list_pieces(context: Context, upload: Upload) -> list[tuple[Upload, Sequence[UploadChunk]]]:
    with context.database.snapshot() as session:
        pieces = repository.list_pieces(session, upload)
        return [(piece, repository.list_chunks(session, piece)) for piece in pieces]


def _read_piece(
    context: Context, piece: Upload, chunks: Sequence[UploadChunk], check: Callable[[], None]
) -> Generator[bytes]:
    parts, assembly = context.storage.parts, build_assembly(piece)
    parts.assemble(assembly, [describe_part(chunk) for chunk in chunks], check)
    damaged: list[int] = []
    with closing(parts.stream(assembly)) as blocks:
        for block in compare_chunks(blocks, chunks, damaged):
            check()
            yield block
    if damaged:
        raise VerificationError(
            "chunk_damaged",
            "The storage gave back other bytes of a piece than it took; send it all again.",
        )
