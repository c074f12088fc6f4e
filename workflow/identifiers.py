"""Identity numbers: their check digits, and the way back from a sealed digest to a value."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength, ValidationError

from policies.casefile import PartyKind
from workflow.models import identifier

Checked = Literal["none", "ok", "wrong", "confirmed"]


def plain_number(number: str) -> str:
    """A number as one writes it, whoever typed it: narrow, in capitals, without spaces."""
    return "".join(unicodedata.normalize("NFKC", number).upper().split())


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
        _check_citizen(number) if natural else uscc.validate(number)
    except ValidationError:
        return name, "wrong"
    return name, "ok"


def _check_citizen(number: str) -> None:
    """Form, day of birth and check digit; the place is left alone.

    Counties are abolished and the numbers of their people stay, and residence permits of people from
    Hong Kong, Macao, Taiwan and abroad name no county. A number of the first generation, fifteen digits
    in old files, has no check digit.
    """
    number = ric.compact(number)
    first = len(number) == 15
    if first:
        number = f"{number[:6]}19{number[6:]}0"
    if len(number) != 18:
        raise InvalidLength
    if not (number[:-1].isascii() and number[:-1].isdigit()):
        raise InvalidFormat
    ric.get_birth_date(number)
    if not first and number[-1] != ric.calc_check_digit(number):
        raise InvalidChecksum


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
    if kind == "signature":
        return "（已签名）" if value else ""
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
