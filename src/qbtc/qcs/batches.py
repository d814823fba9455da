"""Many circuits as one job: a list of programs, or one program over values of its inputs. One that fails is an entry with its
error and costs the others nothing.

The processes of a job share the entries in turns (0, k, 2k, ...), so that a sweep whose cost grows is shared fairly.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import product
from typing import Annotated, Any, ClassVar, Self, cast

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from qbtc.kit.errors import BadInput
from qbtc.kit.settings import load

from .asked import TURN, AskCircuit
from .circuits import computed
from .jobs.ports import Parameters
from .jobs.request import Request
from .settings import QcsSettings

MOST_CIRCUITS, MOST_POINTS = 1_000, 10_000
Number = Annotated[float, Field(ge=-1e9, le=1e9)]
Text = Annotated[str, Field(max_length=200)]


class Range(BaseModel):
    """`count` equally spaced numbers, both ends among them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: Number
    stop: Number
    count: Annotated[int, Field(ge=2, le=MOST_POINTS)]

    def texts(self) -> list[str]:
        step = (self.stop - self.start) / (self.count - 1)
        return [repr(self.start + step * i) for i in range(self.count - 1)] + [repr(self.stop)]


Values = Annotated[list[Number | Text], Field(min_length=1, max_length=MOST_POINTS)] | Range


class Sweep(BaseModel):
    """`circuit` over values of its input declarations: every combination, or with `together` the first of each, the second of
    each, and so on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    circuit: AskCircuit
    inputs: Annotated[dict[str, Values], Field(min_length=1, max_length=10)]
    together: bool = False

    def points(self) -> Iterator[dict[str, str]]:
        columns = [_texts(values) for values in self.inputs.values()]
        rows = zip(*columns, strict=True) if self.together else product(*columns)
        return (dict(zip(self.inputs, row, strict=True)) for row in rows)

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        sizes = {name: len(_texts(values)) for name, values in self.inputs.items()}
        if self.together and len(set(sizes.values())) > 1:
            raise ValueError(f"together the inputs need equally many values; given are {sizes}")
        count = max(sizes.values()) if self.together else math.prod(sizes.values())
        if count > MOST_POINTS:
            raise ValueError(f"{count} points; allowed are {MOST_POINTS}")
        return self


def _texts(values: Values) -> list[str]:
    if isinstance(values, Range):
        return values.texts()
    return [value if isinstance(value, str) else repr(value) for value in values]


class CircuitBatch(Request):
    """Circuits to run one after another in several processes: a list, or a sweep. An entry without a seed of its own gets
    `seed` plus its place, so that a batch gives the same counts however it is shared out."""

    kind: ClassVar[str] = "circuits"
    work: ClassVar[str] = "qbtc.qcs.batches:work"
    model_config = ConfigDict(json_schema_extra={"example": {
        "sweep": {"circuit": {"source": TURN, "task": "expectation", "observables": [[{"paulis": "Z0"}]]},
                  "inputs": {"theta": {"start": 0, "stop": 3.141592653589793, "count": 5}}},
    }})  # fmt: skip

    circuits: Annotated[list[AskCircuit], Field(min_length=1, max_length=MOST_CIRCUITS)] | None = None
    sweep: Sweep | None = None
    seed: Annotated[int, Field(ge=0, le=2**62)] = 0

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.circuits is None) == (self.sweep is None):
            raise ValueError("give either circuits or a sweep")
        return self

    def entries(self) -> list[AskCircuit]:
        """Every circuit with its inputs and its seed."""
        if self.sweep is None:
            asked = list(self.circuits or ())
        else:
            one = self.sweep.circuit
            asked = [one.model_copy(update={"inputs": one.inputs | point}) for point in self.sweep.points()]
        return [
            each if each.seed is not None else each.model_copy(update={"seed": self.seed + place})
            for place, each in enumerate(asked)
        ]

    def parts(self, most: int) -> list[Parameters]:
        bodies: list[JsonValue] = [[i, each.model_dump(mode="json")] for i, each in enumerate(self.entries())]
        return [{"entries": bodies[first::most]} for first in range(min(most, len(bodies)))]

    @staticmethod
    def whole(found: list[JsonValue]) -> JsonValue:
        """{items, failed}: the entries in the order in which they were given."""
        items = [item for part in cast("list[list[dict[str, JsonValue]]]", found) for item in part]
        items.sort(key=lambda item: cast("int", item["index"]))
        return {"items": [*items], "failed": sum("error" in item for item in items)}


def work(parameters: dict[str, Any], told: Callable[[float, str], None]) -> list[dict[str, JsonValue]]:
    """The entries of one part. Each has `index` and `inputs`, and what `POST /circuits` answers or the `error` it gives."""
    entries = parameters["entries"]
    # The time is that of the job: nothing stops one circuit of it.
    limits = load(QcsSettings, "qcs").model_copy(update={"circuit_seconds": math.inf})
    found: list[dict[str, JsonValue]] = []
    for place, (index, body) in enumerate(entries):
        told(place / len(entries), f"circuit {index + 1}")
        found.append({"index": index, "inputs": body["inputs"], **_answer(body, limits)})
    return found


def _answer(body: dict[str, Any], limits: QcsSettings) -> dict[str, JsonValue]:
    try:
        return computed(AskCircuit.model_validate(body).job(), limits)
    except BadInput as error:
        return {"error": error.problem()}
