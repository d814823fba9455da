"""Bars and the vectorised backtest of target positions on them. Pure: arrays in, arrays out. `making` makes bars, `kernel`
trades all columns at once, `runs` is what is left of it. Not here: books, queues, latency; that is `domain.backtest`."""
