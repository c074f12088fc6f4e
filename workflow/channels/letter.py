"""A letter to one person, and what it means that a channel delivered it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import quote

from workflow.errors import FashenError

_KEY_VALUE = re.compile(r"\b(key|access_token|token|sign|secret|password)=[^&\s\"'<>]+", re.I)


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes out to one person over one channel.

    `key` is the same for every repetition, so that a receiver can throw a repeat away. `text` carries no
    personal data beyond the case's number. `address` is where the channel finds the person (a mailbox, a
    mobile number, an open_id); empty where the channel speaks to a group. `stage` is `blue`, `yellow` or
    `red` for an alert, empty for a notice.
    """

    key: str
    subject: str
    text: str
    address: str = field(repr=False)
    stage: str = ""

    @property
    def title(self) -> str:
        """The subject as one line."""
        return " ".join(printable(self.subject).split())

    @property
    def body(self) -> str:
        """The text with its line breaks, and no other control character."""
        return "\n".join(printable(line) for line in self.text.splitlines())

    @property
    def mark(self) -> str:
        """A short number that people see; a repeat carries the same one."""
        return hashlib.sha256(self.key.encode("utf-8", "surrogatepass")).hexdigest()[:12]


class Channel(Protocol):
    """A way out of the office to people's phones and mail."""

    @property
    def name(self) -> str:
        """What the office file calls it: `email`, `wecom` …"""

    def send(self, letter: Letter) -> str:
        """Deliver, and return the receiver's own receipt; `NotDelivered` for everything else."""


class NotDelivered(FashenError):
    """The receiver's own answer did not say that it has the letter.

    `reason` says what was tried, what came back and what to do. `again` is False when no repetition can
    cure it. The letter may have arrived nevertheless: the key lets the receiver throw a repeat away.
    """

    title = "没有送到"

    def __init__(self, reason: str, again: bool) -> None:
        self.reason = reason
        self.again = again
        super().__init__(reason)


def printable(text: str) -> str:
    """The text without control characters and halves of characters, each a space instead."""
    return "".join(c if c.isprintable() else " " for c in text)


def redacted(text: str, secrets: Iterable[str]) -> str:
    """Something said by or about a receiver, on one line, without what must not be said."""
    forms = {form for s in secrets if s for form in (s, quote(s, safe=""), quote(s))}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, "…")
    return " ".join(printable(_KEY_VALUE.sub(r"\1=…", text)).split())


def shortened(text: str, most: int) -> str:
    """The text in at most so many bytes of UTF-8, cut between characters and marked where it was cut."""
    whole = text.encode()
    if len(whole) <= most:
        return text
    end = "……（全文见系统）"
    return whole[: most - len(end.encode())].decode(errors="ignore") + end
