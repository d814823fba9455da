"""A noise model from JSON; every error says where and what is allowed.

    {"gates": [{"gate": "cx", "qubits": [0, 1], "width": 2, "channel": {"kind": "depolarising", "p": 0.01, "qubits": 2}}],
     "idle": [{"qubits": [0], "channel": {"kind": "dephasing", "p": 0.001}}],
     "readout": [{"qubits": [0], "one_for_zero": 0.01, "zero_for_one": 0.03}]}

All but `channel` may be left out. Numbers and their names are the parameters of `channels`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import cast

import numpy as np

from qbtc.core.hilbert.types import Complex

from . import channels
from .model import GateNoise, NoiseModel, QubitNoise

Fields = Mapping[str, object]
MOST_RULES = 1000


class BadNoise(ValueError):
    """The noise model cannot be read; the message has the place, such as `gates[0].channel`."""


def noise_model(source: str | Fields) -> NoiseModel:
    """From JSON text or what it holds. Raises BadNoise."""
    if isinstance(source, str):
        try:
            source = json.loads(source)
        except json.JSONDecodeError as error:
            raise BadNoise(f"no JSON: {error}") from None
        except RecursionError:
            raise BadNoise("the JSON is nested too deeply to be a noise model") from None
    fields = _fields(source, "the noise model", ("gates", "idle", "readout"))
    return NoiseModel(
        tuple(_gate(rule, where) for where, rule in _rules(fields, "gates")),
        tuple(_idle(rule, where) for where, rule in _rules(fields, "idle")),
        tuple(_readout(rule, where) for where, rule in _rules(fields, "readout")),
    )


def _gate(rule: object, where: str) -> GateNoise:
    fields = _fields(rule, where, ("gate", "qubits", "width", "channel"))
    gate, width = fields.get("gate"), fields.get("width")
    if gate is not None and not isinstance(gate, str):
        raise BadNoise(f"{where}.gate is the name of a gate, not {gate!r}")
    return GateNoise(
        _channel(fields.get("channel"), f"{where}.channel"),
        None if gate == "*" else gate,
        _qubits(fields, where),
        None if width is None else _whole(width, f"{where}.width", 1),
    )


def _idle(rule: object, where: str) -> QubitNoise:
    fields = _fields(rule, where, ("qubits", "channel"))
    kraus = _channel(fields.get("channel"), f"{where}.channel")
    if kraus.shape[-1] != 2:
        raise BadNoise(f"{where}.channel is on one qubit, not on {kraus.shape[-1]} dimensions")
    return QubitNoise(kraus, _qubits(fields, where))


def _readout(rule: object, where: str) -> QubitNoise:
    fields = _fields(rule, where, ("qubits", "one_for_zero", "zero_for_one"))
    p = [_number(fields.get(name, 0.0), f"{where}.{name}") for name in ("one_for_zero", "zero_for_one")]
    return QubitNoise(_made(where, lambda: channels.readout(*p)), _qubits(fields, where))


def _channel(value: object, where: str) -> Complex:
    names = ("kind", "p", "qubits", "gamma", "excited", "t1", "t2", "time", "zero", "one", "axis", "angle")
    fields = _fields(value, where, (*names, "probabilities", "kraus"))
    kind = fields.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise BadNoise(f"{where}.kind must be one of {', '.join(KINDS)}, not {kind!r}")
    needed, optional, make = KINDS[kind]
    _fields(value, f"{where} ({kind})", ("kind", *needed, *optional))
    missing = [name for name in needed if name not in fields]
    if missing:
        raise BadNoise(f"{where} ({kind}) needs {', '.join(missing)}")
    kraus = _made(where, lambda: make(_Reader(fields, where)))
    if kraus.shape[-1] not in (2, 4, 8, 16):
        raise BadNoise(f"{where}: a channel is on 1 to 4 qubits, not on {kraus.shape[-1]} dimensions")
    return kraus


class _Reader:
    def __init__(self, fields: Fields, where: str) -> None:
        self._fields, self._where = fields, where

    def number(self, name: str, default: float = 0.0) -> float:
        return _number(self._fields.get(name, default), f"{self._where}.{name}")

    def size(self) -> int:
        return 1 << _whole(self._fields.get("qubits", 1), f"{self._where}.qubits", 1, 4)

    def text(self, name: str) -> str:
        value = self._fields[name]
        if not isinstance(value, str) or len(value) > channels.MOST_QUBITS:
            raise BadNoise(f"{self._where}.{name} is a Pauli string of at most {channels.MOST_QUBITS} characters")
        return value

    def probabilities(self) -> dict[str, float]:
        value = self._fields["probabilities"]
        if not isinstance(value, Mapping) or any(len(str(s)) > channels.MOST_QUBITS for s in value):
            raise BadNoise(f"{self._where}.probabilities maps Pauli strings to numbers")
        return {str(s): _number(p, f"{self._where}.probabilities.{s}") for s, p in value.items()}

    def kraus(self) -> Complex:
        """Elements as [real, imaginary]."""
        where = f"{self._where}.kraus"
        try:
            cells = np.array(self._fields["kraus"], dtype=object)
        except ValueError:  # rows of unequal length
            cells = np.zeros(0, dtype=object)
        if cells.ndim != 4 or cells.shape[-1] != 2:
            raise BadNoise(f"{where} is a list of matrices with elements [real, imaginary]")
        value = np.array([_number(cell, where) for cell in cells.flat]).reshape(cells.shape)
        return channels.kraus(value[..., 0] + 1j * value[..., 1])


Kind = tuple[tuple[str, ...], tuple[str, ...], Callable[[_Reader], Complex]]
KINDS: dict[str, Kind] = {
    "depolarising": (("p",), ("qubits",), lambda r: channels.depolarising(r.number("p"), r.size())),
    "dephasing": (("p",), ("qubits",), lambda r: channels.dephasing(r.number("p"), r.size())),
    "bit-flip": (("p",), (), lambda r: channels.bit_flip(r.number("p"))),
    "phase-flip": (("p",), (), lambda r: channels.phase_flip(r.number("p"))),
    "bit-phase-flip": (("p",), (), lambda r: channels.bit_phase_flip(r.number("p"))),
    "pauli": (("probabilities",), (), lambda r: channels.pauli(r.probabilities())),
    "amplitude-damping": (
        ("gamma",),
        ("excited",),
        lambda r: channels.generalised_amplitude_damping(r.number("gamma"), r.number("excited")),
    ),
    "thermal-relaxation": (
        ("t1", "t2", "time"),
        ("excited",),
        lambda r: channels.thermal_relaxation(r.number("t1"), r.number("t2"), r.number("time"), r.number("excited")),
    ),
    "reset": (("zero",), ("one",), lambda r: channels.reset(r.number("zero"), r.number("one"))),
    "over-rotation": (("axis", "angle"), (), lambda r: channels.over_rotation(r.text("axis"), r.number("angle"))),
    "kraus": (("kraus",), (), lambda r: r.kraus()),
}


def _made(where: str, make: Callable[[], Complex]) -> Complex:
    try:
        return make()
    except BadNoise:
        raise
    except ValueError as error:
        raise BadNoise(f"{where}: {error}") from None


def _rules(fields: Fields, name: str) -> list[tuple[str, object]]:
    rules = fields.get(name, [])
    if not isinstance(rules, list) or len(rules) > MOST_RULES:
        raise BadNoise(f"{name} is a list of at most {MOST_RULES} rules")
    return [(f"{name}[{i}]", rule) for i, rule in enumerate(rules)]


def _fields(value: object, where: str, allowed: tuple[str, ...]) -> Fields:
    if not isinstance(value, Mapping):
        raise BadNoise(f"{where} is an object with the fields {', '.join(allowed)}")
    unknown = [str(name) for name in value if name not in allowed]
    if unknown:
        raise BadNoise(f"{where} has no field {unknown[0]!r}; allowed are {', '.join(allowed)}")
    return cast(Fields, value)


def _qubits(fields: Fields, where: str) -> tuple[int, ...] | None:
    value = fields.get("qubits")
    if value is None:
        return None
    if not isinstance(value, list) or not value:
        raise BadNoise(f"{where}.qubits is a list of qubit numbers, not {value!r}")
    found = tuple(_whole(q, f"{where}.qubits", 0) for q in value)
    if len(set(found)) < len(found):
        raise BadNoise(f"{where}.qubits names a qubit twice: {value!r}")
    return found


def _whole(value: object, where: str, least: int, most: int = 1_000_000) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise BadNoise(f"{where} must be a whole number from {least} to {most}, not {value!r}")
    return value


def _number(value: object, where: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) <= sys.float_info.max:
        raise BadNoise(f"{where} must be a finite number, not {repr(value)[:40]}")
    return float(value)
