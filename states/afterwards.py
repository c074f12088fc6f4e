"""决定之后 — the moves and clocks that both procedures share once a decision is served: 公示、履行、归档."""

from __future__ import annotations

from policies import checklists as ask
from states import clocks
from states.flow import Move, Term
from states.people import CLERK, HEAD, HEADS, PUBLIC_REVIEWERS, RECEIVERS, RECORDERS, SYSTEM
from states.where import S

SINCE_SERVED = (S.IN_EFFECT, S.CLOSED, S.ARCHIVED)
"""What the public reads outlives the case."""

# fmt: off
AFTERWARDS = (
    #    verb                      label               from                     to               who        checklist
    Move("choose_publication",     "决定公示",         SINCE_SERVED,            None,            HEADS,     ask.PUBLICATION),
    Move("withhold_publication",   "决定不公示",       SINCE_SERVED,            None,            HEADS,     ask.WITHHOLDING),
    Move("return_publication",     "退回公示",         SINCE_SERVED,            None,            PUBLIC_REVIEWERS),
    Move("review_publication",     "公示审查",         SINCE_SERVED,            None,            PUBLIC_REVIEWERS, ask.PUBLICATION_REVIEW),
    Move("record_publication",     "登记公示回执",     SINCE_SERVED,            None,            RECEIVERS, ask.RECEIPT),
    Move("correct_publication",    "更正公示",         SINCE_SERVED,            None,            HEADS,     ask.PUBLICATION),
    Move("withdraw_publication",   "撤回公示",         SINCE_SERVED,            None,            HEADS,     ask.WITHDRAWAL),
    Move("record_withdrawal",      "登记下架回执",     SINCE_SERVED,            None,            RECEIVERS),
    Move("repair_credit",          "信用修复",         SINCE_SERVED,            None,            HEADS,     ask.REPAIR),
    Move("lapse_publication",      "公示期满",         SINCE_SERVED,            None,            SYSTEM),
    Move("record_refund",          "登记退款",         SINCE_SERVED,            None,            CLERK),
    Move("record_payment",         "登记缴款",         (S.IN_EFFECT,),          None,            RECORDERS, ask.PAYMENT, irregular="may"),
    Move("correct_decision",       "补正决定书",       (S.IN_EFFECT, S.CLOSED), None,            HEAD,      ask.RECTIFICATION),
    Move("archive",                "归档",             (S.CLOSED,),             S.ARCHIVED,      CLERK),
)

AFTERWARDS_TERMS = (
    #    clock, label, length (policies/law), from; then: starts at, stops at
    Term("publication", "公示", "publication.shuanggongshi", clocks.dated,
         ("decide", "record_issued_decision", "decide_on_spot", "choose_publication"), ("withhold_publication", "record_publication"),
         alerts=(("yellow", "-2wd"),), holder=CLERK, when=clocks.publication_stands_still, done=clocks.answered_everywhere),
    Term("display", "停止公示", clocks.display_days, clocks.dated,
         ("review_publication",), ("withdraw_publication", "repair_credit"),
         holder=CLERK, when=clocks.displayed, done=clocks.not_displayed, on_lapse="lapse_publication"),
    Term("withdrawal", "撤回公示", "publication.withdraw", clocks.fallen_on,
         ("settle_remedy", "correct_own_decision"),
         ("withdraw_publication", "record_withdrawal", "repair_credit", "lapse_publication"),
         alerts=(("yellow", "-1wd"),), when=clocks.published_and_fallen, holder=CLERK, done=clocks.down_everywhere),
    Term("court_window", "申请法院强制执行", clocks.court_days, clocks.over_for_good,
         ("serve_decision", "decide_on_spot", "settle_remedy", "grant_deferral"), ("record_payment", "close", "apply_to_court"),
         rolls=True, alerts=(("blue", "-30d"), ("yellow", "-15d")), when=clocks.fined, done=clocks.settled),
    Term("payment", "缴款", clocks.payment_days, clocks.served,
         ("serve_decision", "decide_on_spot", "grant_deferral"), ("record_payment", "close"),
         rolls=True, alerts=(("yellow", "-2d"),), when=clocks.fined, done=clocks.paid_up),
)
# fmt: on
