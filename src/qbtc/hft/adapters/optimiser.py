"""Optuna, where it is installed: which combination of parameters to try next."""

from __future__ import annotations

from typing import Any

from ..domain.backtest.assumptions import BadAssumption


def study_of(seed: int) -> Any:
    """A study that maximises, with the same picks for the same seed. Raises BadAssumption where Optuna is missing."""
    try:
        import optuna
    except ImportError:
        raise BadAssumption("Optuna is not installed; install the extra `research`, or leave --search out") from None
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=seed))


def failed_state() -> Any:
    """What a trial without a score is told as."""
    from optuna.trial import TrialState

    return TrialState.FAIL
