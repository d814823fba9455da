"""Queues of QCS: `qcs.market` (bars), `qcs.compute` (requests) and `qcs.commands` (commands of the UI)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, JsonValue, ValidationError

from qbtc.contracts import Envelope, Message
from qbtc.contracts.quantum import QuantumCompute, QuantumResult
from qbtc.contracts.trading import MarketState
from qbtc.kit.errors import BadInput, from_validation
from qbtc.kit.messaging import Handler, Messenger
from qbtc.qcs.asking import Asking, MakeState
from qbtc.qcs.circuits import Circuits, Job
from qbtc.qcs.errors import JobRefused, JobTooLarge
from qbtc.qcs.inference import Infer
from qbtc.qcs.jobs import Jobs
from qbtc.qcs.kinds import KINDS
from qbtc.qcs.market import MarketFold
from qbtc.qcs.queries import Queries
from qbtc.qcs.resonances import answer, asked
from qbtc.qcs.searching import StateSearch
from qbtc.qcs.statistics.desk import Statistics
from qbtc.qcs.statistics.methods import METHODS

from .http import ReportCoherence, reported
from .jobs import row
from .states import saved_payload

if TYPE_CHECKING:
    from qbtc.kit.store.pool import Connection


Form = TypeVar("Form", bound=BaseModel)
INFER_SECONDS = 20.0
"""Then the answer over the bus is the job as it stands."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What answers the kinds of `qcs.quantum.compute`."""

    queries: Queries
    circuits: Circuits
    search: StateSearch
    asking: Asking
    statistics: Statistics
    jobs: Jobs


def handlers(messenger: Messenger, fold: MarketFold[Connection], answers: Answers) -> Mapping[str, Handler]:
    async def market(conn: Connection, _envelope: Envelope, body: Message) -> None:
        if not isinstance(body, MarketState):
            raise TypeError(f"qcs.market carries MarketState, not {type(body).__name__}")
        folded = await fold.handle(conn, body)
        if folded is None:
            return
        event, signals = folded
        await messenger.emit(conn, "qcs.quantum.state", event)
        for signal in signals:
            await messenger.emit(conn, "hft.trading.signal", signal)

    async def compute(conn: Connection, envelope: Envelope, body: Message) -> QuantumResult:
        if not isinstance(body, QuantumCompute):
            raise TypeError(f"qcs.quantum.compute carries QuantumCompute, not {type(body).__name__}")
        if body.kind == "search":
            return QuantumResult(kind=body.kind, data=await _found(conn, body, answers))
        if body.kind == "state" and body.symbol is None and body.parameters:
            made = await answers.asking.made(_read(MakeState, body.parameters), await person_of(conn))
            return QuantumResult(kind=body.kind, data=saved_payload(made))
        if body.kind in ("job", "infer"):
            owner = await person_of(conn) or f"service:{envelope.source}"
            take = _submitted if body.kind == "job" else _inferred
            return QuantumResult(kind=body.kind, data=await take(body, owner, answers.jobs))
        return QuantumResult(kind=body.kind, data=await _computed(body, answers))

    return {"qcs.market": market, "qcs.compute": compute, "qcs.commands": compute}


async def _found(conn: Connection, body: QuantumCompute, answers: Answers) -> JsonValue:
    if body.search is None:
        raise BadInput("a search needs a state", field="search", allowed="what POST /states/search takes")
    person = await person_of(conn)
    return await answers.search.answer(await answers.asking.question(body.search, person), body.search, person)


async def _submitted(body: QuantumCompute, owner: str, jobs: Jobs) -> JsonValue:
    """The new job; it is followed at `/jobs/{id}`."""
    if body.method is None:
        raise BadInput("a job needs its kind", field="method", allowed=list[JsonValue](sorted(KINDS)))
    return row(await jobs.submit(body.method, body.parameters, owner), whole=False)


async def _inferred(body: QuantumCompute, owner: str, jobs: Jobs) -> JsonValue:
    """The job with its result, or as it stands after `INFER_SECONDS`. Raises JobRefused, JobTooLarge."""
    job = await jobs.computed(Infer.kind, body.parameters, owner, INFER_SECONDS)
    for refusal in (JobRefused, JobTooLarge):
        if job.error is not None and str(job.error["type"]).endswith(f":{refusal.slug}"):
            raise refusal(str(job.error["detail"]))
    return row(job)


async def person_of(conn: Connection) -> str | None:
    """The person on whose behalf this message is handled, as the row policies see it."""
    cursor = await conn.execute("SELECT nullif(current_setting('qbtc.user', true), '') AS person")
    row = await cursor.fetchone()
    return str(row["person"]) if row and row["person"] else None


async def _computed(body: QuantumCompute, answers: Answers) -> JsonValue:
    if body.kind == "qasm":
        if body.source is None:
            raise BadInput("a circuit needs its source", field="source", allowed="OpenQASM text")
        return await answers.circuits.run(Job(body.source, body.shots, body.seed))
    if body.kind == "resonance":
        return await asyncio.to_thread(answer, asked(body.parameters))
    if body.kind == "statistics":
        if body.method is None:
            raise BadInput("a statistic needs its method", field="method", allowed=list(METHODS))
        return await answers.statistics.compute(body.method, body.parameters)
    if body.kind == "coherence" and body.parameters:
        return await reported(_read(ReportCoherence, body.parameters))
    if body.symbol is None:
        return list(await answers.queries.latest())
    state = await answers.queries.newest(body.symbol)
    return state if body.kind == "state" else {k: v for k, v in state.items() if k not in _AMPLITUDES}


def _read(form: type[Form], parameters: Mapping[str, JsonValue]) -> Form:
    """Raises BadInput."""
    try:
        return form.model_validate(dict(parameters))
    except ValidationError as error:
        raise from_validation(error) from None


_AMPLITUDES = ("real", "imaginary", "diagonal", "present")
