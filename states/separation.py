"""职责分开 — whether an office has the people whom the law and its own rules keep apart."""

from __future__ import annotations

from datetime import date
from itertools import combinations

from policies.lawbook import register
from policies.office import Office


def separation(office: Office, day: date) -> list[str]:
    """What the best choice of two officers still leaves undone on a day; empty when duties can be apart."""
    officers = [
        p
        for p in office.people
        if p.has("officer", "unit_head") and p.certificate and p.certificate.valid_on(day)
    ]
    few = f"{day} 只有 {len(officers)} 名持有效执法证的人员，凑不齐两名承办人。"
    faults = [few] if len(officers) < 2 else []
    pairs = combinations(officers, 2) if len(officers) > 2 else [officers]
    return faults + min((_beside(office, {p.id for p in pair}) for pair in pairs), key=len)


def _beside(office: Office, pair: set[str]) -> list[str]:
    """Whom the office lacks beside these officers (行政处罚法 58, 64; the head by its own rule)."""
    qualified = [
        p
        for p in office.with_role("reviewer")
        if (q := p.qualification) and (q.licence or q.began_before_2018)
    ]
    heads = office.with_role("head", "deputy_head")
    chairs = office.with_role("chair", "head", "deputy_head", "reviewer", "clerk")
    return [
        lack
        for people, lack in (
            (qualified, "没有承办人以外的、具备资格的法制审核人员。"),
            (heads, "没有承办人以外的负责人。"),
            (chairs, "没有未参与调查的听证主持人。"),
        )
        if all(p.id in pair for p in people)
    ]


def reminders(office: Office, day: date) -> list[str]:
    """What an office should have and is not refused for: enough reviewers for its officers (R114)."""
    officers = [
        p
        for p in office.with_role("officer", "unit_head")
        if p.certificate and p.certificate.valid_on(day)
    ]
    reviewers = office.with_role("reviewer")
    share = office.law(register()).on(day).find("reviewers.ratio")
    if share is None or 100 * len(reviewers) >= int(share.value) * len(officers):
        return []
    return [
        f"法制审核员 {len(reviewers)} 名，不到执法人员 {len(officers)} 名的百分之{share.value}"
        f"（{share.cite}）。"
    ]
