"""督促文书 — what a supervisor, the review body, the prosecutor or a court writes about a case, and the answer."""

from __future__ import annotations

from policies import checklists as ask
from states import clocks
from states.flow import Flow, Move, Phase, State, Term
from states.people import HEAD, INSPECTOR, RECORDERS
from states.where import EVER


class SupervisionState(State):
    OPEN = "supervision.open", Phase.PUBLICATION, "待办理并答复"
    ANSWERED = "supervision.answered", Phase.PUBLICATION, "已答复"


V = SupervisionState

# fmt: off
SUPERVISION = Flow(
    "supervision", 1, SupervisionState, items="supervisions",
    moves=(
        Move("record_supervision", "登记督促文书",     (),        V.OPEN,     RECORDERS, opens=True, during=EVER),
        Move("open_supervision",   "发出督办",         (),        V.OPEN,     INSPECTOR, opens=True, during=EVER),
        Move("answer_supervision", "报送办理情况",     (V.OPEN,), V.ANSWERED, HEAD,      ask.SUPERVISION_ANSWER, during=EVER),
    ),
    finals=(V.ANSWERED,),
    terms=(
        Term("supervision", "督促文书答复", clocks.supervised_for, clocks.supervised_since,
             ("record_supervision", "open_supervision"), ("answer_supervision",),
             rolls=True, alerts=(("yellow", "-5d"),)),
    ),
)
# fmt: on
