"""审核表单的栏 — the fields of an opinion that the review page fills by itself: digest, points settled or not."""

from __future__ import annotations

from dataclasses import replace

from policies.facts import proposal_digest
from workflow.web.pages.field import Field, Offer, Setting

OPINIONS = ("pass_review", "pass_final_review", "return_case")


def _digest(field: Field, setting: Setting) -> Field:
    """What is signed for; the page shows it, the form brings it back."""
    told = proposal_digest(setting.view.case) if setting.view else ""
    return replace(
        field,
        kind="told",
        label="所审内容的摘要",
        help="",
        options=((told, told[:16]),),
        values=(told,),
    )


def _points(field: Field, setting: Setting) -> Field:
    """The points of the last return, of which one says whether they are settled."""
    review = setting.view.case.review if setting.view else None
    points = review.points if review and not review.passed else ()
    label = "上次退回意见中已解决的" if field.name == "settled" else "上次退回意见中未解决的"
    options = tuple((str(p.no), f"{p.no}. {p.text}") for p in points)
    return replace(field, kind="many", label=label, help="", options=options, values=())


OFFERED: dict[str, Offer] = {
    **{f"{verb}.digest": _digest for verb in OPINIONS},
    **{f"{verb}.settled": _points for verb in OPINIONS},
    **{f"{verb}.unsettled": _points for verb in OPINIONS},
}
"""Fields by verb and name."""
