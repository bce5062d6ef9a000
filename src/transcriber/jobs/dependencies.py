"""Building the job service for a request."""

from typing import Annotated

from fastapi import Depends

from transcriber.infra.dependencies import CurrentContext, Work
from transcriber.jobs.service import JobService


def get_job_service(context: CurrentContext, uow: Work) -> JobService:
    """The rules of jobs over this request's transaction."""
    return JobService(uow, context.queue, context.storage)


Jobs = Annotated[JobService, Depends(get_job_service, scope="function")]
