"""接口规格 — the fields of the 双公示 record as one district asks for them: lengths, required marks, form.

The shipped generations are unconfirmed; what the district's own document says differently stands in the
office's file (`publication.changes`).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, cast

from policies.publicity import Required, Target


@dataclass(frozen=True, slots=True)
class Field:
    """One column. `length` in characters, 0 where nobody told it; `value` names what of the case fills it.

    `type` is text, a date as YYYY/MM/DD, or an amount in 万元 with six decimals.
    """

    code: str
    name: str
    length: int = 0
    required: Required = "never"
    value: str = ""
    type: Literal["text", "date", "wan"] = "text"


@dataclass(frozen=True, slots=True)
class Profile:
    """One interface: its columns in the platform's order."""

    name: str
    label: str
    fields: tuple[Field, ...]
    confirmed: bool = False

    def field(self, code: str) -> Field | None:
        return next((f for f in self.fields if f.code == code), None)


@cache
def shipped(name: str) -> Profile:
    """A generation that ships with the program."""
    file = resources.files("workflow.publication") / "profiles" / f"{name}.toml"
    body = tomllib.loads(file.read_text("utf-8"))
    fields = tuple(Field(**row) for row in body["field"])
    return Profile(body["name"], body["label"], fields, body["confirmed"])


@cache
def of(target: Target) -> Profile:
    """The office's interface: the generation that it names, with its district's changes.

    Raises ValueError for a change of a field that the generation does not have.
    """
    base = shipped(target.profile)
    changes = {change.code: change for change in target.changes}
    if strange := sorted(set(changes) - {f.code for f in base.fields}):
        raise ValueError(f"publication.changes: {base.label}没有数据项 {'、'.join(strange)}。")
    fields = tuple(_changed(f, changes.get(f.code)) for f in base.fields)
    return Profile(base.name, base.label, fields, target.confirmed)


def _changed(field: Field, change: Any) -> Field:
    if change is None:
        return field
    length = field.length if change.length is None else change.length
    required = cast("Required", change.required or field.required)
    return Field(field.code, field.name, length, required, field.value, field.type)
