"""What a kind of job takes."""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Request(BaseModel):
    """Base of the parameters of a kind: they refuse what is over a limit before anything is computed.

    `work` is MODULE:FUNCTION, imported in the process of a job only: `(parameters as JSON, told(share, step)) -> JSON`, whose
    ValueError says what cannot be done.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    kind: ClassVar[str]
    work: ClassVar[str]
