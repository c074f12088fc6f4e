"""Forms: what a verb asks for, and one clear sentence for everything that cannot be read.

A form knows nothing of the law; it only refuses what is not a form: unknown fields, impossible values,
dates that have not come yet, control characters, texts without end.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import ErrorDetails

from workflow.errors import FieldError, Malformed
from workflow.times import beijing

LONGEST = 20_000
"""Characters that one field may hold; a longer text is a file, not a field."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

Line = Annotated[str, Field(min_length=1, max_length=200)]
"""One line that must be filled in."""

Lines = Annotated[str, Field(min_length=1, max_length=LONGEST)]
"""A text that must be filled in."""

OptionalLine = Annotated[str, Field(max_length=200)]
OptionalLines = Annotated[str, Field(max_length=LONGEST)]


DocumentNumber = Annotated[str, Field(min_length=1, max_length=80)]
"""文号 of a document or a case."""

OptionalNumber = Annotated[str, Field(max_length=80)]


EARLIEST = 1949
"""The first year in which anything of a case can have happened."""


def _plain_date(value: date) -> date:
    if not EARLIEST <= value.year <= 2200:
        raise ValueError("年份不对")
    return value


def _has_come(value: date, info: ValidationInfo) -> date:
    today = (info.context or {}).get("today")
    if today is not None and value > today:
        raise ValueError(f"{value} 还没有到（今天是 {today}），请改正日期")
    return value


Day = Annotated[date, AfterValidator(_plain_date)]


def _moment_has_come(value: datetime, info: ValidationInfo) -> datetime:
    moment = beijing(value)
    _plain_date(moment.date())
    _has_come(moment.date(), info)
    return moment


Moment = Annotated[datetime, AfterValidator(_moment_has_come)]
"""A moment that has come; without a zone it is Beijing's."""

PastDay = Annotated[date, AfterValidator(_plain_date), AfterValidator(_has_come)]
"""A day that has come by the day of entry: a fact cannot lie in the future."""


class Form(BaseModel):
    """What a person fills in for one verb."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _readable(cls, data: Any) -> Any:
        check_text(data)
        return data


DEEPEST = 20
"""How many lists and maps a form may hold inside each other."""


def check_text(value: Any, where: str = "", *, depth: int = 0) -> None:
    """Every text in a value can be stored and shown; `ValueError` with one sentence otherwise."""
    if depth > DEEPEST:
        raise ValueError(f"{where or '内容'}套了 {DEEPEST} 层以上，没有哪一栏需要这样写")
    if isinstance(value, str):
        if len(value) > LONGEST:
            raise ValueError(
                f"{where or '文字'}有 {len(value)} 个字符，最多 {LONGEST} 个；长文请作为证据文件登记"
            )
        if found := _CONTROL.search(value):
            raise ValueError(
                f"{where or '文字'}的第 {found.start() + 1} 个字符是控制字符"
                f"（U+{ord(found.group()):04X}），请删去"
            )
    elif isinstance(value, (dict, Mapping)):  # the exact type first: asking an ABC is slow
        for key, part in value.items():
            check_text(key, "栏名")
            check_text(part, str(key), depth=depth + 1)
    elif isinstance(value, (list, tuple)):
        for part in value:
            check_text(part, where, depth=depth + 1)


F = TypeVar("F", bound=Form)


def parse(form: type[F], data: Mapping[str, Any], *, verb: str, now: datetime) -> F:
    """The form, or `Malformed` with a sentence per field."""
    try:
        return form.model_validate(dict(data), context={"today": beijing(now).date()})
    except ValidationError as wrong:
        raise Malformed(verb, [_explain(form, e) for e in wrong.errors()]) from None


def label(form: type[BaseModel], name: str) -> str:
    field = form.model_fields.get(name)
    return (field.description or name) if field else name


def _explain(form: type[Form], error: ErrorDetails) -> FieldError:
    """Pydantic's finding in one Chinese sentence that says what to do."""
    path = [str(step) for step in error["loc"]]
    name = ".".join(path)
    kind, context = error["type"], error.get("ctx", {})
    told = label(form, path[0]) if path else ""
    if kind == "missing":
        return FieldError(name, f"没有填写“{told}”，请填写")
    if kind == "extra_forbidden":
        known = list(form.model_fields)
        near = difflib.get_close_matches(path[-1], known, 1)
        hint = f"最接近的是“{near[0]}”；" if near else ""
        return FieldError(name, f"没有这一栏，{hint}可填：{'、'.join(known) or '（无）'}")
    if kind in ("value_error", "assertion_error"):
        return FieldError(name, str(context.get("error", error["msg"])))
    if kind == "string_too_short":
        return FieldError(name, f"“{told}”不能为空，请填写")
    if kind == "string_too_long":
        return FieldError(name, f"“{told}”最多 {context.get('max_length')} 个字符，请缩短")
    if kind in ("enum", "literal_error"):
        return FieldError(name, f"“{told}”只能是：{_choices(context)}")
    if kind.startswith("date") or kind.startswith("datetime"):
        return FieldError(name, f"“{told}”要写成日期，例如 2026-01-31")
    if kind.startswith(("decimal", "int", "float", "finite", "greater", "less")):
        return FieldError(name, f"“{told}”要写成数字（{_bounds(kind, context)}）")
    if kind.startswith("bool"):
        return FieldError(name, f"“{told}”只能是 true（是）或 false（否）")
    if kind.startswith(("list", "tuple", "dict", "model", "set")):
        return FieldError(name, f"“{told}”的写法不对：{_shape(kind)}")
    if kind.startswith("string"):
        return FieldError(name, f"“{told}”要写成文字")
    return FieldError(name, f"“{told}”的值不能接受（{error['msg']}）")


def _choices(context: Mapping[str, Any]) -> str:
    return (
        str(context.get("expected", "")).replace("'", "").replace(" or ", "、").replace(", ", "、")
    )


def _bounds(kind: str, context: Mapping[str, Any]) -> str:
    for key, words in (
        ("ge", "不小于 {}"),
        ("gt", "大于 {}"),
        ("le", "不大于 {}"),
        ("lt", "小于 {}"),
        ("decimal_places", "最多 {} 位小数"),
    ):
        if key in context:
            return words.format(context[key])
    return "例如 1000"


def _shape(kind: str) -> str:
    return "要写成列表" if kind.startswith(("list", "tuple", "set")) else "要写成若干栏"
