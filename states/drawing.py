"""流程图 — a flow as a Mermaid state diagram, drawn from the table itself.

A case has too many steps that leave it where it is to draw them; a lifecycle beside a case shows its few.
"""

from __future__ import annotations

from collections import defaultdict

from states.flow import Flow, Move, Phase, State


def mermaid(flow: Flow) -> str:
    """The diagram's text: one box per phase, one arrow per pair of states with the verbs that make it."""
    lines = ["stateDiagram-v2", f"    %% {flow}"]
    used = {s for m in flow.moves for s in (*m.sources, m.dest) if s is not None}
    states = [s for s in flow.states if s in used]
    for phase in Phase:
        inside = [s for s in states if s.phase is phase]
        if inside:
            lines.append(f'    state "{phase.value}" as phase_{phase.name.lower()} {{')
            lines += [f'        state "{s.label}" as {_name(s)}' for s in inside]
            lines.append("    }")
    lines += [f"    [*] --> {_name(m.dest)} : {m.label}" for m in flow.moves if m.opens and m.dest]
    for (source, dest), moves in _arrows(flow).items():
        verbs = "、".join(f"{m.label}（{m.who.label}）" for m in moves)
        lines.append(f"    {_name(source)} --> {_name(dest)} : {verbs}")
    lines += [f"    {_name(s)} --> [*]" for s in states if s in flow.finals]
    return "\n".join(lines)


def _name(state: State) -> str:
    """The state's name in the diagram: `measure.held` is `measure_held` there."""
    return state.value.replace(".", "_")


def _arrows(flow: Flow) -> dict[tuple[State, State], list[Move]]:
    found: dict[tuple[State, State], list[Move]] = defaultdict(list)
    for move in flow.moves:
        for source in move.sources:
            dest = move.dest or source
            if dest is not source or flow.items:
                found[source, dest].append(move)
    return found
