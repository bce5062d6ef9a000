"""Building what upload endpoints need."""

from typing import Annotated

from fastapi import Depends, Request

from transcriber.infra.dependencies import CurrentContext, Work
from transcriber.infra.disk_threads import DiskThreads
from transcriber.uploads.finalizing import Verifier
from transcriber.uploads.service import UploadService


def get_upload_service(context: CurrentContext, uow: Work) -> UploadService:
    """The rules of uploads over this request's transaction."""
    return UploadService(uow, context)


def get_disk_threads(request: Request) -> DiskThreads:
    """This process's threads for storage."""
    threads: DiskThreads = request.app.state.disk_threads
    return threads


def get_verifier(request: Request) -> Verifier:
    """What verifies uploads in this process."""
    verifier: Verifier = request.app.state.verifier
    return verifier


Uploads = Annotated[UploadService, Depends(get_upload_service, scope="function")]
CurrentThreads = Annotated[DiskThreads, Depends(get_disk_threads)]
CurrentVerifier = Annotated[Verifier, Depends(get_verifier)]
