"""Backtests of the trading engine: the recorded market, an exchange that answers, a desk, a clock. Pure.

    feed        a tape as the backtest reads it
    book        L2 book on flat arrays            touches  what exchange and desk see after every message
    history     every level's sizes over time     funding  what positions pay, and when
    queues      how far an order has come (L2)    fifo     the same where every order is known (L3)
    resting     our orders at the exchange        delays   how long a message is under way
    venue       the exchange                      desk     the strategy's side
    loop        the clock of one or more markets  runner   one run
    core_venue  the matching core as exchange     plain    strategies in plain Python
    margin      the account of futures            margin_run  asked by the compiled loop
    margining   from words to such an account     marks    mark prices of a tape
    futures_venue  the venue's futures, whole, as exchange
"""
