"""Statistics as a service: what may be asked (`bodies`), what answers it (`methods`) and where it is computed.

HTTP, bus and command line share one table, METHODS. A service computes in a child process (`desk`, `child`), so that the
libraries behind the methods cost its own memory and event loop nothing, and a method that takes too long can be ended.
Below it: qcs/domain/statistics, which is pure.
"""
