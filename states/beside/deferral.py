"""暂缓、分期缴纳 — asked for by the party, granted or refused by the head (行政处罚法 66)."""

from __future__ import annotations

from states.flow import Flow, Move, Phase, State
from states.people import HEAD, RECORDERS
from states.where import S


class DeferralState(State):
    ASKED = "deferral.asked", Phase.PUBLICATION, "已申请"
    GRANTED = "deferral.granted", Phase.PUBLICATION, "已批准"
    REFUSED = "deferral.refused", Phase.PUBLICATION, "不批准"


D = DeferralState
IN_EFFECT = (S.IN_EFFECT,)

# fmt: off
DEFERRAL = Flow(
    "deferral", 1, DeferralState, items="deferrals",
    moves=(
        Move("ask_deferral",    "申请暂缓分期",   (),         D.ASKED,   RECORDERS, opens=True, during=IN_EFFECT),
        Move("grant_deferral",  "批准暂缓分期",   (D.ASKED,), D.GRANTED, HEAD,      during=IN_EFFECT),
        Move("refuse_deferral", "不批准暂缓分期", (D.ASKED,), D.REFUSED, HEAD,      during=IN_EFFECT),
    ),
    finals=(D.GRANTED, D.REFUSED),
)
# fmt: on
