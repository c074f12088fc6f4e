"""等待 — which clocks surely run after a step, and where a case or a thing may wait without one, and why."""

from __future__ import annotations

from dataclasses import fields

from states.beside.consultation import ConsultationState
from states.beside.deferral import DeferralState
from states.beside.enforcement import EnforcementState
from states.beside.recusal import RecusalState
from states.beside.remedy import RemedyState
from states.beside.standstill import ExtensionState, SuspensionState
from states.case import CaseState as S
from states.flow import Flow, Move, State, Term

NO_CLOCK: dict[State, str] = {
    S.ON_SPOT: "当场办理，没有等待。",
    S.IN_EFFECT: "缴款和公示都已了结时，只等负责人结案；结案没有法定期限。",
    S.NO_PENALTY: "不予处罚决定书送达之后，只等教育和结案；都没有法定期限。",
    S.CLOSED: "归档没有法定期限。",
    S.TRANSFERRED: "公安、检察机关和人民法院办理多久由他们掌握；移回的继续办理，不再移回的归档。",
    ConsultationState.ASKED: "请法律顾问提意见没有法定期限，也不能代替法制审核；案件的期限照常计算，不等意见。",
    RecusalState.ASKED: "决定回避没有法定期限；调查不停，没有决定之前不得作出处罚决定。",
    DeferralState.ASKED: "批准暂缓、分期没有法定期限；批准之前缴款期限照常计算。",
    ExtensionState.ASKED: "批准延期没有法定期限；办案期限照常计算，届满之后不能再批准。",
    SuspensionState.STANDING: "中止多久由中止的事由决定；办案期限照常显示，依规章可以扣除的恢复时扣除。",
    RemedyState.OPEN: "答复、答辩之后等复议机关、人民法院；他们的期限由他们自己掌握。",
    RemedyState.ENDED: "上诉、起诉的期限由当事人掌握；没有上诉的，登记结果生效。",
    EnforcementState.DEMANDED: "恢复执行时催告的期限已经走过；申请法院的三个月在案件上照常计算。",
    EnforcementState.APPLIED: "法院受理之后何时裁定由法院掌握。",
    EnforcementState.GRANTED: "法院裁定准予执行之后由法院执行，期限由法院掌握。",
    EnforcementState.PERFORMING: "代履行、强制拆除的时间由各案的决定书载明。",
    EnforcementState.SUSPENDED: "中止多久由中止的情形决定；满三年没有恢复执行的，可以终结执行。",
}
"""Where somebody may wait without a clock, and why."""

MOOT = {
    "recusal": "案件已经决定或者终结的，没有决定的回避申请失去意义。",
    "suspension": "案件已经终结的，不再恢复调查。",
    "extension": "案件已经决定或者终结的，没有批准的延期申请失去意义。",
    "deferral": "罚款缴清、案件结案的，没有决定的暂缓分期申请失去意义。",
    "consultation": "案件已经终结的，没有提出的法律意见不再需要。",
    "enforcement": "义务已经履行、案件结案的，催告不再继续，它的期限随履行停止。",
}
"""What falls away with the case that it stands beside; everything else must be brought to an end."""

SURE = {
    ("register_lead", "lead_check"), ("convert_to_ordinary", "lead_check"),
    ("approve_filing", "decision"), ("split_off", "decision"), ("take_back", "decision"),
    ("decide", "publication"), ("record_issued_decision", "publication"), ("decide_on_spot", "publication"),
    ("take_measure", "seizure"),  # or `registration` in its place; the same verbs stop both
}  # fmt: skip
"""Clocks with a condition that this step always meets."""

_ALWAYS = next(f.default for f in fields(Term) if f.name == "when")


def sure(flow: Flow, move: Move) -> frozenset[str]:
    """The clocks that run after this step whatever the case is like."""
    return frozenset(
        t.clock
        for t in flow.terms
        if move.verb in t.starts_at and (t.when is _ALWAYS or (move.verb, t.clock) in SURE)
    )
