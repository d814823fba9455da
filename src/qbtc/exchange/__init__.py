"""The venue: a local exchange that speaks Binance spot. Accounts, liquidity, journal and server."""
