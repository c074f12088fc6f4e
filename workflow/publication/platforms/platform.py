"""平台 — what a credit platform can be asked, and what each of its answers means for the record.

The question behind every answer is one: may the platform have it now? Only a plain no (`Later`,
`NotAccepted`) lets the same record be sent again; everything else is settled by asking first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Protocol

from policies import facts
from workflow.errors import FashenError
from workflow.publication.parcel import Parcel, Withdrawal

LONGEST_NAME = 31
"""Characters in the name of a platform: `platform:` stands before it where it rests."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a platform has under one key, in its own words.

    `digest` is that of the record (`record_digest`), empty where the platform does not tell it. `pending`
    is taken and has no receipt yet.
    """

    key: str
    version: int
    number: str
    receipt: str
    state: Literal["published", "withdrawn", "pending"]
    digest: str = ""
    on: date | None = None
    withdrawal: str = ""


class Platform(Protocol):
    """A way to the public or to a credit platform. Each call ends within the time limit of a delivery."""

    @property
    def name(self) -> str:
        """What the office file calls it: `directory`, `http` …, at most 31 characters."""

    def send(self, parcel: Parcel) -> str:
        """Hand the record over and return the platform's own receipt; a record of an older version gives way."""

    def ask(self, key: str) -> Held | None:
        """What the platform has under this key; None only where it says itself that it has nothing."""

    def withdraw(self, withdrawal: Withdrawal) -> str:
        """Take down what was sent, publicly giving the reason, and return the platform's own receipt."""


class PlatformSaid(FashenError):
    """Anything but a receipt. The words say what was tried, what came back and what to do."""

    title = "平台没有给回执"

    def __init__(self, said: str) -> None:
        self.said = said
        super().__init__(said)


class Unknown(PlatformSaid):
    """It was sent and no usable answer came: the platform may have it, now or a little later."""


class Later(PlatformSaid):
    """Nothing was taken; after so many `seconds`, where the platform says how many, it can be tried again."""

    def __init__(self, said: str, seconds: float | None = None) -> None:
        self.seconds = seconds
        super().__init__(said)


class NotAccepted(PlatformSaid):
    """Nothing was taken, and nothing will be until a person mends what is wrong: (field, what is wrong)."""

    def __init__(self, said: str, errors: Sequence[tuple[str, str]] = ()) -> None:
        self.errors = tuple(errors)
        named = "；".join(f"{field}：{message}" if field else message for field, message in errors)
        super().__init__(f"{said}{named}" if named else said)


class Duplicate(PlatformSaid):
    """The platform has this 文号 already, under `key`, which may be our own."""

    def __init__(self, said: str, key: str = "") -> None:
        self.key = key
        super().__init__(said)


class Pending(PlatformSaid):
    """Taken, and the receipt comes later, on the platform's list."""


def record(parcel: Parcel) -> dict[str, Any]:
    """What a platform that the law names gets of a parcel."""
    return {
        "key": parcel.key,
        "version": parcel.version,
        "number": parcel.number,
        "profile": parcel.profile,
        "fields": parcel.fields,
    }


def record_bytes(parcel: Parcel) -> bytes:
    return facts.canonical(record(parcel)).encode()


def record_digest(parcel: Parcel) -> str:
    """SHA-256 over the bytes that are sent."""
    return facts.digest(record(parcel))
