"""Long computations: a queue that outlives the service, progress, an end that is always said.

    kinds   what can be computed: the parameters of each kind and the function that does it
    queue   the use case: submit, follow, cancel, and the loop that works on the queue
    ports   what it needs: where jobs are kept, and what runs one

A job runs in a process of its own (`adapters/jobs`), or on a Ray cluster; its function is pure and knows of neither.
"""

from .kinds import KINDS, Kind
from .ports import Job, JobStore, Runner
from .queue import Jobs

__all__ = ["KINDS", "Job", "JobStore", "Jobs", "Kind", "Runner"]
