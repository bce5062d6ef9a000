"""Parents of every request and response shape, and the number ranges all of them share."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

MAX_INT32 = 2**31 - 1

# An unbounded integer would reach a column it does not fit.
Int32 = Annotated[int, Field(ge=-(2**31), le=MAX_INT32)]
Count = Annotated[int, Field(ge=0, le=MAX_INT32)]


class RequestModel(BaseModel):
    """What a caller sends: unknown members are refused, so nothing can be assigned in passing."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class ResponseModel(BaseModel):
    """What a caller gets: built from rows or values by attribute."""

    model_config = ConfigDict(from_attributes=True, frozen=True)
