"""不能办理 — the refusal in words, and its own record outside the ledger."""

from __future__ import annotations

from datetime import datetime

from policies.core import Doubt, Finding, Report
from policies.facts import canonical
from states.flow import Move
from workflow import errors, models
from workflow.order import Order
from workflow.program import Fashen
from workflow.times import beijing


def blocked(move: Move, report: Report) -> errors.Blocked:
    """The refusal of a move: in one breath, and in full."""
    return errors.Blocked(refusal_text(move, report), report, refusal_text(move, report, full=True))


def refusal_text(move: Move, report: Report, *, full: bool = False) -> str:
    """The refusal in words: in one breath for a page that shows each remedy itself, or in full."""
    blocks = [f for f in report.blocks if f.verdict.doubt is not Doubt.UNSTATED]
    warned = [f for f in report.unexcused if f.verdict.doubt is not Doubt.UNSTATED]
    unstated = [f for f in report.reasons if f.verdict.doubt is Doubt.UNSTATED]
    parts = [f"现在不能办理“{move.label}”，什么都没有改变。"]
    if full:
        parts += [line for n, f in enumerate(blocks, 1) for line in reason_in_full(n, f)]
    else:
        parts += [f"{n}. {f.verdict.reason}（{f.cite}）" for n, f in enumerate(blocks, 1)]
    if warned:
        parts.append("须写明理由方可继续：")
        if full:
            first = len(blocks) + 1
            parts += [line for n, f in enumerate(warned, first) for line in reason_in_full(n, f)]
        else:
            parts += [f"{f.policy.title}：{f.verdict.reason}" for f in warned]
    if unstated:
        parts.append(f"来源未载明，不算违反：{'、'.join(f.policy.title for f in unstated)}。")
    if move.irregular != "no":
        parts.append("如果确已这样发生，写明经过，作为不合规情况如实登记。")
    return "\n".join(parts)


def reason_in_full(n: int, finding: Finding) -> list[str]:
    """One reason in numbered lines: what is wrong, by which article, how and by whom it is cured."""
    policy, verdict = finding.policy, finding.verdict
    lines = [
        f"{n}. {verdict.reason}",
        f"   依据：{finding.cite}（规则“{policy.title}” {policy.id}，{'、'.join(policy.rules)}）",
    ]
    if verdict.remedy:
        day = f"（{verdict.day}）" if verdict.day else ""
        who = f"　由谁办：{verdict.by}" if verdict.by else ""
        lines.append(f"   如何补正：{verdict.remedy}{day}{who}")
    return lines


def record_refusal(
    fashen: Fashen, order: Order, entered: datetime, refused: errors.Refused
) -> None:
    """Write down a refused attempt in a transaction of its own; the case knows nothing of it."""
    if isinstance(refused, errors.Blocked):
        reasons = [f.as_dict() for f in refused.report.reasons]
    else:
        reasons = [{"reason": str(refused)}]
    with fashen.engine.begin() as tx:
        tx.execute(
            models.refusal.insert(),
            {
                "office_id": order.office,
                "case_id": order.case or "",
                "person_id": order.actor,
                "verb": order.verb,
                "kind": refused.kind,
                "at": beijing(order.at) if order.at else entered,
                "entered": entered,
                "reasons": canonical(reasons),
            },
        )
