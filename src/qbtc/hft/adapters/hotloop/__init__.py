"""The compiled hot loop: market bytes in, risk-checked and journaled order bytes out, in one thread without Python.

`loop` is the compiled path; `native` its system calls; `layout` what both processes read; `rings`, `histogram` and
`intents` the memory they share; `wire` and `tls` make the connections that the loop takes over; `child` is the engine
process and `panel` its control side. Importing this package compiles and imports nothing.
"""
