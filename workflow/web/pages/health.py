"""运行情况页 — for those who look after the program: what is silent, stuck or unsigned, and how to cure it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from workflow.errors import NotForYou
from workflow.health import health, worst
from workflow.web.pages.render import render
from workflow.web.pages.session import Signed

router = APIRouter()

LOOK_AFTER = ("admin", "head")

WORDS = {"red": ("r", "要处理"), "yellow": ("y", "留意"), "green": ("g", "正常")}
ORDER = list(WORDS)


@router.get("/health")
def show(visit: Signed) -> Response:
    """Every line, what wants a hand first."""
    if not visit.person.has(*LOOK_AFTER):
        raise NotForYou("运行情况只给机关负责人和系统管理员看。程序有问题的，请告诉他们。")
    lines = health(visit.fashen)
    return render(
        "health.html",
        visit=visit,
        here="health",
        lines=sorted(lines, key=lambda line: ORDER.index(line.level)),
        worst=worst(lines),
        counts={level: sum(line.level == level for line in lines) for level in ORDER},
        words=WORDS,
    )
