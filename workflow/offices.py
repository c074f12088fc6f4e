"""机关文件 — loading `office.yaml`, each load a dated version that is never edited."""

from __future__ import annotations

import json
from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.engine import Connection

from policies.facts import canonical
from policies.office import Office
from states.terms import TERMS
from workflow import accounts, lines, models, yaml
from workflow.errors import SettingsWrong
from workflow.program import Fashen

SAMPLE = "sample"
"""The name under which the sample office ships with the program."""


def sample_text() -> str:
    return (resources.files("workflow.sample") / "office.yaml").read_text("utf-8")


def read(source: str | Path) -> Office:
    """An office file, checked; a malformed one is refused with its line or its field."""
    if source == SAMPLE:
        text, name = sample_text(), "示例机关"
    else:
        name = str(source)
        try:
            text = yaml.read(source)
        except yaml.YamlError as wrong:
            raise SettingsWrong(f"机关文件 {name}：{wrong}") from None
    return parsed(text, name)


@lru_cache(maxsize=8)
def parsed(text: str, name: str) -> Office:
    """The office of this text. It is frozen, and parsing takes longer than most stories told in it."""
    try:
        body = yaml.load(text)
    except yaml.YamlError as wrong:
        raise SettingsWrong(f"机关文件 {name}：{wrong}") from None
    if not isinstance(body, Mapping):
        raise SettingsWrong(f"机关文件 {name}：第 1 行应当是“office: 编号”等各栏。")
    try:
        return Office.model_validate(body)
    except ValidationError as wrong:
        raise SettingsWrong(
            f"机关文件 {name} 有误，没有载入。" + "；".join(_told(body, wrong))
        ) from None


def _told(body: Mapping[str, Any], wrong: ValidationError) -> list[str]:
    told = []
    for error in wrong.errors()[:10]:
        where = ".".join(str(step) for step in error["loc"])
        line = _line(body, error["loc"])
        said = _said(dict(error))
        told.append(f"{f'第 {line} 行附近，' if line else ''}{where}：{said}")
    return told


_WORDS = {
    "missing": "没有填写，请补上",
    "extra_forbidden": "没有这一栏，请删去或者改正拼写",
    "literal_error": "只能是 {expected}，请改正",
    "string_type": "要写成文字；只有数字的加引号",
    "tuple_type": "要写成一列，例如 [甲, 乙]",
    "dict_type": "要写成各栏",
    "model_type": "要写成各栏",
    "model_attributes_type": "要写成各栏",
    "bool_type": "只能是 true（是）或 false（否）",
    "bool_parsing": "只能是 true（是）或 false（否）",
    "string_too_short": "不能空着",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
}
_KINDS = {
    "datetime": "不是时间，写成 2026-01-31T08:00",
    "date": "不是日期，写成 2026-01-31",
    "time": "不是钟点，写成 08:30",
    "int": "要写成整数",
    "decimal": "要写成数字",
}


def _said(error: dict[str, Any]) -> str:
    """One finding of the form of the file, and the cure."""
    context, kind = error.get("ctx") or {}, str(error["type"])
    if kind == "value_error":
        return str(context.get("error", error["msg"]))
    if kind in _WORDS:
        return _WORDS[kind].format(**context).replace(" or ", " 或 ")
    return _KINDS.get(kind.partition("_")[0], f"写法不对（{error['msg']}）")


def _line(body: Any, steps: tuple[int | str, ...]) -> int:
    """The line of the key that is meant, or of the mapping in which it is missing."""
    line = 0
    for step in steps:
        if isinstance(body, yaml.Located):
            line = body.line_of(str(step))
        try:
            body = body[step]
        except (KeyError, IndexError, TypeError):
            return line
    return line


def load(fashen: Fashen, office: Office, by: str = "admin") -> int:
    """Store the file as a new version unless it equals the newest; returns the version."""
    check_clocks(office)
    with fashen.engine.begin() as tx:
        return store(fashen, tx, office, by)


def store(fashen: Fashen, tx: Connection, office: Office, by: str) -> int:
    """`load` within somebody's transaction; the file has been checked.

    Every running clock of the office is looked at again by the next sweep: its stages may have moved;
    so the rows of the workbench are made again at once. Whoever is no longer in the file is signed out and
    has no account any more.
    """
    body, o = body_of(office), models.office
    version: int | None = tx.scalar(
        sa.select(o.c.version).where(o.c.id == office.office).with_for_update()
    )
    if version is None:
        tx.execute(o.insert(), {"id": office.office, "version": 1, "cases_opened": 0})
    elif stored_body(tx, office.office, version) == body:
        return version
    else:
        mine = o.c.id == office.office
        tx.execute(o.update().where(mine).values(version=version + 1))
    d = models.deadline.c
    tx.execute(
        models.deadline.update()
        .where(d.office_id == office.office, d.state == "open")
        .values(wake_at=fashen.clock())
    )
    fresh = (version or 0) + 1
    row = {"office_id": office.office, "version": fresh, "body": body}
    said = {"loaded_at": fashen.clock(), "loaded_by": by}
    lines.refresh(tx, office, fashen.calendar)
    accounts.forget_others(tx, fashen.clock(), office.office, (p.id for p in office.people))
    tx.execute(models.office_version.insert(), row | said)
    return fresh


def body_of(office: Office) -> str:
    """The bytes under which a version is kept."""
    return canonical(json.loads(office.model_dump_json(by_alias=True)))


def written(office: Office) -> str:
    """The file of this office as text; the sample's own, comments and all, where it is that."""
    if body_of(office) == body_of(parsed(sample_text(), "示例机关")):
        return sample_text()
    told = office.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return yaml.dump(told)


def stored_body(tx: Connection, office: str, version: int) -> str:
    v = models.office_version.c
    found = tx.scalar(sa.select(v.body).where(v.office_id == office, v.version == version))
    return str(found or "")


def check_clocks(office: Office) -> None:
    """Refuse stages of a clock that nobody counts."""
    strange = [clock for clock in office.alerts.stages if clock not in TERMS]
    if strange:
        near = get_close_matches(strange[0], TERMS, 1)
        hint = f"是不是“{near[0]}”？" if near else f"只有：{'、'.join(sorted(TERMS))}。"
        raise SettingsWrong(
            f"机关文件没有载入：alerts.stages 里的“{strange[0]}”不是一种期限，{hint}"
        )
