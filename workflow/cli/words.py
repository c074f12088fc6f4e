"""Names as people know them, with the id beside them that a scenario or a program needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from states.case import FLOWS
from states.flow import NOWHERE
from states.terms import TERMS
from workflow.sweep import STAGE_WORDS

_STATES = {str(s.value): s.label for flow in FLOWS.values() for s in flow.states}


def moved(before: str, after: str) -> str:
    """`线索 → 核查 checking`; empty where the case stays where it is."""
    if not after or before == after:
        return ""
    came_from = "" if before == NOWHERE else f"{_STATES.get(before, before)} "
    return f"{came_from}→ {_STATES.get(after, after)} {after}"


def clock(name: str) -> str:
    """`seizure:m2` → `查封扣押 seizure:m2`: after the colon stands which thing the clock is about."""
    return f"{_of_kind(name.partition(':')[0])} {name}"


def alert(id: str) -> str:
    """`publication.yellow` → `黄牌　公示 publication.yellow`."""
    name, _, stage = id.rpartition(".")
    return f"{STAGE_WORDS.get(stage, stage)}　{_of_kind(name)} {id}"


def _of_kind(clock: str) -> str:
    return TERMS[clock].label if clock in TERMS else clock


def verdict(finding: Mapping[str, Any]) -> str:
    """What a finding comes to, in one word."""
    if finding["outcome"] in ("holds", "does_not_apply"):
        return {"holds": "符合", "does_not_apply": "不适用"}[finding["outcome"]]
    worst = {"block": "违反", "warn": "警示", "note": "记录"}[finding["level"]]
    return str(finding.get("doubt") or worst)


def left(days: int) -> str:
    """How far the end of a period is, in natural days."""
    return f"还剩 {days} 个自然日" if days >= 0 else f"超期 {-days} 个自然日"
