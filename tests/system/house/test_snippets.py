"""The Python snippets of the documentation run as they stand, against a running system."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from qbtc.testing.system import QbtcSystem

ROOT = Path(__file__).resolve().parents[3]
SNIPPET = re.compile(r"```python\n(.*?)```", re.DOTALL)
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "src/qbtc").rglob("README.md"))]
SNIPPETS = [(p.relative_to(ROOT), body) for p in PAGES for body in SNIPPET.findall(p.read_text())]


@pytest.mark.parametrize(("page", "body"), SNIPPETS, ids=[f"{p}:{i}" for i, (p, _) in enumerate(SNIPPETS)])
def test_a_python_snippet_runs_as_it_stands(qbtc_system: QbtcSystem, page: Path, body: str) -> None:
    env = {**qbtc_system.env, "QBTC_VENV": sys.prefix}
    done = subprocess.run([sys.executable, "-c", body], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, f"{page}:\n{done.stderr[-2000:]}"
