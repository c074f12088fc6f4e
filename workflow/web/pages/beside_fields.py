"""表单 — fields about things beside a case: which one, who, which papers, which other case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from policies import enforcement, measures, performance, transfers
from workflow import queries
from workflow.commands.supervision import ANSWERERS
from workflow.errors import NotFound
from workflow.supervising import title_of
from workflow.web.pages.beside import RESULTS, item_words, things
from workflow.web.pages.countdown import CARDS
from workflow.web.pages.field import Field, Offer, Option, Setting, fixed

CHOOSE: Option = ("", "请选择")


def _item(field: Field, setting: Setting) -> Field:
    """The things that the verb can be about; the only one is told, not asked."""
    view = setting.view
    able = {c.item for c in setting.choices if c.move.verb == setting.verb and c.item}
    made = replace(field, label=field.label.removesuffix("（编号）"), help="")
    if view is None or not able:
        return made
    options = tuple(
        (thing.id, item_words(thing, view.names))
        for _, thing in things(view.case)
        if thing.id in able
    )
    if len(options) == 1:
        return replace(made, kind="told", options=options, values=(options[0][0],))
    wanted = setting.wanted.get("item", "")
    return replace(made, kind="one", required=True, options=(CHOOSE, *options), values=(wanted,))


def _person(field: Field, setting: Setting) -> Field:
    """Whoever may have to stay out of the case, those who handle it first."""
    officers = setting.view.case.officers if setting.view else ()
    people = [p for p in setting.visit.office.people if not p.has("system", "admin", "inspector")]
    people.sort(key=lambda p: p.id not in officers)
    options = tuple((p.id, p.title) for p in people)
    return replace(field, kind="one", label="谁应当回避", options=(CHOOSE, *options))


def _approver(field: Field, setting: Setting) -> Field:
    people = setting.visit.office.with_role("head", "deputy_head")
    options = tuple((p.id, p.title) for p in people)
    return replace(field, kind="one", label="批准人", options=(("", "还没有批准"), *options))


def _papers(label: str, words: Sequence[str]) -> Offer:
    """Boxes for what a text asks for, and a place for what else there is."""

    def offer(field: Field, setting: Setting) -> Field:
        return replace(fixed(words)(field, setting), label=label, more="其他，每行一项")

    return offer


def _result(known: Mapping[str, str]) -> Offer:
    options = (CHOOSE, *known.items())
    return lambda field, setting: replace(field, kind="one", label="结果", options=options)


def _origin(field: Field, setting: Setting) -> Field:
    """The case that the form was opened from; without one its id is asked for."""
    office, wanted = setting.visit.office.office, setting.wanted.get("origin", "")
    made = replace(
        field, help="从原案的页面打开这张表单，会自动填好", values=(wanted,) * bool(wanted)
    )
    try:
        row = queries.case_row(setting.visit.fashen, office, wanted)
    except NotFound:
        return made
    words = f"{row.number or row.name}　{row.party}"
    return replace(made, kind="told", label="原案", help="", options=((wanted, words),))


def _card(field: Field, setting: Setting) -> Field:
    """The cards that hang on the case; the only one is told, not asked."""
    if setting.view is None:
        return field
    options = tuple(
        (d.clock, f"{CARDS[d.stage][1]}　{d.label}（{d.ends} 届满）")
        for d in setting.view.row.deadlines
        if d.stage in ("yellow", "red")
    )
    if len(options) == 1:
        return replace(field, kind="told", options=options, values=(options[0][0],))
    return replace(field, kind="one", options=(CHOOSE, *options))


def _answerer(field: Field, setting: Setting) -> Field:
    """Whoever answers a 督办 is one of the heads."""
    people = setting.visit.office.with_role(*ANSWERERS)
    options = tuple((p.id, p.title) for p in people)
    if len(options) == 1:
        return replace(field, kind="told", options=options, values=(options[0][0],))
    return replace(field, kind="one", options=(CHOOSE, *options))


def _counsel(field: Field, setting: Setting) -> Field:
    """The office's counsel; the only one is told, not asked."""
    options = tuple((p.id, p.title) for p in setting.visit.office.with_role("counsel"))
    if len(options) == 1:
        return replace(field, kind="told", options=options, values=(options[0][0],))
    return replace(field, kind="one", options=(CHOOSE, *options))


def _about(field: Field, setting: Setting) -> Field:
    """The rule or clock that the supervisor came from; otherwise the whole case is meant."""
    wanted = setting.wanted.get("about", "")
    if not wanted:
        return replace(field, help="涉及整件案件的不填")
    label = "涉及的规则或者期限"
    options = ((wanted, title_of(wanted)),)
    return replace(field, kind="many", label=label, help="", options=options, values=(wanted,))


OFFERED: dict[str, Offer] = {
    "item": _item,
    "origin": _origin,
    "ask_recusal.person": _person,
    "consult_counsel.counsel": _counsel,
    "open_supervision.to": _answerer,
    "open_supervision.about": _about,
    "take_down_card.clock": _card,
    "take_measure.approved_by": _approver,
    "withhold_publication.approved_by": _approver,
    "take_measure.steps": _papers("已办的当场程序", (*measures.STEPS, measures.WITNESS)),
    "take_measure.scope": _papers("已核实的查封、扣押范围", measures.SCOPE),
    "hand_over_to_police.materials": _papers("移送的材料", transfers.MATERIALS),
    "serve_demand.demand": _papers("催告书载明的事项", enforcement.DEMAND),
    "apply_to_court.package": _papers("申请材料", enforcement.PACKAGE),
    "order_performance.contents": _papers("代履行决定书载明的事项", performance.SAYS),
    "record_remedy_result.ended": _result(RESULTS),
    "correct_own_decision.ended": _result({"changed": "变更", "revoked": "撤销"}),
}
"""Fields by name, or by verb and name where other forms mean something else by it."""
