"""`qbtc archetypes`: what it asks, what it shows, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from qbtc.cli import archetypes as verb

ANSWER = {
    "language": "en", "label": "sage", "probabilities": {"sage": 0.5, "none": 0.3, "ruler": 0.1, "orphan": 0.06, "lover": 0.04},
    "short": True, "notice": {"en": "no personality test", "es": "no un test"},
}  # fmt: skip


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    found: list[Any] = []

    def call(method: str, path: str, body: Any, *, seconds: float, service: str) -> object:
        found.append((method, path, body, service))
        return ANSWER

    monkeypatch.setattr(verb, "call", call)
    return found


def test_a_text_or_a_file_is_asked_and_the_notice_comes_first(asked: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text("Once upon a time.", encoding="utf-8")
    for arguments in (["--text", "Once upon a time."], [str(path)], ["-"]):
        done = CliRunner().invoke(verb.archetypes, arguments, input="Once upon a time.")
        assert done.output.splitlines()[:2] == ["no personality test", "sage        50.0%"]
    assert asked == [("POST", "/archetypes", {"text": "Once upon a time."}, "cio")] * 3


def test_neither_or_both_or_what_is_no_text_is_refused(asked: list[Any], tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    bad.write_bytes(b"\xff\xfe")
    for arguments, said in (([], "either FILE"), (["x", "--text", "y"], "either FILE"), ([str(bad)], "no UTF-8"), (["/no/such"], "No such file")):
        done = CliRunner().invoke(verb.archetypes, arguments)
        assert done.exit_code == 2 and said in done.output
    assert not asked
