"""Backtests of the trading engine: the recorded market, an exchange that answers, a desk, a clock. Pure.

    feed        a tape as the backtest reads it
    book        L2 book on flat arrays            touches  what the exchange's touch was, and when
    queues      how far an order has come (L2)    fifo     the same where every order is known (L3)
    resting     our orders at the exchange        delays   how long a message is under way
    venue       the exchange                      desk     the strategy's side
    loop        the clock                         runner   one run
"""
