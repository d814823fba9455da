"""The compiled hot loop: market bytes in, risk-checked and journaled order bytes out, in one thread without Python.

`loop` is the compiled path over `book`, `trading` and `answers`; `native` its system calls, `links` its sockets, `tape`
what it writes down; `layout` and `codes` the memory that both processes read, `panel` its Python side, `intents` the tape
on disk. `wire` and `crypto` make the connections that the loop takes over. `child` is the engine process: `account`
settles what the venue says, `halts` keeps a halt. Importing this package compiles and imports nothing.
"""
