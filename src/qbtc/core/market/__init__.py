"""The market as pure data structures: instruments, books, matching, simulation, replay. Integers inside, no I/O."""
