"""The Python of the guide to indicators runs, from top to bottom, and the strategy in it compiles."""

from __future__ import annotations

import re
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from qbtc.hft.domain.strategy_class import read
from qbtc.hft.domain.strategy_compiled import Program
from qbtc.hft.indicators import groups

PAGE = Path(__file__).resolve().parents[3] / "docs/guide/hft/indicators.md"
SNIPPETS = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)


def test_every_snippet_of_the_guide_runs(tmp_path: Path) -> None:
    path = tmp_path / "guide_to_indicators.py"
    path.write_text("\n".join(SNIPPETS))
    spec = spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)

    assert Program(read(module.Cross, name="cross")).has("on_book")


def test_the_table_of_groups_counts_what_there_is() -> None:
    rows = dict(re.findall(r"^\| ([\w ,]+?) \| (\d+)\b", PAGE.read_text(), re.MULTILINE))
    counted = {", ".join(part): sum(len(groups()[name]) for name in part) for part in (row.split(", ") for row in rows)}

    assert counted == {name: int(count) for name, count in rows.items()}
    assert sum(counted.values()) == 201
