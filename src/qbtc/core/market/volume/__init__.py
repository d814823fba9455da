"""Simulated market data at volume: a crowd fitted to a tape that writes any number of rows, and the facts to judge it by."""
