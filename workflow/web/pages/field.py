"""一栏 — one field of a page, and what the fields of a form are offered from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from workflow.preview import Choice
from workflow.queries import View
from workflow.web.pages.session import Visit

Kind = Literal[
    "line", "text", "lines", "date", "moment", "int", "yuan", "one", "yesno", "tick", "many", "items",
    "cites", "rows", "told", "files", "time",
]  # fmt: skip

ROOM, SPARE = 4, 2
"""Rows of an empty table, and empty rows below a table that is full."""

Option = tuple[str, str]
"""The value that is sent and the words that are shown."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a page. `values` is what stands in it: as filled in, or as the case already says.

    `more` is the label of a place for entries beyond a list of boxes; `columns` are the fields of one row
    of a table, whose `values` stand row by row; `told` fields are read, not filled in; a
    `files` field holds uploads as rows of id and caption.
    """

    name: str
    label: str
    kind: Kind
    required: bool = False
    help: str = ""
    options: tuple[Option, ...] = ()
    values: tuple[str, ...] = ()
    most: str = ""
    least: str = ""
    more: str = ""
    columns: tuple[Field, ...] = ()

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def id(self) -> str:
        return f"f-{self.name}"

    @property
    def sent(self) -> str:
        """The name in the HTML form, apart from the page's own fields."""
        return f"f.{self.name}"

    @property
    def beyond(self) -> tuple[str, ...]:
        """What was entered beyond the boxes."""
        known = {value for value, _ in self.options}
        return tuple(value for value in self.values if value not in known)

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The rows that stand in a table, and room for a few more."""
        width = len(self.columns)
        told = [self.values[n : n + width] for n in range(0, len(self.values), width)]
        return [*told, *[("",) * width] * max(ROOM - len(told), SPARE)]


@dataclass(frozen=True, slots=True)
class Setting:
    """What a form's fields are offered from: the visitor, the verb, and the case if there is one.

    `wanted` is what the address or the sent form already says: which thing, which other case.
    """

    visit: Visit
    verb: str
    view: View | None
    choices: Sequence[Choice] = ()
    wanted: Mapping[str, str] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.visit.now.date()


Offer = Callable[[Field, Setting], Field]
"""Fills a field with choices from the office, the case or a policy."""


def many(field: Field) -> Field:
    return replace(field, kind="many", help=field.help.replace("不填就是", "一项不选就是"))


def fixed(words: Sequence[str]) -> Offer:
    """Boxes for a known list. None is ticked beforehand: each tick is somebody's word."""

    def offer(field: Field, setting: Setting) -> Field:
        return replace(field, kind="many", help="", options=tuple((w, w) for w in words), values=())

    return offer
