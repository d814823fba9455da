"""CIO, the long memory: keeps texts and market moments verbatim, recalls them, reflects on what followed.

Above it: nothing. It talks to the others over the bus only.
"""
