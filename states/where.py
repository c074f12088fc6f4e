"""案件在哪一步 — where a case can be, and the groups of states that many moves share."""

from __future__ import annotations

from states.flow import Phase, State


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
    TRANSFERRING = "transferring", Phase.EVIDENCE, "移送审批"
    HANDING_OVER = "handing_over", Phase.EVIDENCE, "移送交接"
    WITH_POLICE = "with_police", Phase.EVIDENCE, "公安机关审查"
    TRANSFERRED = "transferred", Phase.EVIDENCE, "已移送公安机关"
    TRANSFERRED_OUT = "transferred_out", Phase.FILING, "已移送其他机关"
    WITHDRAWN = "withdrawn", Phase.EVIDENCE, "撤销立案"
    TERMINATED = "terminated", Phase.EVIDENCE, "终止调查"
    JOINED = "joined", Phase.FILING, "已并案"


S = CaseState

EARLY = (S.CHECKING, S.FILING, S.INVESTIGATING)
UNDECIDED = (
    S.LEAD, S.CHECKING, S.FILING, S.INVESTIGATING, S.CONCLUDED, S.UNIT_REVIEW, S.UNDER_REVIEW,
    S.NOTICING, S.NOTIFIED, S.HEARING, S.DECIDING,
)  # fmt: skip
OPEN = (S.LEAD, *EARLY)
HEARD = (S.NOTIFIED, S.HEARING, S.DECIDING)
PASSED_ON = (S.NOTIFIED, S.HEARING)
BEFORE_REVIEW = (S.UNIT_REVIEW, S.UNDER_REVIEW, S.NOTICING, *HEARD)
FILED = (
    S.INVESTIGATING, S.CONCLUDED, S.UNIT_REVIEW, S.UNDER_REVIEW, S.NOTICING, S.NOTIFIED, S.HEARING,
    S.DECIDING,
)  # fmt: skip
EXAMINED = FILED[1:]
"""Whose investigation is over: the facts are together, and a decision on the merits can be made."""
REOPENED = (S.CONCLUDED, S.NOTICING, S.NOTIFIED, S.DECIDING)
AFTER = (S.DECIDED, S.IN_EFFECT)
ANYWHERE = tuple(s for s in S if s is not S.ON_SPOT)
"""A notice of holidays can come while any clock runs, also one beside a case that is closed."""
EVER = tuple(S)
"""What comes from outside the file may come before the filing, and when the file has long been closed."""
CONCLUDED_STATES = (S.CLOSED, S.ARCHIVED)
"""A party may go to court when the office has long closed its file."""
