"""`fashen map`, `policies` — the process drawn, and every rule with its article."""

from __future__ import annotations

import argparse
import sys

from policies.core import POLICIES
from states.case import CURRENT
from states.drawing import mermaid
from states.proof import prove, reminders, separation
from workflow.cli.common import as_json, office_of, opened, say
from workflow.coverage import coverage
from workflow.times import beijing, utc_now


def draw(asked: argparse.Namespace) -> int:
    flow = CURRENT.get(asked.flow)
    if flow is None:
        print(
            f"fashen map：没有“{asked.flow}”这个流程，有：{'、'.join(CURRENT)}。", file=sys.stderr
        )
        return 2
    if asked.check:
        return _check(asked)
    say(mermaid(flow))
    return 0


def _check(asked: argparse.Namespace) -> int:
    """Prove by walking every situation that what must never happen cannot; exit code 1 when it can."""
    proofs = [prove(flow) for flow in CURRENT.values()]
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
            for row in rows:
                say(f"{row['rule']}　{row['kind']}　{row['where'] or row['reason']}")
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
                say(f"{move.label}（{move.verb}，由{move.who.label}）")
                for p in move.checklist:
                    say(
                        f"    {p.level.value:<5} {p.title}　{p.cite}　[{p.id} {'、'.join(p.rules)}]"
                    )
    return 0
