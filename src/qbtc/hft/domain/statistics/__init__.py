"""What a backtest's records say, and how far to believe it. Pure: NumPy and the standard library.

    splits       walk-forward windows, purged folds                     account      equity and exposure of a run
    trips        FIFO round trips      costs  fees, spread, adverse selection      orders  shares and times of fills
    summary      all of a run as one mapping         honesty, words     what is assumed, in words
    registry     names, units and meanings, English and Spanish

The numbers of a series alone (moments, Sharpe ratios, tails, bootstrap, overfitting) are in core/statistics.

Profits are in quote units and need no capital: every ratio here is the same for a multiple of them. What cannot be
known is NaN, and `summary` says why; it is never 0.
"""
