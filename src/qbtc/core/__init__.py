"""Pure libraries that several services share; no I/O, no clock, no randomness but what is passed in."""
