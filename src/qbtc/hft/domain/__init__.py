"""Pure rules of trading: no I/O, no clock, no randomness but what is passed in."""
