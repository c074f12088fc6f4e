"""What runs beside a case, on its pages: which thing is meant, what can be done about it, until when."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from httpx2 import Response

from policies.casefile import CaseFile
from policies.enforcement import DEMAND, PACKAGE
from policies.measures import SCOPE, STEPS, WITNESS
from policies.performance import SAYS
from policies.transfers import MATERIALS
from states.case import CURRENT, FLOWS
from states.flow import Flow, Move
from tests.builders import a_case, day, document_of, office_at, sample_office, set_clock
from tests.web.visiting import PASSWORD, enter
from workflow import lines, models
from workflow.web.app import make_app
from workflow.web.pages.beside import GROUPS, HERE, IRREGULAR, SIDES
from workflow.web.pages.moves import SCREENS
from workflow.web.pages.signing import asks

NOON = day(2026, 9, 2, 12)


class Browser:
    """A browser of one office without a script."""

    def __init__(self, client: TestClient) -> None:
        self.fashen, self.client = client.app.state.fashen, client  # type: ignore[attr-defined]
        self.person: tuple[str, datetime] | None = None

    def open(self, path: str, by: str) -> Response:
        if (by, self.fashen.clock()) != self.person:
            enter(self.client, by)
            self.person = by, self.fashen.clock()
        return self.client.get(path)

    def page(self, path: str, by: str = "zhang") -> str:
        page = self.open(path, by)
        assert page.status_code == 200, page.text
        return page.text

    def send(self, path: str, by: str, page: str = "", **fields: Any) -> Response:
        """Fill in a form and press its button; hidden fields go along as the page wrote them."""
        page = page or self.page(path, by)
        form = page[page.rindex('<form method="post" action="/cases') :]
        told = {
            unescape(name): unescape(value)
            for name, value in re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', form)
        }
        told |= {f"f.{name.replace('__', '.')}": value for name, value in fields.items()}
        if asks(path.partition("?")[0].rpartition("/")[2]):
            told["signed_with"] = PASSWORD
        return self.client.post(path.partition("?")[0], data=told, follow_redirects=False)


def hidden(page: str, name: str) -> str:
    return unescape(re.findall(rf'name="{name}" value="([^"]*)"', page)[0])


@pytest.fixture
def browser() -> Iterator[Browser]:
    with TestClient(make_app(office_at(now=day(2026, 9, 1)))) as client:
        yield Browser(client)


def taken(objects: str, **more: Any) -> dict[str, Any]:
    """A seizure as the form of the page asks for it."""
    return {
        "kind": "扣押",
        "objects": objects,
        "reason": "当事人正在装车运走",
        "basis": "示例市市容条例第二十条",
        "officers": ["zhang", "li"],
        "approved_at": "2026-09-02T11:30",
        "approved_by": "head",
        "number": f"示街扣决〔2026〕{len(objects)}号",
        "list_handed_over": "true",
        "steps": list(STEPS),
        "scope": list(SCOPE),
        **more,
    }


def with_measures(browser: Browser, *objects: str) -> str:
    """An investigated case in which these things were seized through the pages."""
    case = a_case(browser.fashen, "investigating")
    set_clock(browser.fashen, NOON)
    for what in objects:
        done = browser.send(f"/cases/{case}/do/take_measure", "zhang", **taken(what))
        assert done.status_code == 303, done.text
    return case


def article(page: str, item: str) -> str:
    """What the case page says about one thing."""
    return re.search(rf'<article[^>]*aria-labelledby="h-{item}">(.*?)</article>', page, re.S)[1]  # type: ignore[index]


# — measures ——————————————————————————————————————————————————————————————————————————————


def test_a_measure_is_taken_extended_and_lifted_through_the_pages(browser: Browser):
    case = with_measures(browser, "水泥二十袋")
    said = article(browser.page(f"/cases/{case}", "head"), "m1")
    assert "扣押：水泥二十袋" in said
    assert "保存、查封、扣押中" in said
    assert "2026-09-02 11:30　" in said
    assert "2026-10-02（周五）</time>届满" in said
    assert f'href="/cases/{case}/do/extend_measure?item=m1"' in said

    set_clock(browser.fashen, day(2026, 9, 28))
    path = f"/cases/{case}/do/extend_measure?item=m1"
    assert browser.send(path, "head", reason="货主身份尚在核实").status_code == 303
    said = article(browser.page(f"/cases/{case}", "head"), "m1")
    assert "2026-11-01（周日）</time>届满" in said
    assert "2026-09-28　货主身份尚在核实" in said

    path = f"/cases/{case}/do/lift_measure?item=m1"
    done = browser.send(path, "head", reason="不再需要", proof="解除决定书，已签收")
    assert done.status_code == 303
    said = article(browser.page(f"/cases/{case}", "head"), "m1")
    assert "已解除" in said
    assert "届满" not in said
    assert "lift_measure" not in said


def test_of_two_measures_the_one_whose_link_was_followed_is_lifted(browser: Browser):
    case = with_measures(browser, "水泥二十袋", "手推车一辆")
    page = browser.page(f"/cases/{case}", "head")
    for item in ("m1", "m2"):
        assert f"/cases/{case}/do/lift_measure?item={item}" in article(page, item)
    path = f"/cases/{case}/do/lift_measure?item=m2"
    form = browser.page(path, "head")
    assert '<option value="m2" selected>扣押：手推车一辆（m2）</option>' in form
    fields = {"item": "m2", "reason": "不再需要", "proof": "解除决定书"}
    assert browser.send(path, "head", form, **fields).status_code == 303
    states = {m["id"]: m["state"] for m in document_of(browser.fashen, case)["measures"]}
    assert states == {"m1": "measure.held", "m2": "measure.lifted"}


def test_which_of_two_measures_is_asked_and_not_guessed(browser: Browser):
    case = with_measures(browser, "水泥二十袋", "手推车一辆")
    path = f"/cases/{case}/do/lift_measure"
    form = browser.page(path, "head")
    assert '<option value="" selected>请选择</option>' in form
    page = browser.send(path, "head", form, item="", reason="不再需要", proof="解除决定书")
    assert page.status_code == 422
    assert "写明是哪一个，只有：m1（扣押：水泥二十袋）、m2（扣押：手推车一辆）" in page.text
    assert "解除决定书" in page.text
    states = {m["state"] for m in document_of(browser.fashen, case)["measures"]}
    assert states == {"measure.held"}


def test_a_link_to_a_measure_that_is_over_never_opens_the_form_of_another(browser: Browser):
    case = with_measures(browser, "水泥二十袋", "手推车一辆")
    path = f"/cases/{case}/do/lift_measure?item=m1"
    browser.send(path, "head", item="m1", reason="不再需要", proof="解除决定书")
    page = browser.open(path, "head")
    assert page.status_code == 409
    assert "没有现在可以办“解除措施”的" in page.text
    assert "扣押：水泥二十袋（m1）已解除" in page.text


def test_the_only_measure_is_told_and_not_asked(browser: Browser):
    case = with_measures(browser, "水泥二十袋")
    form = browser.page(f"/cases/{case}/do/lift_measure", "head")
    assert hidden(form, "f.item") == "m1"
    assert "<p>扣押：水泥二十袋（m1）</p>" in form
    assert '<select class="form-select" id="f-item"' not in form


def test_a_deadline_says_which_thing_it_is_about(browser: Browser):
    case = with_measures(browser, "水泥二十袋", "手推车一辆")
    page = browser.page(f"/cases/{case}")
    assert "<h3>查封扣押（m2：手推车一辆）</h3>" in page
    set_clock(browser.fashen, day(2026, 9, 28))
    assert "查封扣押（m1：水泥二十袋）" in browser.page("/")


def test_a_case_with_nothing_beside_it_has_no_such_section(browser: Browser):
    case = a_case(browser.fashen, "investigating")
    assert "并行事项" not in browser.page(f"/cases/{case}")


def test_a_move_about_a_thing_that_is_refused_stands_with_it_and_says_why(browser: Browser):
    case = a_case(browser.fashen, "in_effect", fine=1000)
    stayed = {"state": "remedy.open", "stayed_on": "2026-09-20", "stayed_by": "复议机关"}
    write(
        browser,
        case,
        remedies=[THINGS["remedy"] | stayed],
        enforcements=[THINGS["enforcement"] | {"state": "enforcement.demanded"}],
    )
    said = article(browser.page(f"/cases/{case}", "head"), "x1")
    assert re.search(r"<b>申请法院执行</b>.{0,60}不能办　1 条理由", said, re.S)
    assert "没有停止执行" in said
    assert f'href="/cases/{case}/do/apply_to_court?item=x1">仍要填写' in said


# — fields ————————————————————————————————————————————————————————————————————————————————


def test_whoever_must_stay_out_is_chosen_and_shown_by_name(browser: Browser):
    case = a_case(browser.fashen, "investigating")
    path = f"/cases/{case}/do/ask_recusal"
    form = browser.page(path)
    assert re.search(r'<select[^>]*name="f.person".*?<option value="li">李薇', form, re.S)
    assert (
        browser.send(path, "zhang", form, person="li", reason="与当事人是亲戚").status_code == 303
    )
    assert "李薇：与当事人是亲戚" in article(browser.page(f"/cases/{case}"), "c1")


def test_a_plan_of_payments_is_filled_in_row_by_row_and_grows_without_a_script(browser: Browser):
    case = a_case(browser.fashen, after="serve_decision", fine=1000)
    path = f"/cases/{case}/do/ask_deferral"
    form = browser.page(path)
    assert form.count('name="f.instalments.due"') == 4
    due, amount = ["2026-11-01", "2026-12-01", "", "2027-01-01"], ["400", "300", "", "300"]
    rows: dict[str, Any] = {
        "instalments__due": due,
        "instalments__amount": amount,
        "reason": "经营困难",
    }
    more = browser.send(path, "zhang", form, **rows | {"reason": ""})
    assert more.status_code == 422
    assert 'value="2027-01-01"' in more.text
    assert more.text.count('name="f.instalments.due"') == 5
    assert browser.send(path, "zhang", form, **rows).status_code == 303
    assert document_of(browser.fashen, case)["deferrals"][0]["instalments"] == [
        {"due": "2026-11-01", "amount": "400"},
        {"due": "2026-12-01", "amount": "300"},
        {"due": "2027-01-01", "amount": "300"},
    ]
    said = article(browser.page(f"/cases/{case}"), "d1")
    assert "2026-11-01 400 元、2026-12-01 300 元、2027-01-01 300 元" in said


def test_papers_beyond_the_list_are_kept_with_those_that_were_ticked(browser: Browser):
    case = a_case(browser.fashen, "in_effect", fine=1000)
    path = f"/cases/{case}/do/serve_demand"
    more: dict[str, Any] = {"demand": list(DEMAND), "demand__more": "不履行的后果\n\n"}
    page = browser.send(path, "zhang", proof="", **more)
    assert page.status_code == 422
    assert page.text.count(" checked>") == len(DEMAND)
    assert "不履行的后果</textarea>" in page.text


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("take_measure", (*STEPS, WITNESS)),
        ("hand_over_to_police", MATERIALS),
        ("serve_demand", DEMAND),
        ("apply_to_court", PACKAGE),
        ("order_performance", SAYS),
    ],
)
def test_what_a_text_asks_for_is_a_list_of_boxes(browser: Browser, verb: str, words: tuple[str]):
    flow = CURRENT["ordinary"]
    case, by = put(browser, flow, flow.verbs[verb])
    form = browser.page(f"/cases/{case}/do/{verb}", by)
    for word in words:
        assert f'type="checkbox" name="f.{FIELDS[verb]}" value="{word}"' in form


FIELDS = {
    "take_measure": "steps",
    "hand_over_to_police": "materials",
    "serve_demand": "demand",
    "apply_to_court": "package",
    "order_performance": "contents",
}


def test_how_a_remedy_ended_is_chosen_in_words(browser: Browser):
    flow = CURRENT["ordinary"]
    case, by = put(browser, flow, flow.verbs["record_remedy_result"])
    form = browser.page(f"/cases/{case}/do/record_remedy_result", by)
    assert '<option value="unanswered">复议期满没有决定</option>' in form
    assert '<option value="suit">行政诉讼</option>' in browser.page(
        f"/cases/{case}/do/record_remedy", by
    )


# — other cases that come from this one ————————————————————————————————————————————————————


def test_a_further_offender_is_split_off_from_a_filed_case(browser: Browser):
    case = a_case(browser.fashen, "investigating")
    page = browser.page(f"/cases/{case}")
    assert f'href="/cases/do/split_off?origin={case}"' in page
    assert "/cases/do/decide_anew" not in page
    assert "/cases/do/split_off" not in browser.page("/")
    path = f"/cases/do/split_off?origin={case}"
    form = browser.page(path)
    assert hidden(form, "f.origin") == case
    fields = {"kind": "自然人", "name": "孙某", "number": "11010519491231002X"}
    done = browser.send(path, "zhang", form, **fields)
    assert done.status_code == 303, done.text
    made = done.headers["location"].split("/")[2].partition("?")[0]
    assert document_of(browser.fashen, made)["related"] == [case]


def test_a_case_that_is_not_filed_has_nobody_to_split_off(browser: Browser):
    case = a_case(browser.fashen, "checking")
    assert "由本案另立一案" not in browser.page(f"/cases/{case}")


@pytest.mark.parametrize(("ended", "final", "offered"), [
    ("revoked", True, True), ("revoked", False, False), ("upheld", True, False),
])  # fmt: skip
def test_a_decision_is_made_anew_only_where_it_has_fallen_for_good(
    browser: Browser, ended: str, final: bool, offered: bool
):
    case = a_case(browser.fashen, "in_effect", fine=1000)
    remedy = {"id": "r1", "state": "remedy.ended", "kind": "suit", "began": "2026-09-01"}
    write(browser, case, remedies=[remedy | {"ended": ended, "final": final}])
    assert ("/cases/do/decide_anew" in browser.page(f"/cases/{case}")) is offered


# — every form ————————————————————————————————————————————————————————————————————————————


THINGS: dict[str, dict[str, Any]] = {
    "measure": {
        "id": "m1",
        "kind": "扣押",
        "objects": "水泥二十袋",
        "reason": "可能被转移",
        "taken_at": "2026-09-01T09:00:00+08:00",
    },
    "recusal": {
        "id": "c1",
        "person": "li",
        "asked_by": "当事人",
        "reason": "亲戚",
        "asked_on": "2026-09-01",
    },
    "suspension": {
        "id": "p1",
        "reason": "鉴定",
        "account": "送检",
        "since": "2026-09-01",
        "approved_by": "head",
    },
    "extension": {"id": "t1", "days": 30, "reason": "案情复杂", "asked_on": "2026-09-01"},
    "deferral": {
        "id": "d1",
        "asked_on": "2026-09-01",
        "reason": "困难",
        "instalments": [{"due": "2026-12-01", "amount": "1000"}],
    },
    "remedy": {"id": "r1", "kind": "review", "began": "2026-09-01", "body": "示例区人民政府"},
    "enforcement": {"id": "x1", "demanded_on": "2026-09-01", "amount": "1000"},
    "supervision": {
        "id": "v1",
        "kind": "检察建议书",
        "sender": "检察院",
        "number": "检建1号",
        "received": "2026-09-01",
        "content": "依法处理",
        "due": "2026-11-01",
    },
    "consultation": {
        "id": "y1",
        "counsel": "counsel",
        "question": "定性是否恰当",
        "asked_by": "shen",
        "asked_on": "2026-09-01",
    },
}
"""One thing of each lifecycle, as it is when it begins."""


def write(browser: Browser, case: str, **parts: Any) -> None:
    """Put a case where a page must be able to show it, however it came there."""
    row = {name: parts.pop(name) for name in ("state", "flow") if name in parts}
    doc = CaseFile.model_validate(document_of(browser.fashen, case) | parts)
    told = json.dumps(doc.model_dump(mode="json"), ensure_ascii=False)
    with browser.fashen.engine.begin() as tx:
        tx.execute(sa.update(models.cases).where(models.cases.c.id == case).values(doc=told, **row))
        lines.rebuild(tx, {"sample": sample_office()}, browser.fashen.calendar)


def put(browser: Browser, flow: Flow, move: Move, case: str = "") -> tuple[str, str]:
    """A case in which the move starts, with a thing it can be about, and somebody who may make it."""
    case = case or a_case(browser.fashen, "investigating")
    parts: dict[str, Any] = {}
    if side := flow.beside.get(move.beside):
        sources = side.verbs[move.verb].sources
        thing = THINGS[side.name] | {"state": sources[0].value if sources else ""}
        parts[side.items] = [thing] if sources else []
    write(browser, case, state=move.sources[0].value, flow=str(flow), **parts)
    file = CaseFile.model_validate(document_of(browser.fashen, case))
    return case, next(p.id for p in sample_office().people if move.who.allows(p, file))


def test_every_form_of_every_verb_opens_for_somebody_who_may_make_the_move(browser: Browser):
    case = a_case(browser.fashen, "investigating")
    set_clock(browser.fashen, NOON)
    opened = 0
    for flow in FLOWS.values():
        for verb, move in flow.verbs.items():
            if move.opens:
                page = browser.open(f"/cases/do/{verb}?origin={case}", "zhang")
            elif "system" in move.who.roles:
                continue
            else:
                by = put(browser, flow, move, case)[1]
                page = browser.open(f"/cases/{case}/do/{verb}", by)
            assert page.status_code == 200, f"{flow} {verb}: {page.text}"
            if verb not in SCREENS:  # a page of its own has a heading of its own
                assert f"<h1>{move.label}</h1>" in page.text
            opened += 1
    assert opened == sum(
        "system" not in m.who.roles for flow in FLOWS.values() for m in flow.verbs.values()
    )


def test_the_case_page_shows_one_of_everything(browser: Browser):
    case = a_case(browser.fashen, "in_effect", fine=1000)
    sides = CURRENT["ordinary"].beside
    begun = {name: next(m.dest for m in side.moves if m.opens) for name, side in sides.items()}
    write(browser, case, **{
        side.items: [THINGS[name] | {"state": begun[name]}] for name, side in sides.items()
    })  # fmt: skip
    page = browser.page(f"/cases/{case}", "head")
    for name, side in sides.items():
        said = article(page, THINGS[name]["id"])
        assert SIDES[name] in said
        assert side.state(str(begun[name])).label in said


def test_the_summary_procedure_has_its_payments_remedies_and_enforcement_beside_it(
    browser: Browser,
):
    case = a_case(browser.fashen, "in_effect", procedure="summary", fine=100)
    set_clock(browser.fashen, day(2026, 9, 3))
    path = f"/cases/{case}/do/record_remedy"
    fields = {"kind": "review", "began": "2026-09-02", "body": "示例区人民政府"}
    assert browser.send(path, "zhang", **fields, copy_received="2026-09-03").status_code == 303
    page = browser.page(f"/cases/{case}")
    assert "行政复议：示例区人民政府" in article(page, "r1")
    assert "<h3>复议诉讼答复（r1：示例区人民政府）</h3>" in page


# — the tables of the pages against the tables of the process —————————————————————————————


def test_every_lifecycle_has_a_name_and_every_group_names_what_exists():
    assert set(SIDES) == set(CURRENT["ordinary"].beside)
    verbs = {m.verb for flow in CURRENT.values() for m in flow.moves}
    for names in GROUPS.values():
        assert set(names) <= verbs | set(SIDES)


def test_groups_are_folded_save_the_first_and_refusals_keep_their_reasons(browser: Browser):
    case = with_measures(browser, "水泥二十袋")
    page = browser.page(f"/cases/{case}", "head")
    folds = re.split(r'(?=<details class="fx-group")', page)[1:]
    assert [fold.startswith('<details class="fx-group" open>') for fold in folds] == [
        True, *[False] * (len(folds) - 1)
    ]  # fmt: skip
    titles = [re.search(r"<h2>(.*?)</h2>", fold)[1] for fold in folds]  # type: ignore[index]
    after_service = {"公示之后"}  # nothing has been published yet
    assert titles == [HERE, *(g for g in GROUPS if g not in after_service), IRREGULAR]
    way_out = folds[titles.index("退出与移送")]
    assert re.search(r"<b>终止调查</b>.{0,80}不能办　1 条理由", way_out, re.S)
    assert "还没有处理：扣押：水泥二十袋。" in way_out


def test_the_clock_of_a_thing_is_read_where_it_has_run_out(browser: Browser):
    case = with_measures(browser, "水泥二十袋")
    set_clock(browser.fashen, day(2026, 10, 9))
    said = article(browser.page(f"/cases/{case}", "head"), "m1")
    assert "红牌 超期 7 个自然日" in said
    assert "7 个自然日" in browser.page("/?only=red", "head")
