"""强制执行 — from the demand to the court's ruling and the result, or to its end."""

from __future__ import annotations

from policies import checklists as ask
from states import clocks
from states.flow import Flow, Move, Phase, State, Term
from states.people import HEAD, OFFICERS, RECORDERS
from states.where import S


class EnforcementState(State):
    DEMANDED = "enforcement.demanded", Phase.PUBLICATION, "已催告"
    APPLIED = "enforcement.applied", Phase.PUBLICATION, "已申请法院"
    GRANTED = "enforcement.granted", Phase.PUBLICATION, "法院准予执行"
    REFUSED = "enforcement.refused", Phase.PUBLICATION, "法院不予受理或者不准予执行"
    PERFORMING = "enforcement.performing", Phase.PUBLICATION, "代履行或者强制拆除"
    AGREED = "enforcement.agreed", Phase.PUBLICATION, "执行协议履行中"
    SUSPENDED = "enforcement.suspended", Phase.PUBLICATION, "中止执行"
    EXECUTED = "enforcement.executed", Phase.PUBLICATION, "已执行"
    ENDED = "enforcement.ended", Phase.PUBLICATION, "终结执行"


E = EnforcementState
IN_EFFECT = (S.IN_EFFECT,)
RUNNING = (E.DEMANDED, E.APPLIED, E.GRANTED, E.PERFORMING, E.AGREED)

# fmt: off
ENFORCEMENT = Flow(
    "enforcement", 1, EnforcementState, items="enforcements",
    moves=(
        #    verb                     label             from                      to            who        checklist
        Move("serve_demand",          "送达催告书",     (),                       E.DEMANDED,   OFFICERS,  ask.DEMAND, opens=True, during=IN_EFFECT),
        Move("hear_demand",           "登记催告后申辩", (E.DEMANDED,),            None,         RECORDERS, during=IN_EFFECT),
        Move("apply_to_court",        "申请法院执行",   (E.DEMANDED,),            E.APPLIED,    HEAD,      ask.COURT_APPLICATION, during=IN_EFFECT),
        Move("court_grants",          "法院准予执行",   (E.APPLIED, E.REFUSED),   E.GRANTED,    RECORDERS, during=IN_EFFECT),
        Move("court_refuses",         "法院不予执行",   (E.APPLIED,),             E.REFUSED,    RECORDERS, during=IN_EFFECT),
        Move("order_performance",     "决定代履行",     (E.DEMANDED,),            E.PERFORMING, HEAD,      ask.PERFORMANCE, during=IN_EFFECT),
        Move("order_demolition",      "决定强制拆除",   (E.DEMANDED,),            E.PERFORMING, HEAD,      ask.DEMOLITION, during=IN_EFFECT),
        Move("agree_execution",       "达成执行协议",   (E.DEMANDED, E.PERFORMING), E.AGREED,   HEAD,      ask.AGREEMENT, during=IN_EFFECT),
        Move("suspend_execution",     "中止执行",       RUNNING,                  E.SUSPENDED,  HEAD,      during=IN_EFFECT),
        Move("resume_execution",      "恢复执行",       (E.SUSPENDED, E.AGREED),  E.DEMANDED,   HEAD,      during=IN_EFFECT),
        Move("record_execution",      "登记执行结果",   (E.GRANTED, E.PERFORMING, E.AGREED), E.EXECUTED,  RECORDERS, during=IN_EFFECT),
        Move("end_execution",         "终结执行",       (*RUNNING, E.REFUSED, E.SUSPENDED), E.ENDED, HEAD, during=IN_EFFECT),
    ),
    finals=(E.EXECUTED, E.ENDED),
    terms=(
        Term("demand", "催告", "court_enforcement.demand_wait", clocks.demanded,
             ("serve_demand",),
             ("apply_to_court", "order_performance", "order_demolition", "agree_execution", "end_execution",
              "suspend_execution", "record_payment", "check_correction", "close"),
             done=clocks.nothing_to_wait_for),
        Term("agreement", "执行协议", clocks.agreed_days, clocks.step,
             ("agree_execution",), ("record_execution", "resume_execution", "suspend_execution", "end_execution",
                                    "record_payment", "check_correction", "close"),
             alerts=(("yellow", "-5d"),), done=clocks.nothing_to_wait_for),
        Term("court_acceptance", "法院受理", "court_enforcement.acceptance", clocks.step,
             ("apply_to_court",), ("court_grants", "court_refuses", "end_execution", "suspend_execution")),
        Term("court_objection", "对不予受理、不予执行申请复议", "court_enforcement.objection", clocks.step,
             ("court_refuses",), ("court_grants", "end_execution"), alerts=(("yellow", "-5d"),), holder=HEAD),
    ),
)
# fmt: on
