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

from policies.facts import canonical
from policies.office import Office
from states.terms import TERMS
from workflow import accounts, models, yaml
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
    return _checked(text, name)


@lru_cache(maxsize=8)
def _checked(text: str, name: str) -> Office:
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
        said = str(error.get("ctx", {}).get("error", "")) or error["msg"]
        if error["type"] == "missing":
            said = "没有填写"
        elif error["type"] == "extra_forbidden":
            said = "没有这一栏"
        told.append(f"{f'第 {line} 行附近，' if line else ''}{where}：{said}")
    return told


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
    """Store the file as a new version unless it equals the newest; returns the version.

    Every running clock of the office is looked at again by the next sweep: its stages may have moved.
    Whoever is no longer in the file is signed out and has no account any more.
    """
    _clocks_known(office)
    body = canonical(json.loads(office.model_dump_json(by_alias=True)))
    with fashen.engine.begin() as tx:
        version: int | None = tx.scalar(
            sa.select(models.office.c.version).where(models.office.c.id == office.office)
        )
        if version is not None:
            newest = tx.scalar(
                sa.select(models.office_version.c.body).where(
                    models.office_version.c.office_id == office.office,
                    models.office_version.c.version == version,
                )
            )
            if newest == body:
                return version
        fresh = (version or 0) + 1
        if version is None:
            tx.execute(
                models.office.insert(), {"id": office.office, "version": 1, "cases_opened": 0}
            )
        else:
            tx.execute(
                models.office.update()
                .where(models.office.c.id == office.office)
                .values(version=fresh)
            )
        d = models.deadline.c
        tx.execute(
            models.deadline.update()
            .where(d.office_id == office.office, d.state == "open")
            .values(wake_at=fashen.clock())
        )
        accounts.forget_others(tx, fashen.clock(), office.office, (p.id for p in office.people))
        tx.execute(
            models.office_version.insert(),
            {
                "office_id": office.office,
                "version": fresh,
                "body": body,
                "loaded_at": fashen.clock(),
                "loaded_by": by,
            },
        )
        return fresh


def _clocks_known(office: Office) -> None:
    strange = [clock for clock in office.alerts.stages if clock not in TERMS]
    if strange:
        near = get_close_matches(strange[0], TERMS, 1)
        hint = f"是不是“{near[0]}”？" if near else f"只有：{'、'.join(sorted(TERMS))}。"
        raise SettingsWrong(
            f"机关文件没有载入：alerts.stages 里的“{strange[0]}”不是一种期限，{hint}"
        )
