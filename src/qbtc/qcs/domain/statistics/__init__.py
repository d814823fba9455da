"""Advanced statistics of series, one module a topic. Pure: values in, a frozen result with its words out.

    garch            GARCH, IGARCH, GJR, EGARCH, ARCH: fit, forecast, rolling refits (own compiled code)
    realised, har    realised measures of a day; tomorrow's variance from day, week and month
    regimes          Markov switching and hidden Markov models       changepoints  PELT, binary segmentation, online
    unitroots, cointegration, hurst    does it return, do they move together, does it remember
    resample         block bootstrap          sharpe, pbo, spa       how far to believe what was chosen among many
    risk, risk_backtests               value at risk and expected shortfall, and whether they were right
    copulas, extremes                  dependence apart from margins; tails and return levels
    bayes, regression                  conjugate regression; least squares with Newey-West errors
    result           what all take and give: checked series, estimates, tests, JSON

Libraries that are heavy (arch, statsmodels, hmmlearn, scipy.stats) are imported where they are called. Below it:
core/statistics, which backtests use as well. Above it: qcs/statistics.py, which HTTP, bus and command line share.
"""
