"""What an unready service says of itself is what the start shows."""

from __future__ import annotations

import json

import pytest

from qbtc.engines.service import failing


def test_the_failing_checks_of_a_service_are_named_with_their_details() -> None:
    checks = {"bus": {"ok": True, "detail": None}, "venue": {"ok": False, "detail": "NoAnswer: not connected"}}
    assert failing(json.dumps({"state": "degraded", "checks": checks}).encode()) == "venue: NoAnswer: not connected"


@pytest.mark.parametrize("body", [b"busy", b"{}", b"[]", b'{"checks": {}}', b'{"checks": {"a": 1}}'])
def test_a_body_without_checks_is_shown_as_it_is(body: bytes) -> None:
    assert failing(body) == body.decode()
