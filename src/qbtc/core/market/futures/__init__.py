"""A venue of USD-margined perpetual futures without sockets, clock or disk: what the exchange serves and a backtest runs.

Floors, each knowing only those above it: `contracts`, `errors`, `facts` - `state` (the fold) - `matching` - `market`
(public side of a symbol) - `venue` (order entry, margin) - `liquidation`, `deleveraging`, `algos`. `events` and `wire` are
what users are told. `core_matcher` is the one matching there is, and loads Numba.
"""
