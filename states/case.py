"""案件 — states, moves and clocks of a case: three tables, one screen.

Order: review before notice where the office's rule says so (the default), always after a hearing. The
summary procedure has a short flow of its own and can turn into the ordinary one.
"""

from __future__ import annotations

from policies import checklists as ask
from states import clocks
from states.flow import Flow, Move, Phase, State, Term, Who


class CaseState(State):
    """Where a case is. Exits keep the phase they left from."""

    LEAD = "lead", Phase.FILING, "线索"
    CHECKING = "checking", Phase.FILING, "核查"
    FILING = "filing", Phase.FILING, "立案审批"
    NOT_FILED = "not_filed", Phase.FILING, "不予立案"
    INVESTIGATING = "investigating", Phase.EVIDENCE, "调查取证"
    CONCLUDED = "concluded", Phase.EVIDENCE, "调查终结"
    UNIT_REVIEW = "unit_review", Phase.EVIDENCE, "机构审查"
    UNDER_REVIEW = "under_review", Phase.REVIEW, "法制审核"
    NOTICING = "noticing", Phase.DECISION, "拟告知"
    NOTIFIED = "notified", Phase.DECISION, "已告知"
    HEARING = "hearing", Phase.DECISION, "听证"
    DECIDING = "deciding", Phase.DECISION, "审查决定"
    DECIDED = "decided", Phase.DECISION, "已决定"
    NO_PENALTY = "no_penalty", Phase.DECISION, "不予处罚"
    IN_EFFECT = "in_effect", Phase.PUBLICATION, "送达履行公示"
    ON_SPOT = "on_spot", Phase.EVIDENCE, "现场处置"
    CLOSED = "closed", Phase.PUBLICATION, "结案"
    ARCHIVED = "archived", Phase.PUBLICATION, "归档"


S = CaseState

OFFICERS = Who("承办人", frozenset({"officer", "unit_head"}), of_the_case=True)
INTAKE = Who("执法人员或内勤", frozenset({"officer", "unit_head", "clerk"}))
RECORDERS = Who("承办人或内勤", frozenset({"officer", "unit_head", "clerk"}), of_the_case=True)
UNIT_HEAD = Who("机构负责人", frozenset({"unit_head"}))
REVIEWER = Who("法制审核员", frozenset({"reviewer"}), for_borrowed=frozenset({"clerk"}))
OWN_REVIEWER = Who("法制审核员", frozenset({"reviewer"}))
HEAD = Who("负责人", frozenset({"head", "deputy_head"}))
HEADS = Who("负责人或内勤", frozenset({"head", "deputy_head", "clerk"}))
CHAIR = Who("听证主持人", frozenset({"chair", "head", "deputy_head", "reviewer", "clerk"}))
RETURNERS = Who("承办人或负责人", frozenset({"officer", "unit_head", "head", "deputy_head"}), True)
CLERK = Who("内勤", frozenset({"clerk"}))
JUDGES = Who("法制审核员或负责人", frozenset({"reviewer", "head", "deputy_head"}))
SYSTEM = Who("系统", frozenset({"system"}))

EARLY = (S.CHECKING, S.FILING, S.INVESTIGATING)
UNDECIDED = (
    S.LEAD, S.CHECKING, S.FILING, S.INVESTIGATING, S.CONCLUDED, S.UNIT_REVIEW, S.UNDER_REVIEW,
    S.NOTICING, S.NOTIFIED, S.HEARING, S.DECIDING,
)  # fmt: skip
OPEN = (S.LEAD, *EARLY)
HEARD = (S.NOTIFIED, S.HEARING, S.DECIDING)
PASSED_ON = (S.NOTIFIED, S.HEARING)
BEFORE_REVIEW = (S.UNIT_REVIEW, S.UNDER_REVIEW, S.NOTICING, *HEARD)
REOPENED = (S.CONCLUDED, S.NOTICING, S.NOTIFIED, S.DECIDING)
AFTER = (S.DECIDED, S.IN_EFFECT)
FILED = UNDECIDED[3:]
EXAMINED = UNDECIDED[4:]
WINDOW_ENDS = (
    "lapse_windows", "proceed", "request_hearing", "reopen_investigation", "renew_notice",
    "record_issued_decision", "decide_no_penalty",
)  # fmt: skip

# fmt: off
_AFTERWARDS = (
    Move("choose_publication",     "决定公示",         (S.IN_EFFECT,),       None,            HEADS,     ask.PUBLICATION),
    Move("withhold_publication",   "决定不公示",       (S.IN_EFFECT,),       None,            HEADS,     ask.WITHHOLDING),
    Move("record_publication",     "登记公示回执",     (S.IN_EFFECT, S.CLOSED, S.ARCHIVED), None, SYSTEM,    ask.PUBLICATION),
    Move("record_payment",         "登记缴款",         (S.IN_EFFECT,),       None,            RECORDERS, ask.PAYMENT, irregular="may"),
    Move("correct_decision",       "补正决定书",       (S.IN_EFFECT, S.CLOSED), None,         HEAD,      ask.RECTIFICATION),
    Move("archive",                "归档",             (S.CLOSED,),          S.ARCHIVED,      CLERK),
)

_AFTERWARDS_TERMS = (
    #    clock, label, length (policies/law), from; then: starts at, stops at
    Term("publication", "公示", "publication.shuanggongshi", clocks.dated,
         ("decide", "record_issued_decision", "decide_on_spot"), ("withhold_publication", "record_publication"),
         alerts=(("yellow", "-2wd"),), holder=CLERK),
    Term("payment", "缴款", "payment.due", clocks.served,
         ("serve_decision", "decide_on_spot"), ("record_payment", "close"),
         rolls=True, alerts=(("yellow", "-2d"),), when=clocks.fined, done=clocks.paid_up),
)

ORDINARY = Flow(
    "ordinary", 1, CaseState,
    moves=(
        #    verb                      label               from                  to               who        checklist
        Move("register_lead",          "登记线索",         (),                   S.LEAD,          INTAKE,    ask.PARTY, opens=True),
        Move("start_check",            "开始核查",         (S.LEAD,),            S.CHECKING,      OFFICERS),
        Move("name_party",             "登记当事人",       OPEN,                 None,            OFFICERS,  ask.PARTY),
        Move("describe_act",           "登记违法行为",     OPEN,                 None,            OFFICERS),
        Move("assign_officers",        "指派承办人",       OPEN,                 None,            UNIT_HEAD),
        Move("declare_no_interest",    "回避声明",         UNDECIDED,            None,            OFFICERS),
        Move("add_evidence",           "登记证据",         EARLY,                None,            OFFICERS,  ask.EVIDENCE, irregular="may"),
        Move("verify_evidence",        "查证证据",         EARLY,                None,            OFFICERS),
        Move("order_correction",       "责令改正",         EARLY,                None,            OFFICERS),
        Move("check_correction",       "复查改正",         (*UNDECIDED, *AFTER, S.NO_PENALTY), None, OFFICERS),
        Move("propose_filing",         "报请立案",         (S.CHECKING,),        S.FILING,        OFFICERS),
        Move("return_filing",          "退回核查",         (S.FILING,),          S.CHECKING,      HEAD),
        Move("approve_filing",         "批准立案",         (S.FILING,),          S.INVESTIGATING, HEAD,      ask.FILING),
        Move("decline_filing",         "不予立案",         (S.CHECKING, S.FILING), S.NOT_FILED,   HEAD),
        Move("conclude",               "调查终结",         (S.INVESTIGATING,),   S.CONCLUDED,     OFFICERS,  ask.CONCLUSION, settled_by_form=True),
        Move("answer_point",           "答复退回意见",     (S.INVESTIGATING, S.CONCLUDED, S.UNIT_REVIEW), None, OFFICERS),
        Move("submit_to_unit",         "报机构审查",       (S.CONCLUDED,),       S.UNIT_REVIEW,   OFFICERS),
        Move("return_to_officers",     "机构退回",         (S.UNIT_REVIEW,),     S.INVESTIGATING, UNIT_HEAD),
        Move("submit_review",          "送法制审核",       (S.UNIT_REVIEW,),     S.UNDER_REVIEW,  UNIT_HEAD, ask.SUBMISSION),
        Move("return_case",            "退回补正",         (S.UNDER_REVIEW,),    S.INVESTIGATING, REVIEWER,  ask.RETURN),
        Move("pass_review",            "审核通过",         (S.UNDER_REVIEW,),    S.NOTICING,      REVIEWER,  ask.REVIEW),
        Move("pass_final_review",      "再次审核通过",     (S.UNDER_REVIEW,),    S.DECIDING,      REVIEWER,  ask.FINAL_REVIEW),
        Move("receive_package",        "登记收件",         (S.UNDER_REVIEW,),    None,            REVIEWER),
        Move("ask_officer",            "询问承办人",       (S.UNDER_REVIEW,),    None,            REVIEWER),
        Move("answer_question",        "答复审核询问",     (S.UNDER_REVIEW,),    None,            OFFICERS),
        Move("withdraw_pass",          "撤回审核通过",     (S.NOTICING, S.DECIDING), S.UNDER_REVIEW, REVIEWER, ask.RETURN),
        Move("withdraw_pass",          "撤回审核通过",     PASSED_ON,            None,            REVIEWER,  ask.RETURN),
        Move("check_procedure",        "核对后续程序",     HEARD,                None,            REVIEWER,  ask.CLOSING_CHECK),
        Move("borrow_reviewer",        "借用审核人",       BEFORE_REVIEW,        None,            HEAD,      ask.BORROWING),
        Move("assign_reviewer",        "指定审核人",       BEFORE_REVIEW,        None,            HEAD),
        Move("recuse_reviewer",        "审核人回避",       (S.UNDER_REVIEW,),    None,            OWN_REVIEWER),
        Move("serve_notice",           "送达告知书",       (S.NOTICING,),        S.NOTIFIED,      OFFICERS,  ask.NOTICE, irregular="may"),
        Move("renew_notice",           "重新告知",         (S.NOTIFIED, S.DECIDING), S.NOTICING,  OFFICERS),
        Move("record_statement",       "登记陈述申辩",     HEARD,                None,            RECORDERS),
        Move("reply_statement",        "复核陈述申辩",     HEARD,                None,            OFFICERS),
        Move("record_waiver",          "登记放弃权利",     (S.NOTIFIED,),        None,            RECORDERS),
        Move("request_hearing",        "登记听证申请",     (S.NOTIFIED, S.DECIDING), S.HEARING,   RECORDERS, ask.HEARING_REQUEST),
        Move("arrange_hearing",        "安排听证",         (S.HEARING,),         None,            HEADS,     ask.HEARING_NOTICE),
        Move("add_third_party",        "登记第三人",       HEARD,                None,            RECORDERS),
        Move("postpone_hearing",       "听证改期",         (S.HEARING,),         None,            HEADS,     ask.HEARING_NOTICE),
        Move("suspend_hearing",        "中止听证",         (S.HEARING,),         None,            CHAIR),
        Move("resume_hearing",         "恢复听证",         (S.HEARING,),         None,            CHAIR,     ask.HEARING_NOTICE),
        Move("withdraw_hearing",       "撤回听证申请",     (S.HEARING,),         S.DECIDING,      RECORDERS),
        Move("hold_hearing",           "举行听证",         (S.HEARING,),         None,            CHAIR,     ask.HEARING, irregular="may"),
        Move("report_hearing",         "听证报告",         (S.HEARING,),         S.DECIDING,      CHAIR,     ask.HEARING_REPORT),
        Move("end_hearing",            "终止听证",         (S.HEARING,),         S.DECIDING,      CHAIR),
        Move("lapse_windows",          "期限届满",         (S.NOTIFIED,),        S.DECIDING,      SYSTEM,    ask.WINDOWS),
        Move("proceed",                "报请决定",         (S.NOTIFIED,),        S.DECIDING,      OFFICERS,  ask.WINDOWS),
        Move("submit_final_review",    "再次送审",         (S.DECIDING,),        S.UNDER_REVIEW,  UNIT_HEAD, ask.SUBMISSION),
        Move("confirm_reduction",      "确认减少数额",     (S.DECIDING,),        None,            REVIEWER,  ask.RETURN),
        Move("discuss",                "集体讨论",         (S.DECIDING,),        None,            HEADS),
        Move("reopen_investigation",   "补充调查",         REOPENED,             S.INVESTIGATING, RETURNERS),
        Move("judge",                  "书面判断",         (*UNDECIDED, *AFTER), None,            JUDGES),
        Move("extend_decision",        "延长办案期限",     FILED,                None,            HEAD,      ask.EXTENSION, irregular="may"),
        Move("decide_no_penalty",      "作出不予处罚决定", EXAMINED,             S.NO_PENALTY,    HEAD,      ask.NO_PENALTY),
        Move("serve_no_penalty",       "送达不予处罚决定书", (S.NO_PENALTY,),    None,            OFFICERS,  ask.SERVICE, irregular="may"),
        Move("record_education",       "登记教育",         (S.NO_PENALTY,),      None,            OFFICERS),
        Move("close_without_penalty",  "不予处罚结案",     (S.NO_PENALTY,),      S.CLOSED,        HEAD,      ask.NO_PENALTY_CLOSING),
        Move("decide",                 "作出处罚决定",     (S.DECIDING,),        S.DECIDED,       HEAD,      ask.DECISION),
        Move("record_issued_decision", "登记已作出的决定", UNDECIDED,            S.DECIDED,       RECORDERS, ask.ISSUED_DECISION, irregular="must", settled_by_form=True),
        Move("record_address",         "登记送达地址确认书", (*UNDECIDED, *AFTER, S.NO_PENALTY), None, RECORDERS),
        Move("begin_service",          "交寄或者公告",     (S.DECIDED, S.NO_PENALTY), None,       RECORDERS, ask.DISPATCH),
        Move("serve_decision",         "送达决定书",       (S.DECIDED,),         S.IN_EFFECT,     OFFICERS,  ask.SERVICE, irregular="may"),
        Move("correct_decision",       "补正决定书",       (S.DECIDED,),         None,            HEAD,      ask.RECTIFICATION),
        *_AFTERWARDS,
        Move("close",                  "结案",             (S.IN_EFFECT,),       S.CLOSED,        HEAD,      ask.CLOSING),
    ),
    finals=(S.NOT_FILED, S.ARCHIVED),
    terms=(
        #    clock, label, length (policies/law), from; then: starts at, stops at
        Term("lead_check", "核查", "lead_check.default", clocks.found,
             ("register_lead", "convert_to_ordinary"), ("approve_filing", "decline_filing", "record_issued_decision"),
             alerts=(("yellow", "-3d"),)),
        Term("decision", "办案", clocks.decision_days, clocks.filed,
             ("approve_filing", "extend_decision"), ("decide", "record_issued_decision", "decide_no_penalty"),
             disputed=True, alerts=(("blue", "-30d"), ("yellow", "-15d")), when=clocks.validly_told),
        Term("legal_review", "法制审核", "legal_review.turnaround", clocks.received,
             ("submit_review", "submit_final_review", "receive_package", "withdraw_pass"), ("pass_review", "pass_final_review", "return_case", "record_issued_decision", "decide_no_penalty"),
             alerts=(("yellow", "-1wd"),), holder=REVIEWER, when=clocks.on_the_desk),
        Term("statement_defence", "陈述申辩", clocks.defence_days, clocks.told,
             ("serve_notice",), WINDOW_ENDS,
             when=clocks.validly_told, on_lapse="lapse_windows"),
        Term("hearing_request", "听证申请", "hearing.request", clocks.told,
             ("serve_notice",), WINDOW_ENDS,
             when=clocks.hearing_offered, on_lapse="lapse_windows"),
        Term("service", "送达", "service.decision", clocks.dated,
             ("decide", "record_issued_decision", "decide_no_penalty"), ("begin_service", "serve_decision", "serve_no_penalty"),
             alerts=(("yellow", "-2wd"),)),
        *_AFTERWARDS_TERMS,
    ),
)

SUMMARY = Flow(
    "summary", 1, CaseState,
    moves=(
        Move("start_on_spot",          "现场发现",         (),                   S.ON_SPOT,       OFFICERS,  ask.PARTY, opens=True),
        Move("decide_on_spot",         "当场处罚",         (S.ON_SPOT,),         S.IN_EFFECT,     OFFICERS,  ask.ON_SPOT),
        Move("convert_to_ordinary",    "转为普通程序",     (S.ON_SPOT,),         S.CHECKING,      OFFICERS,  becomes="ordinary"),
        Move("report_on_spot",         "当场处罚备案",     (S.IN_EFFECT,),       None,            RECORDERS, ask.REPORT_ON_SPOT),
        *_AFTERWARDS,
        Move("close",                  "结案",             (S.IN_EFFECT,),       S.CLOSED,        HEAD,      ask.CLOSING_ON_SPOT),
    ),
    finals=(S.CHECKING, S.ARCHIVED),
    terms=(
        Term("summary_report", "当场处罚备案", "summary.report", clocks.on_the_spot,
             ("decide_on_spot",), ("report_on_spot",),
             alerts=(("yellow", "-1wd"),)),
        *_AFTERWARDS_TERMS,
    ),
)
# fmt: on

FLOWS = {str(flow): flow for flow in (ORDINARY, SUMMARY)}
"""Every flow version that a case may be pinned to."""

CURRENT = {flow.name: flow for flow in (ORDINARY, SUMMARY)}
"""The version in which new cases open."""
