"""What the parts of a case document have in common: frozen records, money as text, things with a state."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer


class Record(BaseModel):
    """A part of the document: frozen, and a field nobody knows is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _yuan(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError('金额要写成数字，例如 1000 或 "1000.50"。')
    if isinstance(value, float):
        return Decimal(str(value))
    return value


def yuan_text(value: Decimal) -> str:
    """1000.00 and 1E+3 both read 1000, so that equal amounts are equal bytes."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def yuan_words(value: Decimal) -> str:
    """1000.50 reads 1,000.5, as people write an amount."""
    whole, _, part = yuan_text(value).partition(".")
    return f"{int(whole):,}{'.' + part if part else ''}"


Yuan = Annotated[
    Decimal,
    Field(ge=0, lt=10**12, decimal_places=2),  # first, so that Pydantic checks it without Python
    BeforeValidator(_yuan),
    PlainSerializer(yuan_text, return_type=str),
]
"""An amount in 元, not negative, to the 分."""


class Thing(Record):
    """Something that runs beside the case in a small lifecycle of its own (a measure, a remedy …).

    `state` is set by the lifecycle's table, never by a command.
    """

    id: str
    state: str = ""

    @property
    def told(self) -> str:
        """What it is, in a few words, for a list to choose from."""
        return self.id
