"""`qbtc down`: stop everything of this home, and leave no process and no socket."""

from __future__ import annotations

import os
import signal
import time

import click

from qbtc.engines import control, processes
from qbtc.engines.home import Home, drop_alias
from qbtc.engines.state import clean_up, read_state, recorded

from .common import clear_errors, home_path, the_home

SECONDS = 90.0
GRACE_SECONDS = 5.0


@click.command()
@clear_errors
def down() -> None:
    """Stop everything, in order. Also ends what a killed supervisor left behind."""
    home = the_home()
    stopped = home is not None and (_ask_to_stop(home) or _clean(home))
    click.echo("Stopped." if stopped else f"QBTC is not running on {home_path()}.")


def _ask_to_stop(home: Home) -> bool:
    """True when a supervisor was there; it is gone afterwards."""
    try:
        answer = control.ask(home.control_socket, {"op": "stop"})
        pid = int(answer["pid"])
    except (FileNotFoundError, ConnectionRefusedError):
        return False
    except OSError:  # it is there and hangs: its pid is in the state
        pid = int(read_state(home.root).get("pid", 0))
    click.echo(f"Stopping (pid {pid}) ...")
    if pid and not _gone_within(pid, SECONDS):
        os.kill(pid, signal.SIGKILL)
        _gone_within(pid, GRACE_SECONDS)
    _clean(home)
    return True


def _gone_within(pid: int, seconds: float) -> bool:
    found = processes.read_stat(pid)
    deadline = time.monotonic() + seconds
    while found is not None and processes.alive(pid, found.started):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _clean(home: Home) -> bool:
    found = clean_up(recorded(read_state(home.root)), seconds=GRACE_SECONDS)
    (home / "run/supervisor.sock").unlink(missing_ok=True)
    if home.sockets.is_symlink():
        drop_alias(home)
    return found > 0
