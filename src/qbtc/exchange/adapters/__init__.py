"""The venue's drivers: the connection to a real Binance."""
