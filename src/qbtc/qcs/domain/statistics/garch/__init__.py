"""The GARCH family: own compiled likelihood with its analytic gradient, and an own search for its maximum.

    parameters   which member, names, where to begin       kernel       likelihood, gradient, BFGS (compiled)
    model        fit: estimates, errors, diagnostics        forecasting  variances and intervals ahead
    rolling      refits over moving windows, on threads

Not here: multivariate models; the short-window forecast of dimension U (hft/domain/features/garch.py).
"""

from .forecasting import GarchForecast, forecast
from .model import GarchFit, fit
from .parameters import Spec
from .rolling import Rolling, rolling

__all__ = ["GarchFit", "GarchForecast", "Rolling", "Spec", "fit", "forecast", "rolling"]
