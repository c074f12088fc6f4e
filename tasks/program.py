"""The program that tasks work on: opened once per process, after any fork."""

from __future__ import annotations

import os
from functools import cache

from workflow import program as assembled
from workflow.program import Fashen
from workflow.settings import load


def program() -> Fashen:
    """The program of this process; a forked child opens its own, never its parent's connections."""
    return _given.get(os.getpid()) or _open(os.getpid())


@cache
def _open(_process: int) -> Fashen:
    import workflow.commands  # noqa: F401 - tasks take steps too

    return assembled.start(load(), migrate=False)


_given: dict[int, Fashen] = {}


def use(fashen: Fashen) -> None:
    """Work on this program in this process: `fashen serve` and tests share theirs with the worker."""
    _given[os.getpid()] = fashen
