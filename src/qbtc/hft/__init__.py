"""HFT: market data, features, strategies, risk, orders and positions."""
