"""Rules of memory, recall and reflection. Pure: no I/O, no clock, no randomness but what is passed in."""
