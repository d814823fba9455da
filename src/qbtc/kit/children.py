"""What a child that computes does before its work: it dies with its parent, gives way to everything else, and stays
below its limit of memory. Standard library only, so that a child pays nothing for it."""

from __future__ import annotations

import ctypes
import os
import resource
import signal

PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


def die_with_parent(number: int, parent: int) -> None:
    """In a new child: ask the kernel for `number` when the parent dies; leave at once if it already has."""
    _LIBC.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def settle(*, nice: int, megabytes: int | None = None) -> None:
    """Killed with the parent, at priority `nice`; beyond `megabytes` of private memory allocations fail."""
    die_with_parent(signal.SIGKILL, os.getppid())
    os.nice(nice)
    if megabytes is not None:
        most = megabytes * 1_000_000
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
