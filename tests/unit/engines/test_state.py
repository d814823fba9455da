"""The lock, and cleaning up after a killed supervisor."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from qbtc.engines import processes
from qbtc.engines.base import EngineError
from qbtc.engines.home import open_home
from qbtc.engines.state import Lock, Recorded, clean_up, read_state, recorded, write_state


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["sleep", "1000"], start_new_session=True)
    yield process
    process.kill()
    process.wait()


def record_of(process: subprocess.Popen[bytes], *, older: int = 0) -> Recorded:
    found = processes.read_stat(process.pid)
    assert found is not None
    return Recorded(process.pid, found.started - older, processes.executable(process.pid))


def test_a_second_lock_on_one_home_names_the_holder(tmp_path: Path) -> None:
    home = open_home(tmp_path / "q")
    lock = Lock(home)
    code = "import sys; from pathlib import Path; from qbtc.engines import home, state; "
    code += "state.Lock(home.open_home(Path(sys.argv[1])))"
    result = subprocess.run([sys.executable, "-c", code, str(home.root)], capture_output=True, text=True, check=False)
    assert result.returncode != 0
    assert "already running" in result.stderr
    lock.release()
    Lock(home).release()


def test_a_recorded_process_is_ended(sleeper: subprocess.Popen[bytes]) -> None:
    assert clean_up([record_of(sleeper)], seconds=5) == 1
    assert sleeper.wait(5) == -signal.SIGTERM


def test_a_process_that_only_has_the_same_number_is_left_alone(sleeper: subprocess.Popen[bytes]) -> None:
    assert clean_up([record_of(sleeper, older=5)], seconds=1) == 0
    assert sleeper.poll() is None


def test_a_deaf_process_is_killed_after_its_time() -> None:
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(1000)"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None
    process.stdout.readline()
    before = time.monotonic()
    assert clean_up([record_of(process)], seconds=0.3) == 1
    assert process.wait(5) == -signal.SIGKILL
    assert time.monotonic() - before < 5
    process.stdout.close()


def test_the_state_of_another_boot_names_nobody(tmp_path: Path) -> None:
    home = open_home(tmp_path / "q")
    row = {"pid": 1, "started": 1, "executable": "/bin/x", "stop_signal": 15}
    write_state(home, {"boot": "earlier", "processes": {"x": row}})
    assert recorded(read_state(home.root)) == []
    write_state(home, {"boot": processes.boot_id(), "processes": {"x": row}})
    assert len(recorded(read_state(home.root))) == 1


def test_a_damaged_state_is_as_good_as_none(tmp_path: Path) -> None:
    home = open_home(tmp_path / "q")
    (home / "run/state.json").write_text('{"boot":')
    assert read_state(home.root) == {}


def test_two_locks_in_one_process_exclude_each_other(tmp_path: Path) -> None:
    home = open_home(tmp_path / "q")
    lock = Lock(home)
    with pytest.raises(EngineError, match="already running"):
        Lock(home)
    lock.release()
