"""What can be computed as a job. A kind is one line here."""

from __future__ import annotations

from collections.abc import Mapping

from . import finance
from .batches import CircuitBatch
from .inference import Infer
from .jobs.request import Request
from .statistics.jobs import Statistic

REQUESTS: tuple[type[Request], ...] = (CircuitBatch, Statistic, *finance.REQUESTS, Infer)
KINDS: Mapping[str, type[Request]] = {request.kind: request for request in REQUESTS}
