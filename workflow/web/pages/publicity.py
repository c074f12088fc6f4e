"""公示的表单 — what goes out laid beside the file, signed for by its digest; a first draft without people in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from policies.publication import PERIOD, gravity
from policies.publicity import platform_name
from workflow.database import reading
from workflow.publication.disguised import Known, find, redacted
from workflow.publication.sheet import Sheet, sheet
from workflow.queries import View
from workflow.web.pages.field import Field, Kind, Offer, Setting
from workflow.web.pages.session import Visit

REVIEWS = ("review_publication", "return_publication")


def sheet_of(visit: Visit, verb: str, view: View | None) -> Sheet | None:
    """The review sheet above the form of whoever reviews; None where there is nothing to review."""
    if verb not in REVIEWS or view is None or view.case.decision is None:
        return None
    choice = view.case.publication
    if choice is None or not choice.awaits_review:
        return None
    fashen = visit.fashen
    with reading(fashen.engine) as tx:
        bureau = fashen.bureau(tx, visit.office.office)
        return sheet(tx, bureau, view.row.id, view.case, fashen.calendar)


def filled(field: Field, setting: Setting, shown: Sheet | None) -> Field:
    """The digest of what is shown goes along with a review; a choice begins with the facts without people."""
    if field.name == "digest" and shown:
        label, told = "所核对内容的摘要", shown.digest
        return replace(
            field, kind="told", label=label, options=((told, told[:16]),), values=(told,)
        )
    if (setting.verb, field.name) == ("choose_publication", "facts") and setting.view:
        return replace(field, values=(_draft(setting.view.file),))
    return field


def _draft(file: dict[str, Any]) -> str:
    """The facts of the decision with whoever can be recognised in them taken out, for a person to read over."""
    facts = (file.get("proposal") or file.get("act") or {}).get("facts") or ""
    facts = facts or (file.get("act") or {}).get("text", "")
    party = file.get("party") or {}
    people = [Known(party["name"], "当事人")] if party.get("kind") == "自然人" else []
    return redacted(facts, find(facts, people))


def _platform(field: Field, setting: Setting) -> Field:
    """Where this decision goes or went; nobody types the name of a platform."""
    choice = setting.view.case.publication if setting.view else None
    went = (*choice.platforms, *(r.platform for r in choice.answers)) if choice else ()
    names = tuple(dict.fromkeys((*went, *setting.visit.office.publication.targets)))
    options = tuple((name, platform_name(name)) for name in names)
    kind: Kind = "told" if len(options) == 1 else "one"
    return replace(field, kind=kind, help="", options=options, values=(names[0],))


def _gravity(field: Field, setting: Setting) -> Field:
    """The class that follows from the penalty stands first; another can be taken."""
    law = setting.visit.bureau.law
    follows = gravity(setting.view.case, law) if setting.view else None
    first = f"按处罚的种类和数额：{follows or '作出决定时还没有分类'}"
    return replace(field, kind="one", help="", options=(("", first), *((g, g) for g in PERIOD)))


OFFERED: dict[str, Offer] = {
    "record_publication.platform": _platform,
    "record_withdrawal.platform": _platform,
    "choose_publication.gravity": _gravity,
}
"""Fields by verb and name."""
