"""`qbtc compile`: what fails there is compiled again at every start, behind the user's back."""

from __future__ import annotations

import subprocess
import sys


def test_every_part_compiles() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "qbtc", "compile"], capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("compiled in "), done.stdout
