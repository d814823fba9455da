"""How Ce3 starts, and why it would not."""

from __future__ import annotations

import os

from qbtc.kit.security import Vault

from .conftest import Installation


def test_claude_without_a_key_is_refused_as_wrong_settings_with_what_to_do(own: Installation) -> None:
    done = own.refused(QBTC_CE3_PROVIDER="claude")
    assert done.returncode == os.EX_CONFIG
    assert "qbtc keys add anthropic" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_stored_key_is_enough_and_is_never_shown(own: Installation) -> None:
    Vault(own.home).put("anthropic", "sk-canary-of-the-vault")
    own.start(QBTC_CE3_PROVIDER="claude")
    with own.http() as client:
        assert client.get("/models").json()["items"][0]["name"].startswith("claude")
    assert "sk-canary" not in (own.home / "log").read_text()
