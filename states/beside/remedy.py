"""救济 — 复议 and 诉讼 from the copy that arrives to what stands in the end; also the office's own correction."""

from __future__ import annotations

from policies import checklists as ask
from states import clocks
from states.flow import Flow, Move, Phase, State, Term
from states.people import HEAD, HEADS, RECORDERS
from states.where import CONCLUDED_STATES, S


class RemedyState(State):
    OPEN = "remedy.open", Phase.PUBLICATION, "进行中"
    ENDED = "remedy.ended", Phase.PUBLICATION, "已有结果，尚未生效"
    FINAL = "remedy.final", Phase.PUBLICATION, "已生效"


R = RemedyState
AFTER = (S.DECIDED, S.IN_EFFECT, *CONCLUDED_STATES)

# fmt: off
REMEDY = Flow(
    "remedy", 1, RemedyState, items="remedies",
    moves=(
        #    verb                     label               from        to        who        checklist
        Move("record_remedy",         "登记复议诉讼",     (),         R.OPEN,   RECORDERS, opens=True, during=AFTER),
        Move("answer_remedy",         "提交答复答辩",     (R.OPEN,),  None,     RECORDERS, ask.REMEDY_ANSWER, during=AFTER),
        Move("stay_execution",        "停止执行",         (R.OPEN,),  None,     HEADS,     during=AFTER),
        Move("lift_stay",             "解除停止执行",     (R.OPEN,),  None,     HEADS,     during=AFTER),
        Move("record_remedy_result",  "登记复议诉讼结果", (R.OPEN,),  R.ENDED,  RECORDERS, during=AFTER),
        Move("appeal_remedy",         "登记上诉",         (R.ENDED,), R.OPEN,   RECORDERS, during=AFTER),
        Move("settle_remedy",         "登记结果生效",     (R.ENDED,), R.FINAL,  RECORDERS, ask.SETTLEMENT, during=AFTER),
        Move("correct_own_decision",  "自行纠正决定",     (),         R.FINAL,  HEAD,      opens=True, during=AFTER),
    ),
    finals=(R.FINAL,),
    terms=(
        Term("remedy_answer", "复议诉讼答复", clocks.answer_span, clocks.copy_received,
             ("record_remedy",), ("answer_remedy", "record_remedy_result"),
             rolls=True, alerts=(("yellow", "-3d"),), when=clocks.to_be_answered),
    ),
)
# fmt: on
