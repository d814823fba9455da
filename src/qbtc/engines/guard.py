"""The last one out: waits for its supervisor to be gone, then ends whatever that left behind.

Children already get a signal from the kernel when the supervisor dies; a hung one ignores it, and that is what this is
for. Started by the supervisor with a pipe as standard input: end of file means gone.
"""

from __future__ import annotations

import sys
from pathlib import Path

from .state import clean_up, read_state, recorded

GRACE_SECONDS = 8.0


def main(argv: list[str]) -> int:
    home, pid, started = Path(argv[0]), int(argv[1]), int(argv[2])
    sys.stdin.read()
    state = read_state(home)
    if state.get("supervisor") != {"pid": pid, "started": started}:
        return 0
    clean_up(recorded(state), seconds=GRACE_SECONDS)
    (home / "run/supervisor.sock").unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
