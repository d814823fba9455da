"""A statistic as a job: what takes longer than a request may wait, such as thousands of refits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Self

from pydantic import ConfigDict, Field, JsonValue, model_validator

from qbtc.qcs.errors import BadStatistic
from qbtc.qcs.jobs.ports import Parameters
from qbtc.qcs.jobs.request import Request

from .bodies import GarchRolling
from .methods import METHODS, compute, read

MOST_REFITS = 20_000
ROLLING = "garch-rolling"
"""The method that says how far it is and takes threads."""


class Statistic(Request):
    """A method of the statistics with its parameters, as `POST /stats/<method>` takes them."""

    kind: ClassVar[str] = "statistics"
    work: ClassVar[str] = "qbtc.qcs.statistics.jobs:work"
    model_config = ConfigDict(
        json_schema_extra={"example": {"method": ROLLING, "parameters": METHODS[ROLLING].example}}
    )

    method: Annotated[str, Field(max_length=40)]
    parameters: dict[str, JsonValue]

    @model_validator(mode="after")
    def _allowed(self) -> Self:
        """Raises BadStatistic and BadInput, which pydantic passes on as they are."""
        body = read(self.method, self.parameters)
        if isinstance(body, GarchRolling):
            refits = max(len(body.values) - body.window, 0) // body.step + 1
            if refits > MOST_REFITS:
                raise BadStatistic(
                    f"{refits} refits; take a larger step", field="step", allowed=f"{MOST_REFITS} refits"
                )
        return self

    def parts(self, most: int) -> list[Parameters]:
        """One: its refits share what they begin from, and run in threads."""
        return [{"method": self.method, "parameters": self.parameters, "threads": most}]


def work(parameters: dict[str, Any], told: Callable[[float, str], None]) -> dict[str, JsonValue]:
    """What `POST /stats/<method>` answers."""
    method = parameters["method"]
    told(0.0, method)
    extra = {"threads": parameters["threads"], "told": told} if method == ROLLING else {}
    try:
        return compute(method, parameters["parameters"], **extra)
    except BadStatistic as error:
        raise ValueError(error.detail) from None
