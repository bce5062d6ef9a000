"""Shapes of the operator's routes."""

from typing import Literal

from transcriber.infra.schemas import ResponseModel


class AliveResponse(ResponseModel):
    """The process answers."""

    status: Literal["alive"] = "alive"


class CheckResponse(ResponseModel):
    """One thing the service needs, and what is wrong with it, if anything is."""

    name: str
    is_ok: bool
    detail: str


class ReadyResponse(ResponseModel):
    """Everything the service needs is there."""

    status: Literal["ready"] = "ready"
    checks: list[CheckResponse]
