"""Calls to HFT, QCS or CIO by direct HTTP with a token of this installation; errors become advice."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request

from qbtc.engines.base import EngineError

from .common import home_path
from .problems import problem_words

PORTS = {"cio": 8200, "hft": 8400, "qcs": 8300}
TIMEOUT = 15.0


def call(
    method: str, path: str, body: object = None, *, seconds: float = TIMEOUT, service: str = "hft", user: str = "cli"
) -> object:
    """The service's answer to `user` as JSON, None for an empty one. Raises EngineError when it cannot be reached or refuses."""
    from qbtc.contracts import Role
    from qbtc.kit.security import mint

    try:
        token = mint(home_path(), signer="cli", role=Role.TRADER, user=user)
    except OSError as error:
        raise EngineError(f"No signing key in {home_path()}: {error.strerror}.", "Is QBTC_HOME right?") from None
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORTS[service] + int(os.environ.get('QBTC_PORT_OFFSET') or 0)}{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:  # noqa: S310
            raw = answer.read()
            return json.loads(raw) if raw else None
    except urllib.error.HTTPError as error:
        raise EngineError(f"{service.upper()} refused: {problem_words(error.read(2000), error.code)}") from None
    except OSError as error:
        raise EngineError(f"{service.upper()} does not answer: {error}.", "`qbtc status` shows whether it runs.") from None
