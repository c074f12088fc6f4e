"""`fashen map`, `policies` — the process drawn, and every rule with its article."""

from __future__ import annotations

import argparse
import sys

from policies.core import POLICIES
from states.case import CURRENT
from states.drawing import mermaid
from workflow.cli.common import as_json, say
from workflow.coverage import coverage


def draw(asked: argparse.Namespace) -> int:
    flow = CURRENT.get(asked.flow)
    if flow is None:
        print(
            f"fashen map：没有“{asked.flow}”这个流程，有：{'、'.join(CURRENT)}。", file=sys.stderr
        )
        return 2
    say(mermaid(flow))
    return 0


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
