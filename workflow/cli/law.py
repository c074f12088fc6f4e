"""`fashen map`, `policies` — the process drawn, and every rule with its article."""

from __future__ import annotations

import argparse
from typing import Any

from policies.core import POLICIES, Level
from states.case import BESIDE, CURRENT
from states.drawing import mermaid
from states.flow import Flow
from states.proof import prove
from states.separation import reminders, separation
from workflow.cli.common import as_json, complain, office_of, opened, say, say_table
from workflow.coverage import coverage
from workflow.times import beijing, utc_now

_FLOWS = {**CURRENT, **BESIDE}


def draw(asked: argparse.Namespace) -> int:
    name = asked.name or asked.flow
    flow = _FLOWS.get(name)
    if flow is None:
        complain(f"fashen map：没有“{name}”这个流程，有：{'、'.join(_FLOWS)}。")
        return 2
    if asked.check:
        return _check(asked)
    if asked.json:
        as_json(_table(flow))
    else:
        say(mermaid(flow))
    return 0


def _table(flow: Flow) -> dict[str, Any]:
    """The flow's three tables, for programs that draw for themselves."""
    return {
        "flow": str(flow),
        "beside": list(flow.beside),
        "states": [
            {
                "state": s.value,
                "label": s.label,
                "phase": s.phase.value,
                "final": s in flow.finals,
            }
            for s in flow.states
        ],
        "moves": [
            {
                "verb": m.verb,
                "label": m.label,
                "from": [s.value for s in m.sources],
                "to": m.dest.value if m.dest else None,
                "who": m.who.label,
                "policies": [p.id for p in m.checklist],
                "during": [s.value for s in m.during],
                "beside": m.beside,
            }
            for m in flow.moves
        ],
        "clocks": [
            {"clock": t.clock, "label": t.label, "starts": t.starts_at, "stops": t.stops_at}
            for t in flow.terms
        ],
        "mermaid": mermaid(flow),
    }


def _check(asked: argparse.Namespace) -> int:
    """Prove by walking every situation that what must never happen cannot; exit code 1 when it can."""
    proofs = [prove(flow) for flow in _FLOWS.values()]
    office = office_of(opened(), None)
    today = beijing(utc_now()).date()
    people, reminded = separation(office, today), reminders(office, today)
    if asked.json:
        told = [
            {"flow": p.flow, "situations": p.situations, "steps": p.steps, "faults": p.faults}
            for p in proofs
        ]
        as_json(
            {
                "ok": not people and not any(p.faults for p in proofs),
                "flows": told,
                "people": people,
                "reminders": reminded,
            }
        )
    else:
        for p in proofs:
            say(
                f"{p.flow}：{p.situations} 种情形、{p.steps} 条走法，{'没有发现问题' if not p.faults else '有问题'}。"
            )
            for fault in p.faults:
                say(f"  ✗ {fault}")
        say(f"{office.name}的人员：{'职责可以分开' if not people else ''}{'；'.join(people)}")
        for reminder in reminded:
            say(f"  提醒：{reminder}")
    return 1 if people or any(p.faults for p in proofs) else 0


def policies(asked: argparse.Namespace) -> int:
    if asked.coverage:
        rows = coverage()
        if asked.json:
            as_json(rows)
        else:
            say_table([r["rule"], _KINDS[r["kind"]], _told(r)] for r in rows)
        return 0
    steps = {
        p.id: [m.label for f in CURRENT.values() for m in f.moves if p in m.checklist]
        for p in POLICIES.values()
    }
    if asked.json:
        as_json(
            [
                {
                    "id": p.id,
                    "title": p.title,
                    "rules": list(p.rules),
                    "cite": p.cite,
                    "level": p.level.value,
                    "steps": steps[p.id],
                    "says": (p.asks.__doc__ or "").strip(),
                }
                for p in POLICIES.values()
            ]
        )
        return 0
    for flow in CURRENT.values():
        say(f"【{'普通程序' if flow.name == 'ordinary' else '简易程序'}】")
        for move in flow.moves:
            if move.checklist:
                say(f"{move.label}（{move.verb}，由{move.who.label}办）")
                say_table(
                    (
                        [_LEVELS[p.level], p.title, p.id, "、".join(p.rules), p.cite]
                        for p in move.checklist
                    ),
                    "    ",
                )
    return 0


def _told(row: dict[str, Any]) -> str:
    """Where a rule is carried, and what is to be said about it."""
    return "　".join(words for words in (row["where"], row["reason"]) if words)


_LEVELS = {Level.BLOCK: "不能越过", Level.WARN: "须写理由", Level.NOTE: "只作记录"}
_KINDS = {
    "policy": "规则", "parameter": "参数", "clock": "期限", "document": "文书", "later": "以后",
    "out_of_scope": "不适用",
}  # fmt: skip
