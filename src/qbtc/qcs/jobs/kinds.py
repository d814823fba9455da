"""What can be computed as a job. A kind is one line here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class Kind:
    """`takes` refuses parameters over a limit before anything is computed. `work` is MODULE:FUNCTION, imported in the process of
    a job only: `(parameters as JSON, told(share, step)) -> JSON`; its ValueError says what cannot be done."""

    takes: type[BaseModel]
    work: str


KINDS: Mapping[str, Kind] = {}
