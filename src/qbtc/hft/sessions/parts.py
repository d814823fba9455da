"""How a strategy is described in a recording."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..domain.strategy_class import Spec


def source_of(name: str, spec: Spec, parameters: Mapping[str, float]) -> dict[str, Any]:
    """What a strategy is: its class, its file and what stands in it."""
    try:
        text = Path(spec.path).read_text()
    except OSError:
        text = ""
    return {
        "name": name, "class": spec.cls.__name__, "path": spec.path, "parameters": dict(parameters),
        "sha256": hashlib.sha256(text.encode()).hexdigest(), "source": text,
    }  # fmt: skip
