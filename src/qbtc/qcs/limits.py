"""The limits of QCS as its README lists them, read from the constants and settings that hold them.

`python -m qbtc.qcs.limits` prints the list; a test fails where the README says something else.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from qbtc.contracts.bodies import service_limit

from .circuits import MAX_COUNTED, MAX_QUEUED, MAX_SOURCE
from .domain.noise.model import MOST_CHANNELS
from .domain.noise.reading import MOST_RULES
from .domain.qasm import Limits
from .domain.qasm.machine import MAX_MADE
from .resonances import MOST_CHARACTERS, MOST_LINES
from .settings import QcsSettings
from .statistics.bodies import MOST
from .statistics.desk import MAX_WAITING
from .texts import MOST_CHARACTERS as TEXT_CHARACTERS


def rows() -> Iterator[str]:
    """One line a subject, with the settings at their defaults."""
    s, most = QcsSettings.model_construct(), Limits()
    yield f"A request: {service_limit('qcs'):,} bytes, through the gateway too."
    yield f"A circuit: {MAX_SOURCE:,} characters of source, {s.max_qubits} qubits ({s.stabiliser_qubits:,} on stabilisers), {most.bits:,} bits, "
    yield f"  {most.operations:,} operations, {most.steps:,} classical steps a run, {MAX_MADE:,} array elements, {s.max_shots:,} shots, "
    yield f"  {MAX_COUNTED:,} bits of counts in all, {s.circuit_megabytes:,} MB of states, {s.circuit_seconds:g} s; {MAX_QUEUED} wait."
    yield f"Noise: {MOST_RULES:,} rules of a kind, {MOST_CHANNELS:,} channels in a circuit."
    yield f"Statistics: {MOST:,} numbers a list, {s.statistic_seconds:g} s, one at a time, {MAX_WAITING} wait."
    yield f"Jobs: {s.job_seconds:g} s, {s.job_megabytes:,} MB a process, {s.job_queue} wait."
    yield f"Texts: {TEXT_CHARACTERS:,} characters of a state; {MOST_CHARACTERS:,} characters and {MOST_LINES} lines of verse."


def listed() -> str:
    """As Markdown."""
    return "".join(f"{'' if row.startswith('  ') else '- '}{row.rstrip()}\n" for row in rows())


if __name__ == "__main__":
    sys.stdout.write(listed())
