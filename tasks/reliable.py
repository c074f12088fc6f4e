"""The Celery options that every task of ours carries, in one place."""

from typing import Final

# The row in the outbox is the promise and Celery is the doorbell: a message may be lost, delayed or
# delivered twice, and the next sweep rings again for every row that is not finished.
RELIABLE: Final[dict[str, bool | int | str]] = {
    # Acknowledged when it ended, not when it began: a worker that dies in the middle leaves the
    # message to be delivered again, which is sooner than the lease of the row runs out.
    "acks_late": True,
    # A task that failed is acknowledged all the same, and so is one that killed its process. The row
    # counts its attempts and knows when to try again; a message put back has no counter, and a task
    # that kills its worker would do so for ever (8 times in 15 s were measured).
    "acks_on_failure": True,
    "acks_on_timeout": True,
    "reject_on_worker_lost": False,
    # Retries are rows, never Celery's own: its retry is a message with a date, and such a message is
    # lost when the broker dies, or takes the worker down with it.
    "max_retries": 0,
    # What a task found is in the database. A stored result would be a second truth, and a key in
    # Redis that nobody removes.
    "ignore_result": True,
    "store_errors_even_if_ignored": False,
    "track_started": False,
    "serializer": "json",
    # The task is warned, then its process is killed (in seconds). Both are far below the visibility
    # timeout, or Redis would hand a running task to a second worker. Threads cannot be killed: in the
    # embedded worker these limits do nothing, so every call over a network needs a timeout of its own.
    "soft_time_limit": 90,
    "time_limit": 120,
}
