"""The steps of the real process, and the state, verb or lifecycle that carries each of them.

N01 to N32 and S1 to S7 are the rows of the ordinary and the summary procedure as the trade tells them; the
steps at the end are real work that is easily forgotten. Whoever renames a verb has to say here what takes
its place.
"""

from __future__ import annotations

import pytest

from states.case import BESIDE, ORDINARY, SUMMARY
from states.flow import Flow

STATES = "states"
"""The key under which the states of a row stand; every other key is a flow with its verbs."""

Row = dict[str, tuple[str, ...]]


def row(*states: str, **verbs: str) -> Row:
    """States of the case, and verbs by flow, each a list in one string."""
    return {STATES: states} | {flow: tuple(names.split()) for flow, names in verbs.items()}


PROCESS: dict[str, Row] = {
    "N01 线索登记": row("lead", ordinary="register_lead name_party describe_act"),
    "N02 核查": row("checking", ordinary="start_check add_evidence extend_check record_jurisdiction"),
    "N03 立案审批": row(
        "filing", "investigating",
        ordinary="propose_filing approve_filing return_filing assign_officers declare_no_interest",
    ),
    "N04 调查取证": row(
        "investigating", ordinary="add_evidence verify_evidence order_correction",
        measure="take_measure approve_measure extend_measure record_testing end_measure lift_measure",
    ),
    "N05 调查终结": row("concluded", ordinary="conclude"),
    "N06 机构审查": row("unit_review", ordinary="submit_to_unit return_to_officers submit_review"),
    "N07 法制审核": row(
        "under_review", ordinary="receive_package pass_review return_case answer_point",
    ),
    "N07b 听证后再次审核": row("under_review", ordinary="submit_final_review pass_final_review"),
    "N08 事先告知": row("noticing", "notified", ordinary="serve_notice renew_notice"),
    "N09 陈述申辩": row("notified", ordinary="record_statement reply_statement lapse_windows proceed"),
    "N10 听证申请与筹备": row("hearing", ordinary="request_hearing withdraw_hearing arrange_hearing"),
    "N11 听证举行": row("hearing", ordinary="hold_hearing report_hearing end_hearing"),
    "N12 负责人审查、集体讨论": row("deciding", ordinary="discuss judge confirm_reduction reopen_investigation"),
    "N13 处罚决定": row("decided", ordinary="decide"),
    "N14 不予处罚决定": row(
        "no_penalty", ordinary="decide_no_penalty serve_no_penalty record_education",
    ),
    "N15 送达": row("in_effect", ordinary="record_address begin_service serve_decision"),
    "N16 公示": row(
        "in_effect", ordinary="choose_publication return_publication review_publication withhold_publication"
        " record_publication correct_publication repair_credit lapse_publication record_withdrawal",
    ),
    "N17 履行": row(
        "in_effect", ordinary="record_payment check_correction",
        deferral="ask_deferral grant_deferral refuse_deferral",
    ),
    "N18 结案": row("closed", ordinary="close close_without_penalty"),
    "N19 归档": row("archived", ordinary="archive"),
    "N20 不予立案": row("not_filed", ordinary="decline_filing answer_complainant"),
    "N21 移送其他机关": row("transferred_out", ordinary="transfer_out"),
    "N22 中止调查": row(suspension="suspend_case resume_case"),
    "N23 终止调查": row("terminated", ordinary="terminate"),
    "N23a 撤销立案": row("withdrawn", ordinary="withdraw_filing"),
    "N24 移送公安": row(
        "transferring", "handing_over", "with_police", "transferred",
        ordinary="report_crime approve_transfer refuse_transfer hand_over_to_police police_file "
        "police_decline object_to_police hand_over_goods archive_transferred",
    ),
    "N25 延期": row(extension="ask_extension grant_extension refuse_extension"),
    "N26 催告": row(enforcement="serve_demand hear_demand"),
    "N27 申请法院强制执行": row(enforcement="apply_to_court"),
    "N28 中止、终结执行": row(enforcement="suspend_execution resume_execution end_execution"),
    "N29 复议": row(remedy="record_remedy answer_remedy stay_execution lift_stay record_remedy_result"),
    "N30 诉讼": row(remedy="record_remedy answer_remedy appeal_remedy settle_remedy"),
    "N31 变更、撤销、确认违法": row(
        ordinary="withdraw_publication record_refund decide_anew",
        remedy="record_remedy_result correct_own_decision",
    ),
    "N32 当事人放弃": row(ordinary="record_waiver"),
    "S1 现场发现": row("on_spot", summary="start_on_spot"),
    "S2 现场告知与申辩": row("on_spot", summary="add_evidence verify_evidence decide_on_spot convert_to_ordinary"),
    "S3 当场决定": row("in_effect", summary="decide_on_spot"),
    "S4 当场交付": row("in_effect", summary="decide_on_spot"),
    "S5 备案": row("in_effect", summary="report_on_spot"),
    "S6 收缴": row("in_effect", summary="record_payment"),
    "S7 公示、结案、归档": row(
        "closed", "archived", summary="choose_publication withhold_publication close archive",
    ),
}  # fmt: skip

REAL_WORK: dict[str, Row] = {
    "代履行": row(enforcement="order_performance record_execution"),
    "立即代履行": row(ordinary="clear_at_once", summary="clear_at_once"),
    "强制拆除": row(enforcement="order_demolition record_execution"),
    "执行协议": row(enforcement="agree_execution resume_execution"),
    "补正决定": row(ordinary="correct_decision", summary="correct_decision"),
    "并案": row("joined", ordinary="join_into"),
    "分案": row("investigating", ordinary="split_off"),
    "承办人交接": row(ordinary="assign_officers"),
    "当事人死亡、更名、终止": row(ordinary="change_party"),
    "听证改期、中止": row(ordinary="postpone_hearing suspend_hearing resume_hearing"),
    "第三人": row(ordinary="add_third_party"),
    "公安、检察机关、法院退回": row("investigating", ordinary="police_decline take_back"),
    "复议调解": row(remedy="record_remedy_result"),
    "撤销后重新决定": row("investigating", ordinary="decide_anew"),
    "退款": row(ordinary="record_refund", summary="record_refund"),
    "责令改正了结": row("no_penalty", ordinary="order_correction decide_no_penalty"),
    "法院裁定及结果": row(enforcement="court_grants court_refuses record_execution"),
    "回避": row(recusal="ask_recusal grant_recusal refuse_recusal"),
    "审核人的询问": row(ordinary="ask_officer answer_question"),
    "借用、更换审核人": row(ordinary="borrow_reviewer assign_reviewer recuse_reviewer"),
    "撤回审核通过": row("under_review", ordinary="withdraw_pass"),
    "审后核对程序": row(ordinary="check_procedure"),
    "如实登记已作出的决定": row("decided", ordinary="record_issued_decision"),
    "移送职务犯罪线索": row(ordinary="refer_clue"),
    "摘牌": row(ordinary="take_down_card", summary="take_down_card"),
    "放假通知": row(ordinary="recount_clocks", summary="recount_clocks"),
    "复议意见书、检察建议": row(supervision="record_supervision answer_supervision"),
    "法律顾问": row(consultation="consult_counsel give_counsel_opinion withdraw_consultation"),
    "督办": row(supervision="open_supervision answer_supervision"),
}

CARRIED_BY_A_FIELD = {
    "易腐物品": ("end_measure", "拍卖变卖"),
    "复议调解书": ("record_remedy_result", "mediated"),
}
"""Steps that are a choice in a form of a verb, not a verb of their own."""

FLOWS_BY_NAME: dict[str, Flow] = {"ordinary": ORDINARY, "summary": SUMMARY, **BESIDE}


@pytest.mark.parametrize("name", [*PROCESS, *REAL_WORK])
def test_each_step_of_the_process_has_its_state_and_its_verbs(name: str):
    carried = {**PROCESS, **REAL_WORK}[name]
    verbs = {flow: names for flow, names in carried.items() if flow != STATES}
    assert verbs
    for flow, names in verbs.items():
        assert [v for v in names if v not in FLOWS_BY_NAME[flow].verbs] == []
    known = {
        s for flow in (ORDINARY, SUMMARY) for m in flow.moves for s in (*m.sources, m.dest) if s
    }
    assert [s for s in carried[STATES] if s not in {k.value for k in known}] == []


@pytest.mark.parametrize("name", [n for n, carried in PROCESS.items() if carried[STATES]])
def test_the_verbs_of_a_step_lead_into_its_states_or_are_taken_in_them(name: str):
    carried = PROCESS[name]
    moves = [
        m
        for flow, names in carried.items()
        if flow != STATES
        for m in FLOWS_BY_NAME[flow].moves
        if m.verb in names
    ]
    touched = {s.value for m in moves for s in (*m.sources, *m.during, m.dest) if s}
    assert set(carried[STATES]) <= touched


def test_all_rows_of_both_procedures_are_here():
    ids = {name.split()[0] for name in PROCESS}
    assert ids == {f"N{n:02}" for n in range(1, 33)} | {"N07b", "N23a"} | {
        f"S{n}" for n in range(1, 8)
    }


def test_every_verb_belongs_to_some_step():
    named = {
        verb
        for carried in (*PROCESS.values(), *REAL_WORK.values())
        for flow, names in carried.items()
        if flow != STATES
        for verb in names
    }
    verbs = {v for flow in FLOWS_BY_NAME.values() for v in flow.verbs}
    assert sorted(verbs - named) == []


@pytest.mark.parametrize("name", CARRIED_BY_A_FIELD)
def test_a_step_that_is_a_choice_in_a_form_can_be_chosen(name: str):
    import workflow.commands  # noqa: F401 - registers every verb
    from workflow.desk import COMMANDS

    verb, choice = CARRIED_BY_A_FIELD[name]
    schema = str(COMMANDS[verb].form.model_json_schema())
    assert f"'{choice}'" in schema
