"""强制措施、先行登记保存 — from taking things to giving them back or deciding about them.

Nothing lapses by itself: when the time is up the clock turns red, and the office must decide (强28).
"""

from __future__ import annotations

from policies import checklists as ask
from states import clocks
from states.flow import Flow, Move, Phase, State, Term
from states.people import HEAD, OFFICERS
from states.where import AFTER, UNDECIDED, S


class MeasureState(State):
    HELD = "measure.held", Phase.EVIDENCE, "保存、查封、扣押中"
    ENDED = "measure.ended", Phase.EVIDENCE, "已处理"
    LIFTED = "measure.lifted", Phase.EVIDENCE, "已解除"


M = MeasureState
WITH_THE_POLICE = (S.TRANSFERRING, S.HANDING_OVER, S.WITH_POLICE, S.TRANSFERRED)
ALWAYS = (*UNDECIDED, *AFTER, *WITH_THE_POLICE)
"""Wherever things can still be held; a case that ends in another way has dealt with them first."""

# fmt: off
MEASURE = Flow(
    "measure", 1, MeasureState, items="measures",
    moves=(
        #    verb               label             from        to         who       checklist
        Move("take_measure",    "采取措施",       (),         M.HELD,    OFFICERS, ask.MEASURE, opens=True, irregular="may",
             during=(S.CHECKING, S.FILING, S.INVESTIGATING, S.CONCLUDED)),
        Move("approve_measure", "补办措施批准",   (M.HELD,),  None,      HEAD,     ask.MEASURE_APPROVAL, irregular="may", during=ALWAYS),
        Move("extend_measure",  "延长查封扣押",   (M.HELD,),  None,      HEAD,     ask.MEASURE_EXTENSION, during=ALWAYS),
        Move("record_testing",  "登记检测鉴定",   (M.HELD,),  None,      OFFICERS, during=ALWAYS),
        Move("end_measure",     "处理保存扣押物", (M.HELD,),  M.ENDED,   HEAD,     ask.MEASURE_END, during=ALWAYS),
        Move("lift_measure",    "解除措施",       (M.HELD,),  M.LIFTED,  HEAD,     ask.MEASURE_END, during=ALWAYS),
    ),
    finals=(M.ENDED, M.LIFTED),
    terms=(
        Term("registration", "先行登记保存", clocks.may_be_kept, clocks.kept_since,
             ("take_measure",), ("end_measure", "lift_measure"),
             alerts=(("yellow", "-2wd"),), when=clocks.registered),
        Term("seizure", "查封扣押", clocks.may_be_kept, clocks.kept_since,
             ("take_measure", "extend_measure", "record_testing"), ("end_measure", "lift_measure"),
             alerts=(("yellow", "-5d"),), when=clocks.seized),
        Term("seizure_report", "补办批准", clocks.a_day, clocks.kept_since,
             ("take_measure",), ("approve_measure", "end_measure", "lift_measure"),
             when=clocks.unapproved, holder=HEAD),
    ),
)
# fmt: on
