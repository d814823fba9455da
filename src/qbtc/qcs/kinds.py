"""What can be computed as a job. A kind is one line here."""

from __future__ import annotations

from collections.abc import Mapping

from . import finance
from .jobs.request import Request

KINDS: Mapping[str, type[Request]] = {request.kind: request for request in finance.REQUESTS}
