"""案件 — states, moves and clocks of a case: three tables, one screen.

Order: review before notice where the office's rule says so (the default), always after a hearing. The
summary procedure has a short flow of its own and can turn into the ordinary one.
"""

from __future__ import annotations

from policies import checklists as ask
from policies.filing import check_span
from states import clocks
from states.afterwards import AFTERWARDS, AFTERWARDS_TERMS
from states.beside.consultation import CONSULTATION
from states.beside.deferral import DEFERRAL
from states.beside.enforcement import ENFORCEMENT
from states.beside.measure import MEASURE
from states.beside.recusal import RECUSAL
from states.beside.remedy import REMEDY
from states.beside.standstill import EXTENSION, SUSPENSION
from states.beside.supervision import SUPERVISION
from states.flow import Flow, Move, Term
from states.people import (
    CARD_TAKERS,
    CHAIR,
    CLERK,
    HEAD,
    HEADS,
    INTAKE,
    JUDGES,
    OFFICERS,
    OWN_REVIEWER,
    RECORDERS,
    RETURNERS,
    REVIEWER,
    SYSTEM,
    UNIT_HEAD,
)

# isort: off
from states.where import (
    AFTER, ANYWHERE, BEFORE_REVIEW, EARLY, EXAMINED, FILED, HEARD, OPEN, PASSED_ON, REOPENED, UNDECIDED, S,
)  # fmt: skip
from states.where import CaseState as CaseState
# isort: on

WINDOW_ENDS = (
    "lapse_windows", "proceed", "request_hearing", "reopen_investigation", "renew_notice",
    "record_issued_decision", "decide_no_penalty", "report_crime", "terminate", "withdraw_filing",
)  # fmt: skip
EXITS = ("police_file", "transfer_out", "withdraw_filing", "terminate", "join_into")
"""Verbs that end a case without a decision on the merits; nothing of it runs on."""

# fmt: off
ORDINARY = Flow(
    "ordinary", 1, CaseState,
    moves=(
        #    verb                      label               from                  to               who        checklist
        Move("register_lead",          "登记线索",         (),                   S.LEAD,          INTAKE,    ask.PARTY, opens=True),
        Move("split_off",              "分案",             (),                   S.INVESTIGATING, OFFICERS,  ask.SPLIT, opens=True),
        Move("decide_anew",            "重新处理",         (),                   S.INVESTIGATING, OFFICERS,  ask.ANEW, opens=True),
        Move("start_check",            "开始核查",         (S.LEAD,),            S.CHECKING,      OFFICERS),
        Move("name_party",             "登记当事人",       OPEN,                 None,            OFFICERS,  ask.PARTY),
        Move("describe_act",           "登记违法行为",     OPEN,                 None,            OFFICERS),
        Move("record_jurisdiction",    "登记管辖",         UNDECIDED,            None,            OFFICERS),
        Move("extend_check",           "延长核查",         (S.CHECKING, S.FILING), None,          HEAD,      ask.CHECK_EXTENSION),
        Move("answer_complainant",     "答复投诉举报人",   (*UNDECIDED, *AFTER, S.NOT_FILED), None, RECORDERS),
        Move("assign_officers",        "指派承办人",       (*UNDECIDED, *AFTER), None,            UNIT_HEAD),
        Move("declare_no_interest",    "回避声明",         UNDECIDED,            None,            OFFICERS),
        Move("add_evidence",           "登记证据",         EARLY,                None,            OFFICERS,  ask.EVIDENCE, irregular="may"),
        Move("verify_evidence",        "查证证据",         EARLY,                None,            OFFICERS),
        Move("order_correction",       "责令改正",         EARLY,                None,            OFFICERS),
        Move("check_correction",       "复查改正",         (*UNDECIDED, *AFTER, S.NO_PENALTY), None, OFFICERS),
        Move("propose_filing",         "报请立案",         (S.CHECKING,),        S.FILING,        OFFICERS),
        Move("return_filing",          "退回核查",         (S.FILING,),          S.CHECKING,      HEAD),
        Move("approve_filing",         "批准立案",         (S.FILING,),          S.INVESTIGATING, HEAD,      ask.FILING),
        Move("decline_filing",         "不予立案",         (S.CHECKING, S.FILING), S.NOT_FILED,   HEAD,      ask.NOT_FILING),
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
        Move("discuss",                "集体讨论",         (S.DECIDING,),        None,            HEADS,     ask.DISCUSSION),
        Move("reopen_investigation",   "补充调查",         REOPENED,             S.INVESTIGATING, RETURNERS),
        Move("report_crime",           "报告涉嫌犯罪",     FILED,                S.TRANSFERRING,  OFFICERS,  ask.CRIME_REPORT),
        Move("approve_transfer",       "批准移送公安机关", (S.TRANSFERRING,),    S.HANDING_OVER,  HEAD,      ask.TRANSFER),
        Move("refuse_transfer",        "不批准移送",       (S.TRANSFERRING,),    S.INVESTIGATING, HEAD,      ask.TRANSFER),
        Move("hand_over_to_police",    "移送公安机关",     (S.HANDING_OVER,),    S.WITH_POLICE,   OFFICERS,  ask.HAND_OVER),
        Move("police_file",            "公安机关立案",     (S.WITH_POLICE,),     S.TRANSFERRED,   RECORDERS),
        Move("police_decline",         "公安机关不予立案", (S.WITH_POLICE,),     S.INVESTIGATING, RECORDERS),
        Move("object_to_police",       "提请公安复议",     (S.INVESTIGATING,),   S.WITH_POLICE,   HEAD),
        Move("take_back",              "司法机关移回",     (S.TRANSFERRED,),     S.INVESTIGATING, RECORDERS),
        Move("archive_transferred",    "移送后归档",       (S.TRANSFERRED,),     S.ARCHIVED,      CLERK,     ask.EXIT),
        Move("hand_over_goods",        "移交涉案物品",     (S.TRANSFERRED,),     None,            RECORDERS),
        Move("refer_clue",             "移送职务犯罪线索", (*UNDECIDED, *AFTER, S.NO_PENALTY, S.CLOSED), None, HEAD, ask.CLUE),
        Move("clear_at_once",          "立即代履行",       (*UNDECIDED, *AFTER, S.NO_PENALTY), None, HEADS,  ask.AT_ONCE),
        Move("transfer_out",           "移送其他机关",     (*EARLY, S.CONCLUDED), S.TRANSFERRED_OUT, HEAD, ask.EXIT),
        Move("withdraw_filing",        "撤销立案",         (S.INVESTIGATING, S.CONCLUDED, S.DECIDING), S.WITHDRAWN, HEAD, ask.EXIT),
        Move("terminate",              "终止调查",         FILED,                S.TERMINATED,    HEAD,      ask.EXIT),
        Move("join_into",              "并入另案",         EARLY,                S.JOINED,        HEAD,      ask.EXIT),
        Move("change_party",           "当事人变更",       (*UNDECIDED, *AFTER), None,            RECORDERS),
        Move("judge",                  "书面判断",         (*UNDECIDED, *AFTER), None,            JUDGES),
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
        *AFTERWARDS,
        Move("close",                  "结案",             (S.IN_EFFECT,),       S.CLOSED,        HEAD,      ask.CLOSING),
        Move("take_down_card",         "摘牌",             ANYWHERE,             None,            CARD_TAKERS),
        Move("recount_clocks",         "重算期限",         ANYWHERE,             None,            SYSTEM),
    ),
    finals=(
        S.NOT_FILED, S.ARCHIVED, S.TRANSFERRED_OUT, S.WITHDRAWN, S.TERMINATED, S.JOINED,
    ),
    beside=(
        MEASURE, RECUSAL, SUSPENSION, EXTENSION, DEFERRAL, REMEDY, ENFORCEMENT, SUPERVISION, CONSULTATION,
    ),
    terms=(
        #    clock, label, length (policies/law), from; then: starts at, stops at
        Term("lead_check", "核查", check_span, clocks.found,
             ("register_lead", "convert_to_ordinary", "extend_check", "describe_act"),
             ("approve_filing", "decline_filing", "record_issued_decision", "transfer_out", "join_into"),
             alerts=(("yellow", "-3d"),), when=clocks.check_counted_anew),
        Term("decision", "办案", clocks.decision_days, clocks.filed,
             ("approve_filing", "split_off", "resume_case", "grant_extension", "take_back"),
             ("decide", "record_issued_decision", "decide_no_penalty", *EXITS),
             disputed=True, alerts=(("blue", "-30d"), ("yellow", "-15d")), when=clocks.regular),
        Term("legal_review", "法制审核", "legal_review.turnaround", clocks.received,
             ("submit_review", "submit_final_review", "receive_package", "withdraw_pass"),
             ("pass_review", "pass_final_review", "return_case", "record_issued_decision", "decide_no_penalty", "report_crime", *EXITS),
             alerts=(("yellow", "-1wd"),), holder=REVIEWER, when=clocks.on_the_desk),
        Term("statement_defence", "陈述申辩", clocks.defence_days, clocks.told,
             ("serve_notice",), WINDOW_ENDS,
             when=clocks.regular, on_lapse="lapse_windows"),
        Term("hearing_request", "听证申请", "hearing.request", clocks.told,
             ("serve_notice",), WINDOW_ENDS,
             when=clocks.hearing_offered, on_lapse="lapse_windows"),
        Term("anew", "重新处理", clocks.anew_days, clocks.ordered_anew,
             ("decide_anew",), ("decide", "record_issued_decision", *EXITS),
             alerts=(("blue", "-30d"), ("yellow", "-15d"))),
        Term("transfer_decision", "移送审批", "criminal_transfer.head_decision", clocks.step,
             ("report_crime",), ("approve_transfer", "refuse_transfer"),
             alerts=(("yellow", "-1d"),), holder=HEAD),
        Term("transfer_hand_over", "移送交接", clocks.hand_over_days, clocks.step,
             ("approve_transfer",), ("hand_over_to_police",)),
        Term("police_answer", "公安机关答复", "criminal_transfer.police_answer", clocks.step,
             ("hand_over_to_police", "object_to_police"), ("police_file", "police_decline")),
        Term("transfer_goods", "移交涉案物品", "criminal_transfer.goods", clocks.step,
             ("police_file",), ("hand_over_goods", "take_back"), alerts=(("yellow", "-1d"),)),
        Term("service", "送达", "service.decision", clocks.dated,
             ("decide", "record_issued_decision", "decide_no_penalty"), ("begin_service", "serve_decision", "serve_no_penalty"),
             alerts=(("yellow", "-2wd"),)),
        *AFTERWARDS_TERMS,
    ),
)

SUMMARY = Flow(
    "summary", 1, CaseState,
    moves=(
        Move("start_on_spot",          "现场发现",         (),                   S.ON_SPOT,       OFFICERS,  ask.PARTY, opens=True),
        Move("decide_on_spot",         "当场处罚",         (S.ON_SPOT,),         S.IN_EFFECT,     OFFICERS,  ask.ON_SPOT),
        Move("add_evidence",           "登记证据",         (S.ON_SPOT, S.IN_EFFECT), None,        OFFICERS,  ask.EVIDENCE, irregular="may"),
        Move("verify_evidence",        "查证证据",         (S.ON_SPOT, S.IN_EFFECT), None,        OFFICERS),
        Move("convert_to_ordinary",    "转为普通程序",     (S.ON_SPOT,),         S.CHECKING,      OFFICERS,  becomes="ordinary"),
        Move("report_on_spot",         "当场处罚备案",     (S.IN_EFFECT,),       None,            RECORDERS, ask.REPORT_ON_SPOT),
        Move("clear_at_once",          "立即代履行",       (S.ON_SPOT, S.IN_EFFECT), None,        HEADS,     ask.AT_ONCE),
        *AFTERWARDS,
        Move("close",                  "结案",             (S.IN_EFFECT,),       S.CLOSED,        HEAD,      ask.CLOSING_ON_SPOT),
        Move("take_down_card",         "摘牌",             (S.ON_SPOT, S.IN_EFFECT, S.CLOSED, S.ARCHIVED), None, CARD_TAKERS),
        Move("recount_clocks",         "重算期限",         (S.ON_SPOT, S.IN_EFFECT, S.CLOSED, S.ARCHIVED), None, SYSTEM),
    ),
    finals=(S.CHECKING, S.ARCHIVED),
    beside=(DEFERRAL, REMEDY, ENFORCEMENT, SUPERVISION),
    terms=(
        Term("summary_report", "当场处罚备案", "summary.report", clocks.on_the_spot,
             ("decide_on_spot",), ("report_on_spot",),
             alerts=(("yellow", "-1wd"),)),
        *AFTERWARDS_TERMS,
    ),
)
# fmt: on

FLOWS = {str(flow): flow for flow in (ORDINARY, SUMMARY)}
"""Every flow version that a case may be pinned to."""

CURRENT = {flow.name: flow for flow in (ORDINARY, SUMMARY)}
"""The version in which new cases open."""

BESIDE = {side.name: side for flow in CURRENT.values() for side in flow.beside.values()}
"""The lifecycles beside a case, each once."""
