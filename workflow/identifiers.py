"""Identity numbers: their check digits, and the way back from a sealed digest to a value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from policies.casefile import PartyKind
from workflow.models import identifier

Checked = Literal["none", "ok", "wrong", "confirmed"]


def check_number(kind: PartyKind, number: str, paper: str = "") -> tuple[str, Checked]:
    """Which number this is and whether its check digit is right.

    A wrong one is a warning, not a refusal: genuine early codes fail the check. A foreigner's passport
    has no check digit that we could know (行政处罚法 84).
    """
    if not number:
        return "", "none"
    if paper not in ("", "居民身份证"):
        return f"{paper}号码", "none"
    natural = kind is PartyKind.CITIZEN
    name = "居民身份证号码" if natural else "统一社会信用代码"
    try:
        (ric if natural else uscc).validate(number)
    except ValidationError:
        return name, "wrong"
    return name, "ok"


def resolve(connection: Connection, office: str, digests: Iterable[str]) -> dict[str, str]:
    """The values behind sealed digests, for pages of people who may see them."""
    wanted = sorted({d for d in digests if d.startswith("sealed:")})
    if not wanted:
        return {}
    rows = connection.execute(
        sa.select(identifier.c.digest, identifier.c.value).where(
            identifier.c.office_id == office, identifier.c.digest.in_(wanted)
        )
    )
    return {digest: value for digest, value in rows}


def masked(kind: str, value: str) -> str:
    """How an identifier shows by default: enough to recognise it, not enough to use it."""
    if kind == "name":
        return value[:1] + "某" if value else ""
    if kind == "address":
        return f"{value[:3]}…"
    if len(value) <= 6:
        return value[:1] + "*" * max(len(value) - 1, 0)
    return f"{value[:4]}{'*' * (len(value) - 6)}{value[-2:]}"


def unsealed(value: Any, values: Mapping[str, str]) -> Any:
    """A document with its digests replaced by the values that are known."""
    if isinstance(value, str):
        return values.get(value, value)
    if isinstance(value, dict):
        return {k: unsealed(v, values) for k, v in value.items()}
    if isinstance(value, list):
        return [unsealed(v, values) for v in value]
    return value
