"""From what a person sends to a question: exactly one state, wherever it comes from."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import numpy as np

from qbtc.contracts.quantum import FindStates
from qbtc.core.hilbert import InvalidState
from qbtc.core.hilbert.types import Complex
from qbtc.kit.errors import BadInput

from .domain.entries import Asked, Filter
from .domain.given import Given, given_state
from .errors import BadState, UnknownState
from .ports import KeptState, NewState, Saved, States
from .searching import Question

WAYS = ("state_id", "symbol", "amplitudes", "matrix", "features")


class Asking:
    def __init__(self, states: States[Any], saved: Saved) -> None:
        self._states, self._saved = states, saved

    async def question(self, find: FindStates, person: str | None) -> Question:
        """Raises BadInput for none or several ways, BadState for what is no state, UnknownState for an unknown id."""
        way = only_one({name: getattr(find, name) for name in WAYS})
        if way == "state_id":
            found = await self._stored(find, str(find.state_id), person)
        elif way == "symbol":
            found = _moment(find, await self._newest(str(find.symbol)))
        else:
            state, intensity = checked(getattr(find, way), field=way)
            found = Question(_asked(find, state), intensity if way == "features" else None)
        if find.measure == "signed" and found.asked.state.ndim == 2:
            raise BadInput("signed overlap is defined between pure states only", field="measure", allowed="fidelity")
        return found

    async def _stored(self, find: FindStates, state_id: str, person: str | None) -> Question:
        try:
            return _moment(find, await self._states.one(state_id))
        except UnknownState:
            kept = await self._saved.one(person, state_id)
        asked = Asked(kept["state"], find.measure, _filter(find), find.apart, UUID(kept["state_id"]))
        return Question(asked, kept["intensity"] if kept["form"] == "pure" else None)

    async def _newest(self, symbol: str) -> KeptState:
        found = await self._states.of_symbol(symbol, 1)
        if not found:
            raise UnknownState(f"no state of {symbol} is stored yet", field="symbol")
        return found[0]


def only_one(given: dict[str, object]) -> str:
    """The one name that has a value; raises BadInput for none and for several."""
    named = [name for name, value in given.items() if value is not None]
    if len(named) != 1:
        said = " and ".join(named) or "none"
        raise BadInput(
            f"say one state; {said} given", field=named[1] if named else next(iter(given)), allowed=list(given)
        )
    return named[0]


def checked(given: Given, *, field: str) -> tuple[Complex, float]:
    """The state and its intensity; raises BadState with every check that failed."""
    try:
        return given_state(given)
    except InvalidState as error:
        raise BadState(str(error), field=field) from None


def new_state(label: str, given: Given, *, field: str) -> NewState:
    return NewState(label, *checked(given, field=field))


def _moment(find: FindStates, kept: KeptState) -> Question:
    state = kept.state
    if not state.informative:
        raise BadState(f"the state of {state.symbol} at bar {kept.bar} carries no information", field="state_id")
    psi = np.array(state.real) + 1j * np.array(state.imaginary)
    return Question(_asked(find, psi, kept), state.intensity)


def _asked(find: FindStates, state: Complex, kept: KeptState | None = None) -> Asked:
    if kept is None:
        return Asked(state, find.measure, _filter(find), find.apart)
    where = UUID(kept.state.state_id), kept.state.symbol, kept.bar_end
    return Asked(state, find.measure, _filter(find), find.apart, *where)


def _filter(find: FindStates) -> Filter:
    return Filter(find.symbols, find.since, find.until)
