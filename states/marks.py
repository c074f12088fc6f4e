"""标记 — what a move needs, leaves open and makes true, each tied to the policy that asks for it.

A mark that a move `needs` must be there, one that it `bars` must not. To be on the safe side of a proof
a needed mark goes only with a step that surely makes its policy fail, and a barred one comes only with
such a step; what is true beyond that is watched (`WATCHED`), asked by no policy and taken from the
table alone. `tests/states/test_marks.py` breaks a case for each mark and sees the move refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from states.flow import Flow, Move


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that is so in a case. `policy` is the question that asks about it, if one does."""

    name: str
    label: str
    policy: str = ""


# What has to be there.
REVIEWED = Mark("reviewed", "所决定的内容已通过法制审核", "review.passed")
COVERED = Mark("covered", "罚款数额在审核通过的范围内", "review.amount_covered")
REVIEWED_SINCE_HEARING = Mark("reviewed_since_hearing", "听证之后再次审核", "review.after_hearing")
NOTIFIED = Mark("notified", "已事先告知", "notice.served")
MATCHED = Mark("matched", "所决定的内容与告知的一致", "notice.matches_decision")
WINDOWS_OVER = Mark("windows_over", "陈述申辩期限已满", "defence.window_closed")
REQUEST_OVER = Mark("request_over", "听证申请期限已满", "hearing.request_window_closed")
SERVED = Mark("served", "决定书已送达", "publication.served_first")
CHOSEN = Mark("chosen", "已登记是否公示", "publication.choice_recorded")
PAID = Mark("paid", "罚款已缴清或者已依法了结", "fulfilment.fine_paid")
TOLD_SPARED = Mark("told_spared", "不予处罚决定书已送达", "no_penalty.served")
EDUCATED = Mark("educated", "已对当事人进行教育", "no_penalty.educated")
REPORTED = Mark("reported", "当场处罚已备案", "summary.reported")

# What has to be over.
HEARING_OPEN = Mark("hearing_open", "申请了的听证还没有结束", "hearing.held_when_requested")
RECUSAL_ASKED = Mark("recusal_asked", "回避申请还没有决定", "recusal.decided")
STANDING = Mark("standing", "调查中止还没有恢复", "suspension.over")
AT_POLICE = Mark("at_police", "已批准移送公安机关", "transfer.not_replaced_by_penalty")
HELD = Mark("held", "登记保存、查封、扣押的物品还没有处理", "measures.settled")
ENFORCING = Mark("enforcing", "催告了的义务还没有了结", "enforcement.concluded")
FALLEN = Mark("fallen", "已公示的决定变更、撤销后还没有撤回", "publication.withdrawn")

NEEDED = (
    REVIEWED, COVERED, REVIEWED_SINCE_HEARING, NOTIFIED, MATCHED, WINDOWS_OVER, REQUEST_OVER,
    SERVED, CHOSEN, PAID, TOLD_SPARED, EDUCATED, REPORTED,
)  # fmt: skip
BARRED = (HEARING_OPEN, RECUSAL_ASKED, STANDING, AT_POLICE, HELD, ENFORCING, FALLEN)
MARKS = (*NEEDED, *BARRED)

# What no policy asks and the table alone must bring about.
FRESH = Mark("fresh", "最近一次调查终结之后通过了审核")
TOLD_SINCE = Mark("told_since", "最近一次调查终结之后告知了，或者审核过所告知的")
WATCHED = (FRESH, TOLD_SINCE)

ALSO = {
    "review.passed": frozenset({"review.before_notice"}),
    "notice.matches_decision": frozenset({"review.notice_still_fits"}),
}
"""Policies that ask the same question under the name of another step."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a verb needs and bars, sets and clears."""

    needs: frozenset[Mark] = frozenset()
    bars: frozenset[Mark] = frozenset()
    sets: frozenset[Mark] = frozenset()
    clears: frozenset[Mark] = frozenset()

    def allows(self, marks: frozenset[Mark]) -> bool:
        return self.needs <= marks and self.bars.isdisjoint(marks)

    def on(self, marks: frozenset[Mark]) -> frozenset[Mark]:
        """The marks after the step; most steps change none."""
        if self.sets <= marks and self.clears.isdisjoint(marks):
            return marks
        return (marks | self.sets) - self.clears


def effect_of(
    needs: Iterable[Mark] = (),
    sets: Iterable[Mark] = (),
    clears: Iterable[Mark] = (),
    bars: Iterable[Mark] = (),
) -> Effect:
    return Effect(frozenset(needs), frozenset(bars), frozenset(sets), frozenset(clears))


_PASS = (REVIEWED, COVERED, REVIEWED_SINCE_HEARING)
_HEARD = (WINDOWS_OVER, REQUEST_OVER)
_EXIT = effect_of(bars=(HELD,))

EFFECTS: dict[str, Effect] = {
    "decline_filing": _EXIT,
    "conclude": effect_of(clears=WATCHED),
    "return_to_officers": effect_of(clears=(FRESH,)),
    "return_case": effect_of(clears=(*_PASS, FRESH)),
    "pass_review": effect_of(sets=(*_PASS, FRESH)),
    "pass_final_review": effect_of(needs=(NOTIFIED, MATCHED), sets=(*_PASS, *WATCHED)),
    "withdraw_pass": effect_of(clears=(*_PASS, FRESH)),
    "confirm_reduction": effect_of(sets=(COVERED,)),
    "check_procedure": effect_of(needs=(REVIEWED,)),
    "serve_notice": effect_of(
        needs=(REVIEWED, COVERED), sets=(NOTIFIED, MATCHED, TOLD_SINCE), clears=_HEARD
    ),
    "lapse_windows": effect_of(sets=_HEARD),
    "proceed": effect_of(sets=_HEARD),
    "request_hearing": effect_of(sets=(HEARING_OPEN,)),
    "report_hearing": effect_of(sets=_HEARD, clears=(REVIEWED_SINCE_HEARING, HEARING_OPEN)),
    "end_hearing": effect_of(sets=_HEARD, clears=(HEARING_OPEN,)),
    "withdraw_hearing": effect_of(sets=_HEARD, clears=(HEARING_OPEN,)),
    "reopen_investigation": effect_of(clears=(FRESH,)),
    "approve_transfer": effect_of(sets=(AT_POLICE,)),
    "object_to_police": effect_of(sets=(AT_POLICE,)),
    "police_decline": effect_of(clears=(AT_POLICE,)),
    "take_back": effect_of(clears=(AT_POLICE,)),
    "decide": effect_of(
        needs=(*_PASS, NOTIFIED, MATCHED, *_HEARD),
        bars=(HEARING_OPEN, RECUSAL_ASKED, STANDING, AT_POLICE),
    ),
    "decide_no_penalty": effect_of(bars=(HELD,)),
    "serve_no_penalty": effect_of(sets=(TOLD_SPARED,)),
    "record_education": effect_of(sets=(EDUCATED,)),
    "close_without_penalty": effect_of(needs=(TOLD_SPARED, EDUCATED), bars=(HELD,)),
    "serve_decision": effect_of(sets=(SERVED,)),
    "decide_on_spot": effect_of(sets=(SERVED,)),
    "choose_publication": effect_of(needs=(SERVED,), sets=(CHOSEN,)),
    "review_publication": effect_of(needs=(SERVED,)),
    "correct_publication": effect_of(needs=(SERVED,)),
    "record_publication": effect_of(needs=(SERVED,)),
    "withhold_publication": effect_of(sets=(CHOSEN,)),
    "withdraw_publication": effect_of(clears=(FALLEN,)),
    "repair_credit": effect_of(clears=(FALLEN,)),
    "lapse_publication": effect_of(clears=(FALLEN,)),
    "record_payment": effect_of(sets=(PAID,), clears=(ENFORCING,)),
    "check_correction": effect_of(clears=(ENFORCING,)),
    "report_on_spot": effect_of(sets=(REPORTED,)),
    "archive_transferred": _EXIT,
    "transfer_out": _EXIT,
    "withdraw_filing": _EXIT,
    "terminate": _EXIT,
    "join_into": _EXIT,
    # What runs beside the case.
    "take_measure": effect_of(sets=(HELD,)),
    "end_measure": effect_of(clears=(HELD,)),
    "lift_measure": effect_of(clears=(HELD,)),
    "ask_recusal": effect_of(sets=(RECUSAL_ASKED,)),
    "grant_recusal": effect_of(clears=(RECUSAL_ASKED,)),
    "refuse_recusal": effect_of(clears=(RECUSAL_ASKED,)),
    "suspend_case": effect_of(sets=(STANDING,)),
    "resume_case": effect_of(clears=(STANDING,)),
    "serve_demand": effect_of(sets=(ENFORCING,)),
    "record_execution": effect_of(sets=(PAID,), clears=(ENFORCING,)),
    "end_execution": effect_of(sets=(PAID,), clears=(ENFORCING,)),
    "settle_remedy": effect_of(sets=(FALLEN,)),
    "correct_own_decision": effect_of(sets=(FALLEN,)),
}
"""Verbs that are not named here need, bar, set and clear nothing."""

CLOSING = {
    "ordinary": effect_of(needs=(PAID, CHOSEN), bars=(HELD, ENFORCING, FALLEN)),
    "summary": effect_of(needs=(PAID, CHOSEN, REPORTED), bars=(ENFORCING, FALLEN)),
}
"""What `close` needs and bars; the two procedures differ in it."""


def effect(flow: Flow, move: Move) -> Effect:
    if move.verb == "close" and flow.name in CLOSING:
        return CLOSING[flow.name]
    return EFFECTS.get(move.verb, Effect())
