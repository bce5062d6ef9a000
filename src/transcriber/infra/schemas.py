"""Parents of every request and response shape."""

from pydantic import BaseModel, ConfigDict


class RequestModel(BaseModel):
    """What a caller sends: unknown members are refused, so nothing can be assigned in passing."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class ResponseModel(BaseModel):
    """What a caller gets: built from rows or values by attribute."""

    model_config = ConfigDict(from_attributes=True, frozen=True)
