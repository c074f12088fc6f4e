"""流程图 — a flow as a Mermaid state diagram, drawn from the table itself."""

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
            lines += [f'        state "{s.label}" as {s.value}' for s in inside]
            lines.append("    }")
    lines += [f"    [*] --> {m.dest.value} : {m.label}" for m in flow.moves if m.opens and m.dest]
    for (source, dest), moves in _arrows(flow).items():
        verbs = "、".join(f"{m.label}（{m.who.label}）" for m in moves)
        lines.append(f"    {source.value} --> {dest.value} : {verbs}")
    lines += [f"    {s.value} --> [*]" for s in states if s in flow.finals]
    return "\n".join(lines)


def _arrows(flow: Flow) -> dict[tuple[State, State], list[Move]]:
    found: dict[tuple[State, State], list[Move]] = defaultdict(list)
    for move in flow.moves:
        for source in move.sources:
            if move.dest is not None and move.dest is not source:
                found[source, move.dest].append(move)
    return found
