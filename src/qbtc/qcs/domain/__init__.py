"""Pure rules of QCS: numbers in, numbers out; no I/O, no clock, no randomness but what is passed in."""
