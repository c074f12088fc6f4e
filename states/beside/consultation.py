"""法律咨询 — a case is given to the counsel from outside, who reads it and writes an opinion.

No article asks for it, and it replaces no legal review (行政处罚法 58 wants the office's own qualified people).
"""

from __future__ import annotations

from states.flow import Flow, Move, Phase, State
from states.people import CONSULTERS, COUNSEL
from states.where import EVER


class ConsultationState(State):
    ASKED = "consultation.asked", Phase.REVIEW, "待法律顾问提意见"
    ANSWERED = "consultation.answered", Phase.REVIEW, "已提意见"
    WITHDRAWN = "consultation.withdrawn", Phase.REVIEW, "已撤回"


C = ConsultationState

# fmt: off
CONSULTATION = Flow(
    "consultation", 1, ConsultationState, items="consultations",
    moves=(
        Move("consult_counsel",       "请法律顾问提意见", (),         C.ASKED,     CONSULTERS, opens=True, during=EVER),
        Move("give_counsel_opinion",  "出具法律意见",     (C.ASKED,), C.ANSWERED,  COUNSEL,    during=EVER),
        Move("withdraw_consultation", "撤回法律咨询",     (C.ASKED,), C.WITHDRAWN, CONSULTERS, during=EVER),
    ),
    finals=(C.ANSWERED, C.WITHDRAWN),
)
# fmt: on
