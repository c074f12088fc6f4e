"""不能办理 — the refusal in words, and its own record outside the ledger."""

from __future__ import annotations

from datetime import datetime

from policies.core import Doubt, Report
from policies.facts import canonical
from states.flow import Move
from workflow import errors, models
from workflow.order import Order
from workflow.program import Fashen
from workflow.times import beijing


def refusal_text(move: Move, report: Report) -> str:
    """The refusal in one breath; the page shows each reason with its remedy."""
    blocks = [f for f in report.blocks if f.verdict.doubt is not Doubt.UNSTATED]
    warned = [f for f in report.unexcused if f.verdict.doubt is not Doubt.UNSTATED]
    unstated = [f for f in report.reasons if f.verdict.doubt is Doubt.UNSTATED]
    parts = [f"现在不能办理“{move.label}”，什么都没有改变。"]
    parts += [f"{n}. {f.verdict.reason}（{f.cite}）" for n, f in enumerate(blocks, 1)]
    if warned:
        parts.append("须写明理由方可继续：")
        parts += [f"{f.policy.title}：{f.verdict.reason}" for f in warned]
    if unstated:
        parts.append(f"来源未载明，不算违反：{'、'.join(f.policy.title for f in unstated)}。")
    if move.irregular != "no":
        parts.append("如果确已这样发生，写明经过，作为不合规情况如实登记。")
    return "\n".join(parts)


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
