"""What HFT and QCS both ask of a series of numbers. Pure: NumPy and the standard library.

    series       moments, ratios and drawdowns of profits a period      sharpe       how sure a Sharpe ratio is
    tails        quantiles, expected shortfall, Kupiec's test           bootstrap    blocks drawn again, and intervals
    trials       what the best of many trials is worth                  overfitting  CSCV: probability of overfitting
    forecasts    Diebold-Mariano: which of two forecasts is better

What cannot be known is NaN, never 0. Above it: hft/domain/statistics (backtests) and qcs/domain/statistics (the library).
"""
