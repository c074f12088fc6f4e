"""请求的内容 — a JSON body that means the same to every reader, the version it rests on, the key it carries."""

from __future__ import annotations

import json
import re
from math import isfinite
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request

from workflow.errors import FashenError, FieldError, Malformed, VersionMissing
from workflow.forms import Form, parse
from workflow.web.api.calling import Caller

F = TypeVar("F", bound=Form)

DEEPEST = 20
"""Levels of lists and objects in one body; no form needs five."""


class NotJson(FashenError):
    status = 415
    title = "内容格式不对"


async def raw_body(request: Request) -> bytes:
    return await request.body()


Body = Annotated[bytes, Depends(raw_body)]


def read_form(request: Request, who: Caller, body: bytes, form: type[F], verb: str) -> F:
    """The body as this form, or a sentence to each field that is wrong."""
    return parse(form, read_object(request, body, verb), verb=verb, now=who.fashen.clock())


def read_object(request: Request, body: bytes, verb: str) -> dict[str, Any]:
    """The body as one JSON object that means the same to every reader, or a sentence."""
    kind, _, rest = request.headers.get("content-type", "").partition(";")
    charset = re.search(r'charset="?([\w-]+)', rest.lower())
    if kind.strip().lower() != "application/json" or (charset and charset[1] not in _UTF8):
        raise NotJson("内容要写成 JSON（Content-Type: application/json，UTF-8 编码）。")
    try:
        value = json.loads(
            body.decode(),
            object_pairs_hook=_once_each,
            parse_constant=_no_number,
            parse_float=_number,
        )
        _check_depth(value)
        # A text that cannot be written down again cannot be kept either.
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeError:
        raise malformed(verb, "内容不是 UTF-8 文字，或者含有残缺的字符") from None
    except RecursionError:
        raise malformed(verb, f"内容套得太深，最多 {DEEPEST} 层") from None
    except json.JSONDecodeError as wrong:
        where = f"第 {wrong.lineno} 行第 {wrong.colno} 个字符处"
        empty = "内容是空的；没有要填的，写 {}"
        raise malformed(verb, f"JSON 写法有误，在{where}" if body.strip() else empty) from None
    except ValueError as wrong:
        said = str(wrong) if isinstance(wrong, _Unreadable) else "数字太长，请改正"
        raise malformed(verb, said) from None
    if not isinstance(value, dict):
        raise malformed(verb, '内容要写成一个 JSON 对象，例如 {"place": "西杜庄村"}')
    return value


_UTF8 = ("utf-8", "utf8", "us-ascii")


class _Unreadable(ValueError):
    """JSON that parses but that two programs would read differently."""


def malformed(verb: str, said: str, field: str = "") -> Malformed:
    return Malformed(verb, [FieldError(field, said)])


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Unreadable(f"“{twice[:40]}”出现了两次，只能写一次")
    return made


def _no_number(text: str) -> float:
    raise _Unreadable(f"{text} 不是数字，请改正")


def _number(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise _Unreadable(f"{text[:20]} 太大，请改正")
    return value


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [
            part
            for whole in level
            if isinstance(whole, (dict, list))
            for part in (whole.values() if isinstance(whole, dict) else whole)
        ]
        if not level:
            return
    raise RecursionError


def version_of(request: Request, verb: str) -> int:
    """The version of `If-Match`: `"7"`, `W/"7"` or plain 7."""
    said = request.headers.get("if-match")
    if said is None:
        raise VersionMissing(
            '请在请求头中写明依据的是案件的第几步：If-Match: "7"；第几步见案件的 version 或者 ETag。'
        )
    found = re.fullmatch(r'(?:W/)?"(\d{1,9})"|(\d{1,9})', said.strip(), re.ASCII)
    if found is None:
        raise malformed(verb, f'“{said[:40]}”读不成案件的第几步，要写成 If-Match: "7"', "If-Match")
    return int(found[1] or found[2])


def key_of(request: Request, verb: str) -> str:
    said = request.headers.get("idempotency-key")
    if said is None:
        return ""
    if not re.fullmatch(r"[!-~]{1,200}", said):
        raise malformed(verb, "要写成 1 至 200 个可见的英文字符，不含空格", "Idempotency-Key")
    return said


def etag(version: int) -> dict[str, str]:
    return {"ETag": f'"{version}"'}
