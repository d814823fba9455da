"""From what a person sends to a question: exactly one state, wherever it comes from."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any
from uuid import UUID

import numpy as np
from pydantic import ConfigDict, Field, JsonValue

from qbtc.contracts.basis26 import SCHEMA_HASH
from qbtc.contracts.common import Message
from qbtc.contracts.quantum import Amplitudes, DensityMatrix, FindStates, Scores26
from qbtc.core.hilbert import InvalidState
from qbtc.core.hilbert.types import Complex
from qbtc.kit.errors import BadInput, Forbidden

from .domain.entries import Asked, Filter
from .domain.given import Given, form_of, given_state, hash_of
from .errors import BadState, UnknownState
from .ports import KeptState, NewState, Saved, States
from .searching import Question
from .texts import Language, described, state_of

FORMS = ("amplitudes", "matrix", "features", "text")
WAYS = ("state_id", "symbol", *FORMS)
FIRST: list[JsonValue] = [0.0, 1.0, *([0.0] * 24)]
"""The state of the second dimension, Burst, alone."""


class MakeState(Message):
    """A state: exactly one of amplitudes (norm 1), matrix (trace 1), features (z and v) or text. With a label it is kept."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"label": "all burst", "amplitudes": {"real": FIRST, "imaginary": [0.0] * 26}},
                {"text": "We may lose some of it, but we will not sell.", "language": "en"},
            ]
        }
    )

    label: Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")] | None = None
    amplitudes: Amplitudes | None = None
    matrix: DensityMatrix | None = None
    features: Scores26 | None = None
    text: str | None = None
    language: Language = None


class Asking:
    def __init__(self, states: States[Any], saved: Saved) -> None:
        self._states, self._saved = states, saved

    async def question(self, find: FindStates, person: str | None) -> Question:
        """Raises BadInput for none or several ways, BadState for what is no state, UnknownState for an unknown id."""
        way = only_one({name: getattr(find, name) for name in WAYS})
        _text_only(find.language, way)
        if way == "state_id":
            found = await self._stored(find, str(find.state_id), person)
        elif way == "symbol":
            found = _moment(find, await self._newest(str(find.symbol)))
        elif way == "text":
            words = await asyncio.to_thread(state_of, str(find.text), find.language)
            found = Question(_asked(find, words.pure.psi), words.intensity)
        else:
            state, intensity = checked(getattr(find, way), field=way)
            found = Question(_asked(find, state), intensity if way == "features" else None)
        if find.measure == "signed" and found.asked.state.ndim == 2:
            raise BadInput("signed overlap is defined between pure states only", field="measure", allowed="fidelity")
        return found

    async def made(self, make: MakeState, person: str | None) -> dict[str, Any]:
        """The state as a row, with the description of a text; kept where it has a label: then it has an id and a time.

        Raises BadInput, BadState, LanguageUntold, TooLarge; Forbidden for a label without a person, TooManyStates.
        """
        form = only_one({name: getattr(make, name) for name in FORMS})
        _text_only(make.language, form)
        words = await asyncio.to_thread(state_of, str(make.text), make.language) if form == "text" else None
        state, intensity = (words.pure.psi, words.intensity) if words else checked(getattr(make, form), field=form)
        if make.label is None:
            row = {
                "state_id": None, "form": form_of(state), "label": None, "intensity": intensity, "schema_hash": SCHEMA_HASH,
                "state_hash": hash_of(state, intensity, SCHEMA_HASH), "created_at": None, "state": state,
            }  # fmt: skip
        elif person is None:
            raise Forbidden("states are kept by people, not by services")
        else:
            row = await self._saved.save(person, NewState(make.label, state, intensity))
        return row | {"text": described(words)} if words else row

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


def _text_only(language: str | None, way: str) -> None:
    if language is not None and way != "text":
        raise BadInput("only a text has a language", field="language", allowed="left out")


def checked(given: Given, *, field: str) -> tuple[Complex, float]:
    """The state and its intensity; raises BadState with every check that failed."""
    try:
        return given_state(given)
    except InvalidState as error:
        raise BadState(str(error), field=field) from None


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
