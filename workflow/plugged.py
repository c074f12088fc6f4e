"""另外接入的 — channels and platforms of an office's own, found by entry point and taken beside those that ship."""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Any, TypeVar

from workflow.settings import Settings

log = logging.getLogger(__name__)

T = TypeVar("T")


def plug_in(
    found: dict[str, T], group: str, settings: Settings, *, what: str, lacks: Callable[[Any], str]
) -> dict[str, T]:
    """Add what the group makes of the settings; a broken one, or one whose name is taken, stops no other.

    `lacks` says what a thing is missing to be `what`; empty where it is whole.
    """
    for entry in sorted(entry_points(group=group), key=lambda e: e.name):
        try:
            made = entry.load()(settings)
            if made is None:
                continue
            name = made.name
            if missing := lacks(made):
                raise TypeError(missing)
        except Exception as wrong:
            # Its own words stay out of the log: whoever was given the settings may quote a secret.
            kind = type(wrong).__name__
            log.error("the %s %s (%s) is broken: %s", what, entry.name, entry.value, kind)
            continue
        if name in found:
            log.error(
                "the %s %s (%s) is left out: %s is taken", what, entry.name, entry.value, name
            )
            continue
        found[name] = made
    return found
