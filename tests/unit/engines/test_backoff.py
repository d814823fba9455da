"""Restart delays."""

from qbtc.engines.backoff import FIRST_SECONDS, LONGEST_SECONDS, STABLE_SECONDS, BackOff


def test_delays_double_up_to_a_limit() -> None:
    backoff = BackOff()
    delays = [backoff.delay(uptime=0.1, wanted=False) for _ in range(8)]
    assert delays[:4] == [0.2, 0.4, 0.8, 1.6]
    assert delays[-1] == LONGEST_SECONDS


def test_a_stable_run_forgets_earlier_crashes() -> None:
    backoff = BackOff()
    for _ in range(5):
        backoff.delay(uptime=0.1, wanted=False)
    assert backoff.delay(uptime=STABLE_SECONDS, wanted=False) == FIRST_SECONDS


def test_a_wanted_restart_is_immediate_and_counts_as_no_crash() -> None:
    backoff = BackOff()
    assert backoff.delay(uptime=1.0, wanted=True) == 0.0
    assert backoff.delay(uptime=1.0, wanted=False) == FIRST_SECONDS
