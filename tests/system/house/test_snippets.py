"""The Python snippets of the documentation run as they stand, against a running system.

Guides that need no system have tests of their own, which run their snippets in order and look at what they say.
"""

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
ELSEWHERE = {
    "docs/guide/hft/backtest.md": "test_backtest_guide.py",
    "docs/guide/hft/bars.md": "test_bars_guide.py",
    "docs/guide/hft/data.md": "test_data_guide.py",
    "docs/guide/hft/features.md": "test_features_guide.py",
    "docs/guide/hft/indicators.md": "test_indicator_snippets.py",
    "docs/guide/hft/proposals.md": "test_proposals_guide.py",
    "docs/guide/hft/sessions.md": "test_sessions_guide.py",
    "docs/guide/hft/several-markets.md": "test_several_markets_guide.py",
    "docs/guide/hft/sweep.md": "test_sweep_guide.py",
    "docs/guide/qcs/circuits.md": "test_circuits_guide.py",
    "docs/guide/qcs/noise.md": "test_noise_guide.py",
    "docs/guide/qcs/finance.md": "test_finance_guide.py",
    "docs/guide/qcs/inference.md": "test_inference_guide.py",
    "docs/guide/qcs/search.md": "test_search_guide.py",
    "docs/guide/qcs/prosody.md": "test_prosody_guide.py",
    "docs/guide/qcs/resonance.md": "test_resonance_guide.py",
    "docs/guide/qcs/statistics.md": "test_statistics_guide.py",
    "docs/guide/qcs/openqasm.md": "test_openqasm_guide.py",
    "docs/guide/qcs/states.md": "test_states_guide.py",
}
SNIPPETS = [
    (page, body)
    for path in PAGES
    if str(page := path.relative_to(ROOT)) not in ELSEWHERE
    for body in SNIPPET.findall(path.read_text())
]


@pytest.mark.parametrize(("page", "test"), ELSEWHERE.items())
def test_a_guide_with_a_test_of_its_own_is_run_there(page: str, test: str) -> None:
    assert Path(page).name in (ROOT / "tests/unit/docs" / test).read_text()


@pytest.mark.parametrize(("page", "body"), SNIPPETS, ids=[f"{p}:{i}" for i, (p, _) in enumerate(SNIPPETS)])
def test_a_python_snippet_runs_as_it_stands(qbtc_system: QbtcSystem, page: Path, body: str) -> None:
    env = {**qbtc_system.env, "QBTC_VENV": sys.prefix}
    done = subprocess.run([sys.executable, "-c", body], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, f"{page}:\n{done.stderr[-2000:]}"
