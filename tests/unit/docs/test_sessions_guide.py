"""The guide to session recordings: its snippet runs, and its verbs, options and settings are those that there are."""

from __future__ import annotations

import asyncio
import re
import shlex
import shutil
from pathlib import Path

import click
import pytest
from tests.unit.hft.sessions.scene import recorded

from qbtc.cli.root import load
from qbtc.cli.session import DIFFERENT, FAULT
from qbtc.hft.settings import HftSettings

PAGE = (Path(__file__).resolve().parents[3] / "docs/guide/hft/sessions.md").read_text(encoding="utf-8")


def test_its_snippet_runs_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (body,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    _, paths = asyncio.run(recorded(tmp_path, 5, 400))
    shutil.copy(paths[-1], tmp_path / "last.session")
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    exec(compile(body, "sessions.md", "exec"), {"__name__": "snippet"})
    said = [line for line in capsys.readouterr().out.splitlines() if not re.match(r"\d{4}-\d\d-\d\d \d\d:", line)]
    assert said[0].startswith("1.0 {")
    assert "POST /api/v3/order?symbol=BTCUSDT" in said[1]
    assert "'levels': 2" in said[2]


def test_every_command_line_of_it_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for line in "".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)).splitlines():
        _, verb, *words = shlex.split(line, comments=True)
        command, name = load(verb), verb
        if isinstance(command, click.Group):
            name, *words = words
            command = command.commands[name]
        command.make_context(name, words)


def test_its_numbers_are_those_of_the_code() -> None:
    fields = HftSettings.model_fields
    assert f"`record_file_mb` ({fields['record_file_mb'].default})" in PAGE
    assert f"`record_keep_mb`\n({fields['record_keep_mb'].default})" in PAGE
    assert f"| {FAULT} | a strategy cannot be used" in PAGE
    assert f"| {DIFFERENT} | a difference" in PAGE
