"""A change under construction: what a command wants to write, as JSON Patch, and what goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from policies.casefile import Clock
from workflow.record import Document, Operation, apply


def lean(value: Any) -> Any:
    """The JSON of a value without what is empty; empty is what an absent field means anyway."""
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    if isinstance(value, dict):
        return {k: lean(v) for k, v in value.items() if v or v == 0}  # 0 and False say something
    if isinstance(value, (list, tuple)):
        return [lean(v) for v in value]
    return value


class Change:
    """Collects operations against one document.

    `present` are the officers at a face-to-face act, `number` a document number that must be unique,
    `made` the id of what the step made, `said` the words that stand in the entry and nowhere else,
    `item` the id of the thing beside the case that the step is about, `recounted` the running clocks that
    another calendar has given other dates.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.operations: list[Operation] = []
        self.present: tuple[str, ...] = ()
        self.face_to_face = False
        self.number: tuple[str, str] | None = None
        self.made = ""
        self.said = ""
        self.item = ""
        self.recounted: dict[str, Clock] = {}

    def say(self, words: str) -> Change:
        """The opinion or reason that goes with the step into its ledger entry."""
        self.said = words
        return self

    def set(self, path: str, value: Any) -> Change:
        """Write a value at `/a/b`; the parent must exist unless the path has one step."""
        self._do("add", f"/{path}", lean(value))
        return self

    def replace(self, path: str, value: Any) -> Change:
        """Write over an element of a list: `replace("evidence/2", item)`."""
        self._do("replace", f"/{path}", lean(value))
        return self

    def append(self, name: str, value: Any) -> Change:
        """Add an element to a list, which is made when missing."""
        if name in self.document:
            self._do("add", f"/{name}/-", lean(value))
        else:
            self._do("add", f"/{name}", [lean(value)])
        return self

    def entry(self, name: str, key: str, value: Any) -> Change:
        """Set a key of a map, which is made when missing."""
        key = key.replace("~", "~0").replace("/", "~1")
        if name in self.document:
            self._do("add", f"/{name}/{key}", lean(value))
        else:
            self._do("add", f"/{name}", {key.replace("~1", "/").replace("~0", "~"): lean(value)})
        return self

    def drop(self, path: str) -> Change:
        """Take a value away if it is there."""
        if path.split("/")[0] in self.document:
            self._do("remove", f"/{path}", None)
        return self

    def recount(self, clock: str, counted: Clock) -> Change:
        """Let a running clock go on with the dates of another calendar; it is neither closed nor opened."""
        self.recounted[clock] = counted
        return self.entry("clocks", clock, counted)

    def at_hand(self, officers: Sequence[str]) -> Change:
        """Say who was there: the act is face to face, and the law asks for two certified officers."""
        self.present = tuple(officers)
        self.face_to_face = True
        return self

    def about(self, item: str) -> Change:
        """Which measure, remedy … the step is about; its state is set by its table, never by a command."""
        self.item = item
        return self

    def bears(self, kind: str, number: str) -> Change:
        """The document made by this step bears a number that no other may bear."""
        if number:
            self.number = (kind, number)
        return self

    def _do(self, op: str, path: str, value: Any) -> None:
        operation = {"op": op, "path": path}
        if op != "remove":
            operation["value"] = value
        self.document = apply(self.document, [operation])
        self.operations.append(operation)
