"""Part of a Ray cluster for a while. Ray is the optional extra `scale` and is imported only here and when it is used."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .errors import Unavailable

ANSWER = 5.0
"""Seconds that a cluster has to answer."""


class NoCluster(Unavailable):
    slug, title = "no-cluster", "There is no cluster to compute on"


@contextmanager
def joined(address: str) -> Iterator[Any]:
    """The module `ray`, part of the cluster at `address` (HOST:PORT, `auto`: the one that runs here, `local`: one made for the
    purpose); left again unless we were part of it before. Raises NoCluster."""
    try:
        import ray  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        raise NoCluster("Ray is not installed; install the extra `scale`, or give no address of a cluster") from None
    before = ray.is_initialized()
    _reach(address)
    try:
        ray.init(address=address, ignore_reinit_error=True, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, OSError, RuntimeError, ValueError) as error:
        raise NoCluster(f"no Ray cluster answers at {address}: {error}") from None
    try:
        yield ray
    finally:
        if not before:
            ray.shutdown()


def _reach(address: str) -> None:
    """Raises NoCluster where nobody listens: Ray itself would wait for minutes."""
    if address in ("local", "auto"):
        return
    host, _, port = address.removeprefix("ray://").rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=ANSWER).close()
    except (OSError, ValueError) as error:
        raise NoCluster(f"no Ray cluster answers at {address}: {error}; allowed: HOST:PORT, auto or local") from None
