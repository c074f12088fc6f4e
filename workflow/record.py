"""大事记 — the ledger: one change per step, chained by digest, folding to the case as it stands.

Everything here is pure, so that the command, the preview, the verification and the replay share it, and
an exported file can be checked without the program's database.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policies.facts import canonical

GENESIS = "0" * 64
"""What the first entry of a case is chained to."""

_DOMAIN = b"fashen-ledger-entry/1\0"

Document = dict[str, Any]
Operation = Mapping[str, Any]


def apply(document: Document, change: Sequence[Operation]) -> Document:
    """The document after a change; the old one is left as it was.

    A change is a JSON Patch (RFC 6902) of `add`, `replace` and `remove`, so any JSON Patch tool can
    replay a ledger. Only the containers along each path are copied.
    """
    root: Any = {"": document}
    for operation in change:
        *parents, last = ["", *_steps(operation["path"])]
        target = root
        for step in parents:
            key = _index(step, len(target) - 1) if isinstance(target, list) else step
            target[key] = target[key].copy()
            target = target[key]
        if isinstance(target, list):
            _change_list(target, last, operation)
        else:
            _change_object(target, last, operation)
    after: Document = root[""]
    return after


def _steps(path: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]]


def _index(step: str, last: int) -> int:
    """A place in a list as RFC 6901 writes it: digits without a sign or a leading zero."""
    place = int(step)
    if str(place) != step or not 0 <= place <= last:
        raise IndexError(f"no place {step!r} in a list that ends at {last}")
    return place


def _change_list(target: list[Any], last: str, operation: Operation) -> None:
    match operation["op"]:
        case "remove":
            del target[_index(last, len(target) - 1)]
        case "replace":
            target[_index(last, len(target) - 1)] = operation["value"]
        case "add":
            place = len(target) if last == "-" else _index(last, len(target))
            target.insert(place, operation["value"])
        case other:
            raise ValueError(f"a change knows no {other!r}")


def _change_object(target: Document, last: str, operation: Operation) -> None:
    match operation["op"]:
        case "remove":
            del target[last]
        case "replace" if last not in target:
            raise KeyError(last)
        case "add" | "replace":
            target[last] = operation["value"]
        case other:
            raise ValueError(f"a change knows no {other!r}")


def seal_entry(body: str, prev: str, algorithm: str = "sha256") -> str:
    """The digest that chains an entry to the one before; `body` is hashed as the bytes that are stored."""
    chain = hashlib.new(algorithm, _DOMAIN)
    chain.update(bytes.fromhex(prev))
    chain.update(body.encode())
    return chain.hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """One ledger row as it is stored or exported."""

    case_id: str
    seq: int
    prev: str
    hash: str
    body: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What a ledger says a case is: the fold of its entries."""

    flow: str
    state: str
    version: int
    head: str
    document: Document


def fold(entries: Iterable[Entry]) -> tuple[Standing, list[str]]:
    """Replay one case's entries in order; returns where it stands and every fault found on the way."""
    document: Document = {}
    flow, state, version, head = "", "", 0, GENESIS
    faults: list[str] = []
    for entry in entries:
        name = f"{entry.case_id} 第 {entry.seq} 条"
        if entry.seq != version + 1:
            faults.append(f"{name}：序号不连续，前一条是第 {version} 条。")
        if entry.prev != head:
            faults.append(f"{name}：没有接在前一条之后（前摘要不符）。")
        try:
            body = json.loads(entry.body)
            if canonical(body) != entry.body:
                faults.append(f"{name}：内容不是规范形式。")
            if seal_entry(entry.body, entry.prev, body["alg"]) != entry.hash:
                faults.append(f"{name}：摘要与内容不符，内容被改动过。")
            if (body["case"], body["seq"]) != (entry.case_id, entry.seq):
                faults.append(f"{name}：内容属于 {body['case']} 第 {body['seq']} 条，被挪动过。")
            if state and body["from"] != state:
                faults.append(f"{name}：从“{body['from']}”出发，但案件当时在“{state}”。")
            document = apply(document, body["change"])
            flow, state = body["flow"], body["to"]
        except (ValueError, KeyError, IndexError, TypeError, AttributeError) as wrong:
            faults.append(f"{name}：读不出来（{wrong!r}）。")
        version, head = entry.seq, entry.hash
    return Standing(flow, state, version, head, document), faults


def verify(entries: Iterable[Entry], standings: Mapping[str, Standing] | None = None) -> list[str]:
    """Every fault in a ledger: chain, order, gaps, and, where the rows are given, fold against row.

    `entries` are sorted by case and number. `standings` says how each case stands in the database or,
    for an exported file, in its closing line.
    """
    faults: list[str] = []
    seen: set[str] = set()
    for case_id, group in itertools.groupby(entries, lambda e: e.case_id):
        told, wrong = fold(group)
        faults += wrong
        if case_id in seen:
            faults.append(f"{case_id}：条目被打散。")
        seen.add(case_id)
        if standings is None:
            continue
        row = standings.get(case_id)
        if row is None:
            faults.append(f"{case_id}：有大事记，没有案件。")
        elif row != told:
            named = [n for n in Standing.__slots__ if getattr(row, n) != getattr(told, n)]
            faults.append(f"{case_id}：案件与大事记推出的不一致（{'、'.join(named)}）。")
    missing = sorted(set(standings or ()) - seen)
    faults += [f"{case_id}：有案件，没有大事记。" for case_id in missing]
    return faults


def holes(entries: Iterable[Entry]) -> list[str]:
    """Cases that vanished whole from a file: offices number theirs without a gap as they open.

    The last ones leave no hole; only an older export knows of them.
    """
    found: dict[str, set[int]] = {}
    for entry in entries:
        if entry.seq == 1:
            try:
                body = json.loads(entry.body)
                found.setdefault(body["office"], set()).add(int(body["ordinal"]))
            except (ValueError, KeyError, TypeError):
                continue  # `verify` says that it cannot be read
    return [
        f"{office} 第 {n} 件案件：后面的案件在，它却不在。"
        for office, ordinals in found.items()
        for n in range(1, max(ordinals))
        if n not in ordinals
    ]
