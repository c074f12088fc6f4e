"""期限 — counted anew when a notice of holidays is loaded; a card of one taken down by who answers for it."""

from __future__ import annotations

from pydantic import Field

from policies.casefile import Clock
from policies.pauses import recounted
from policies.turns import TakenDown
from states.flow import kind_of
from states.terms import TERMS
from workflow import cards
from workflow.change import Change
from workflow.commands.intake import Nothing
from workflow.desk import Desk, command
from workflow.forms import Form, Line, Lines
from workflow.times import beijing


@command(Nothing)
def recount_clocks(form: Nothing, desk: Desk) -> Change:
    """Count every running clock anew by the calendar in use; taken by the sweep when a notice is loaded.

    Start and span stay what they were (民事诉讼法 85, 行政处罚法 85). The entry says which dates moved.
    """
    change, moved = desk.change(), []
    for name, clock in desk.case.clocks.items():
        term = TERMS[kind_of(name)]
        anew = recounted(clock, desk.calendar, rolls=term.rolls)
        if anew is None:
            continue
        change.recount(name, anew)
        if (anew.ends, anew.provisional) != (clock.ends, clock.provisional):
            moved.append(f"“{term.label}”由 {_told(clock)} 改为 {_told(anew)}")
    if not change.recounted:
        raise desk.refuse("", "各项期限都已按现行的放假安排计算，没有可以重算的")
    said = "；".join(moved) or "各项期限届满的日期没有变"
    return change.say(f"按新的放假安排（{desk.calendar.version}）重算：{said}。")


def _told(clock: Clock) -> str:
    return f"{clock.ends}{'（暂定）' * clock.provisional}"


class TakeDownCard(Form):
    """摘牌"""

    clock: Line = Field(description="哪一个期限的牌")
    reason: Lines = Field(description="摘牌的理由：为什么超期或者临近，怎样办")


@command(TakeDownCard)
def take_down_card(form: TakeDownCard, desk: Desk) -> Change:
    """Answer for a yellow or red card, which then hangs no more; the clock runs on, and a later stage comes.

    Whoever has the case in hand cannot take down the card of their own case.
    """
    if not desk.counted().isdisjoint(desk.case.officers):
        said = "承办人和与其有委托关系的人不能摘本案的牌，请其他机构负责人或者负责人摘"
        raise desk.refuse("reason", said)
    hung = cards.hanging(desk.case, desk.office, desk.calendar, beijing(desk.entered).date())
    stage = hung.get(form.clock)
    if stage is None:
        known = "、".join(f"{c}（{TERMS[kind_of(c)].label}）" for c in hung) or "（无）"
        raise desk.refuse("clock", f"“{form.clock}”没有挂牌，挂着牌的只有：{known}")
    down = TakenDown(
        clock=form.clock,
        stage=stage,
        ends=desk.case.clocks[form.clock].ends,
        on=desk.as_of,
        by=desk.actor.id,
        reason=form.reason,
    )
    return desk.change().append("cards_taken_down", down)
