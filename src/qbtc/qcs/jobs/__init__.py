"""Long computations: a queue that outlives the service, progress, an end that is always said.

    request  what a kind of job takes and the function that computes it (`qcs.kinds` lists them)
    parts    one job as parts that run side by side
    queue    the use case: submit, follow, cancel, and the loop that works on the queue
    ports    what it needs: where jobs are kept, and what runs one

A job runs in processes of its own (`adapters/jobs`), or on a Ray cluster; its function is pure and knows of neither.
"""

from .ports import Job, JobStore, Runner
from .queue import Jobs
from .request import Request

__all__ = ["Job", "JobStore", "Jobs", "Request", "Runner"]
