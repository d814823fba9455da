"""docs/guide/qcs/finance.md does what it says: its commands and snippets run and print what the text claims."""

from __future__ import annotations

import re
import shlex

import pytest
from click.testing import CliRunner
from tests.unit.docs.test_docs import ROOT, commands

from qbtc.cli.root import root
from qbtc.qcs import finance

GUIDE = ROOT / "docs/guide/qcs/finance.md"


def test_the_snippets_say_what_the_guide_says(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {}
    for body in re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL):
        exec(body, names)
    assert capsys.readouterr().out.splitlines() == [
        "0.1623 0.17063", "True", "2 2 2", "True", "[0, 1, 1, 0] True", "[0.75, -0.25] True",
    ]  # fmt: skip


def test_the_commands_run() -> None:
    for line in commands(GUIDE):
        if "--convergence" not in line:  # seconds; the same without it is run in tests of the verb
            done = CliRunner().invoke(root, shlex.split(line)[1:])
            assert done.exit_code == 0, f"{line}: {done.output}"


def test_every_kind_of_the_table_exists() -> None:
    named = re.findall(r"^\| `([a-z-]+)` \|", GUIDE.read_text(), re.MULTILINE)
    assert named == [request.kind for request in finance.REQUESTS]
