"""中止与延期 — what makes the ninety days stand still or grow, where a text of the item allows it."""

from __future__ import annotations

from policies import checklists as ask
from states.flow import Flow, Move, Phase, State
from states.people import HEAD, OFFICERS
from states.where import FILED


class SuspensionState(State):
    STANDING = "suspension.standing", Phase.EVIDENCE, "中止中"
    OVER = "suspension.over", Phase.EVIDENCE, "已恢复"


class ExtensionState(State):
    ASKED = "extension.asked", Phase.EVIDENCE, "已申请"
    GRANTED = "extension.granted", Phase.EVIDENCE, "已批准"
    REFUSED = "extension.refused", Phase.EVIDENCE, "不批准"


P, X = SuspensionState, ExtensionState

# fmt: off
SUSPENSION = Flow(
    "suspension", 1, SuspensionState, items="suspensions",
    moves=(
        Move("suspend_case", "中止调查", (),            P.STANDING, HEAD, ask.SUSPENSION, opens=True, during=FILED),
        Move("resume_case",  "恢复调查", (P.STANDING,), P.OVER,     HEAD, ask.SUSPENSION, during=FILED),
    ),
    finals=(P.OVER,),
)

EXTENSION = Flow(
    "extension", 1, ExtensionState, items="extensions",
    moves=(
        Move("ask_extension",    "申请延期",   (),         X.ASKED,   OFFICERS, ask.EXTENSION, opens=True, during=FILED, irregular="may"),
        Move("grant_extension",  "批准延期",   (X.ASKED,), X.GRANTED, HEAD,     ask.EXTENSION, during=FILED, irregular="may"),
        Move("refuse_extension", "不批准延期", (X.ASKED,), X.REFUSED, HEAD,     during=FILED),
    ),
    finals=(X.GRANTED, X.REFUSED),
)
# fmt: on
