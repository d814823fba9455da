"""What a kind of job takes."""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel, ConfigDict, JsonValue

from .ports import Parameters


class Request(BaseModel):
    """Base of the parameters of a kind: they refuse what is over a limit before anything is computed.

    `work` is MODULE:FUNCTION, imported in the processes of a job only: `(parameters as JSON, told(share, step)) -> JSON`,
    whose ValueError says what cannot be done. A kind whose work can be divided says so by `parts` and `whole`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    kind: ClassVar[str]
    work: ClassVar[str]

    def parts(self, most: int) -> list[Parameters]:
        """The parameters of the processes that compute it side by side, at most `most`."""
        return [self.model_dump(mode="json")]

    @staticmethod
    def whole(found: list[JsonValue]) -> JsonValue:
        """The result of the job from those of its parts, in their order."""
        return found[0]
