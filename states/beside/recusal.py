"""回避 — asked for by the party, by oneself or by the office; the head decides (行政处罚法 43)."""

from __future__ import annotations

from policies import checklists as ask
from states.flow import Flow, Move, Phase, State
from states.people import HEAD, RECUSERS
from states.where import UNDECIDED


class RecusalState(State):
    ASKED = "recusal.asked", Phase.EVIDENCE, "待决定"
    GRANTED = "recusal.granted", Phase.EVIDENCE, "已回避"
    REFUSED = "recusal.refused", Phase.EVIDENCE, "驳回申请"


C = RecusalState

# fmt: off
RECUSAL = Flow(
    "recusal", 1, RecusalState, items="recusals",
    moves=(
        Move("ask_recusal",    "申请回避",     (),         C.ASKED,   RECUSERS, opens=True, during=UNDECIDED),
        Move("grant_recusal",  "决定回避",     (C.ASKED,), C.GRANTED, HEAD,     ask.RECUSAL, during=UNDECIDED),
        Move("refuse_recusal", "驳回回避申请", (C.ASKED,), C.REFUSED, HEAD,     ask.RECUSAL, during=UNDECIDED),
    ),
    finals=(C.GRANTED, C.REFUSED),
)
# fmt: on
