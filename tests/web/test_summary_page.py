"""简易程序 on one form — the edges of 行政处罚法 51, nothing half done, nothing done twice."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from httpx2 import Response

from policies.core import POLICIES
from tests import recordings as make
from tests.builders import day, document_of, office_at, row_of, set_clock, state_of
from tests.web.visiting import PASSWORD, enter
from workflow import models
from workflow.oracle import check_all
from workflow.program import Fashen
from workflow.web.app import make_app
from workflow.web.pages.summary import BESIDE, FIELDS

ADULT, AGED_13, AGED_16 = "11010519491231002X", "110105201301010020", "110105201001010010"
ORGANISATION = {
    "kind": "法人及非法人组织",
    "name": "示例商贸有限公司",
    "number": "",
    "power": "SL-AIR-09",
}
PICTURE = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\nrest").decode()


@dataclass
class Street:
    fashen: Fashen
    client: TestClient

    def page(self) -> Response:
        return self.client.get("/summary")

    def send(self, **changed: Any) -> Response:
        """The form as the page gives it, filled in so that nothing stands in the way, but for what is changed."""
        page = self.page().text
        given = {
            name: hidden(page, name) for name in ("csrf", "by", "key", "shown_at", "shown_decision")
        }
        filled = {
            "kind": "自然人", "power": "SL-WST-01", "name": "田某某", "number": ADULT,
            "at": given["shown_at"], "place": "示例路 12 号门前", "text": "随意倾倒生活垃圾",
            "officers": ["zhang", "li"], "shown": "yes", "told": "yes", "stance": "none",
            "penalty": "罚款", "fine": "200", "correction": "已责令改正，当场改正完毕", "pay": "bank",
            "received": "paper", "decision": given["shown_decision"], "signed_with": PASSWORD,
        }  # fmt: skip
        sent = given | filled | changed
        return self.client.post("/summary", data=sent, follow_redirects=False)

    def cases(self) -> int:
        with self.fashen.engine.begin() as tx:
            return int(tx.scalar(sa.select(sa.func.count()).select_from(models.cases)) or 0)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return html.unescape(found[1])


def case_of(answer: Response) -> str:
    assert answer.status_code == 303, plain(answer.text)
    return str(answer.headers["location"]).split("?")[0].rpartition("/")[2]


def plain(page: str) -> str:
    main = page[page.index("<main") :]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def beside(page: str, name: str) -> str:
    """What stands beside one field: what is wrong with it, and why."""
    found = re.findall(rf'<(p|div) class="[^"]*" id="e-{name}[-0-9]*">(.*?)</\1>', page)
    return " ".join(re.sub(r"<[^>]+>", " ", told) for _, told in found)


@pytest.fixture
def street() -> Iterator[Street]:
    fashen = office_at(now=day(2026, 9, 1))
    with TestClient(make_app(fashen)) as client:
        enter(client, "zhang")
        yield Street(fashen, client)


# — the ceilings ——————————————————————————————————————————————————————————————————————————


def test_a_citizen_is_fined_two_hundred_yuan_on_the_spot(street: Street):
    case = case_of(street.send(fine="200"))
    assert state_of(street.fashen, case) == "in_effect"
    document = document_of(street.fashen, case)
    assert document["decision"]["number"] == "示街罚当〔2026〕001号"
    assert document["summary"]["officers"] == ["zhang", "li"]


def test_a_fen_more_is_refused_beside_the_amount_and_no_case_is_left(street: Street):
    answer = street.send(fine="200.01")
    assert answer.status_code == 409
    assert "第五十一条" in beside(answer.text, "fine")
    assert "转普通程序立案" in answer.text
    assert 'value="200.01"' in answer.text
    assert "随意倾倒生活垃圾" in answer.text
    assert street.cases() == 0
    with street.fashen.engine.begin() as tx:
        refused = tx.execute(sa.select(models.refusal.c.verb, models.refusal.c.case_id)).all()
    assert [tuple(row) for row in refused] == [("decide_on_spot", "")]


def test_an_organisation_is_fined_three_thousand_yuan_on_the_spot(street: Street):
    assert state_of(street.fashen, case_of(street.send(**ORGANISATION, fine="3000"))) == "in_effect"


def test_a_fen_more_than_three_thousand_is_refused(street: Street):
    answer = street.send(**ORGANISATION, fine="3000.01")
    assert answer.status_code == 409
    assert "3000" in beside(answer.text, "fine")
    assert street.cases() == 0


def test_less_than_the_article_allows_is_refused_too(street: Street):
    assert "100" in beside(street.send(fine="99").text, "fine")


def test_the_page_says_before_anything_is_written_what_an_item_allows(street: Street):
    page = street.send(way="look", fine="").text
    assert "本表可填 100–200 元" in plain(page)
    page = street.send(way="look", power="SL-AIR-01", fine="").text
    assert "法定最低罚款 500 元，超过当场处罚的上限 200 元" in plain(page)


def test_every_reason_has_a_place_on_the_form():
    assert set(BESIDE) <= set(POLICIES)
    assert set(BESIDE.values()) <= set(FIELDS)


# — people ————————————————————————————————————————————————————————————————————————————————


def test_who_is_under_fourteen_by_the_number_is_not_penalised(street: Street):
    answer = street.send(number=AGED_13)
    assert answer.status_code == 409
    assert "不满十四周岁" in beside(answer.text, "age")


def test_who_is_sixteen_is_recorded_as_a_minor(street: Street):
    case = case_of(street.send(number=AGED_16, fine="100"))
    assert document_of(street.fashen, case)["party"]["age"] == "under_18"


def test_an_expired_certificate_is_no_second_officer(street: Street):
    assert "这一天无效" in plain(street.page().text)
    answer = street.send(officers=["zhang", "zhao"])
    assert answer.status_code == 409
    assert "赵岩的执法证有效期为 2020-01-01 至 2024-12-31" in beside(answer.text, "officers")
    assert street.cases() == 0


def test_a_wrong_number_is_refused_beside_it_until_the_original_was_seen(street: Street):
    assert "校验位不对" in beside(street.send(number="110105194912310021").text, "number")
    case_of(street.send(number="110105194912310021", number_confirmed="yes"))


def test_whoever_went_out_together_last_is_proposed_again(street: Street):
    case_of(street.send(officers=["zhang", "wang"]))
    page = street.page().text
    ticked = re.findall(r'name="officers" value="(\w+)" checked', page)
    assert ticked == ["zhang", "wang"]


def test_a_clerk_decides_nothing_on_the_spot(street: Street):
    enter(street.client, "clerk")
    assert street.page().status_code == 403


# — the same form twice, and forms of somebody else —————————————————————————————————————————


def test_the_same_form_sent_twice_makes_one_case(street: Street):
    page = street.page().text
    same = {name: hidden(page, name) for name in ("key", "shown_at", "shown_decision")}
    same |= {"at": same["shown_at"], "decision": same["shown_decision"]}
    first, second = street.send(**same), street.send(**same)
    assert case_of(first) == case_of(second)
    assert street.cases() == 1


def test_the_same_form_with_something_else_in_it_is_not_taken_for_it(street: Street):
    case_of(street.send(key="one"))
    answer = street.send(key="one", fine="150")
    assert answer.status_code == 422
    assert "已经办理过一次" in plain(answer.text)
    assert street.cases() == 1


def test_a_number_that_was_only_proposed_gives_way_to_the_next(street: Street):
    page = street.page().text
    proposed = {
        "decision": hidden(page, "shown_decision"),
        "shown_decision": hidden(page, "shown_decision"),
    }
    numbers = [
        document_of(street.fashen, case_of(street.send(**proposed)))["decision"]["number"]
        for _ in range(2)
    ]
    assert numbers == ["示街罚当〔2026〕001号", "示街罚当〔2026〕002号"]


def test_a_number_that_stands_on_paper_is_not_changed_in_silence(street: Street):
    case_of(street.send(decision="示街罚当〔2026〕007号"))
    answer = street.send(decision="示街罚当〔2026〕007号")
    assert answer.status_code == 409
    assert street.cases() == 1
    assert hidden(street.page().text, "shown_decision") == "示街罚当〔2026〕008号"


def test_a_form_that_somebody_else_filled_in_is_not_sent_under_ones_own_name(street: Street):
    answer = street.send(by="li")
    assert answer.status_code == 422
    assert "李薇" in plain(answer.text)
    assert street.cases() == 0


def test_without_the_password_nothing_is_signed(street: Street):
    answer = street.send(signed_with="not this one")
    assert answer.status_code == 422
    assert 'aria-describedby="e-signed_with"' in answer.text
    assert street.cases() == 0


# — told, heard, signed, paid ——————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"told": ""}, "told", "没有告知"),
        ({"shown": ""}, "shown", "没有出示"),
        ({"stance": "dispute"}, "stance", "转为普通程序"),
        ({"stance": "defence", "defence": ""}, "defence", "申辩的内容"),
        ({"stance": "defence", "defence": "不是我倒的"}, "told", "没有复核"),
        ({"received": "refused", "refusal": "不认可"}, "refusal", "见证人"),
        ({"received": "screen"}, "received", "还没有签名"),
        ({"received": "screen", "signature": "data:text/html,x"}, "received", "签名不是图片"),
        ({"fine": ""}, "fine", "罚款数额"),
        ({"pay": "spot", "receipt": "示票 1"}, "pay_reason", "事后难以执行"),
        ({"pay": "spot", "pay_reason": "外地人员"}, "receipt", "票"),
        ({"at": "昨天"}, "at", "不是时间"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_beside_its_field(
    street: Street, changed: dict[str, Any], field: str, said: str
):
    answer = street.send(**changed)
    assert answer.status_code in (409, 422)
    assert said in beside(answer.text, field), plain(answer.text)
    assert street.cases() == 0


def test_a_signature_stands_sealed_in_the_case_and_on_the_paper(street: Street):
    answer = street.send(received="screen", signature=PICTURE)
    document = document_of(street.fashen, case_of(answer))
    assert document["summary"]["signature"].startswith("sealed:signature:")
    assert PICTURE in html.unescape(street.client.get(answer.headers["location"]).text)


def test_money_taken_on_the_spot_is_recorded_with_the_decision(street: Street):
    answer = street.send(fine="100", pay="spot", receipt="示票 0000021")
    assert document_of(street.fashen, case_of(answer))["payments"][0]["receipt"] == "示票 0000021"
    assert "当场收缴 100 元，财政专用票据号 示票 0000021" in plain(
        street.client.get(answer.headers["location"]).text
    )


def test_a_payment_that_is_refused_takes_the_decision_back_with_it(street: Street):
    assert street.send(fine="100", pay="spot").status_code == 409
    assert street.cases() == 0


def test_the_paper_says_what_the_law_asks_of_it(street: Street):
    answer = street.send(received="refused", refusal="不认可数额", witness="王某（邻居）")
    paper = plain(street.client.get(answer.headers["location"]).text)
    for words in (
        "示街罚当〔2026〕001号", "随意倾倒生活垃圾", "2026年9月1日", "示例路 12 号门前", "罚款 200 元",
        "应当先自收到本决定书之日起60日内", "张衡", "李薇", "示12019900102", "示例街道办事处",
        "拒绝签收。不认可数额；见证人：王某（邻居）", "至迟2026年9月16日",
    ):  # fmt: skip
        assert words in paper, words


def test_a_case_of_the_ordinary_procedure_has_no_such_paper(street: Street):
    case = case_of(street.send(way="ordinary"))
    assert street.client.get(f"/summary/{case}").status_code == 404


# — the other way, and the two times ——————————————————————————————————————————————————————


def test_what_does_not_fit_becomes_an_ordinary_case_with_all_that_was_written(street: Street):
    answer = street.send(way="ordinary", fine="800", signed_with="")
    case = case_of(answer)
    assert answer.headers["location"].startswith("/cases/")
    row, document = row_of(street.fashen, case), document_of(street.fashen, case)
    assert row["state"] == "checking"
    assert row["flow"].startswith("ordinary")
    assert document["power"] == "SL-WST-01"
    assert document["act"]["text"] == "随意倾倒生活垃圾"
    assert document["officers"] == ["zhang", "li"]


def test_without_a_party_it_becomes_a_lead(street: Street):
    case = case_of(street.send(way="ordinary", name="", number=""))
    assert state_of(street.fashen, case) == "lead"


def test_the_stated_time_and_the_time_of_entry_are_both_kept(street: Street):
    set_clock(street.fashen, day(2026, 9, 1, 15))
    enter(street.client, "zhang")
    case = case_of(street.send(at="2026-09-01T11:06"))
    with street.fashen.engine.begin() as tx:
        bodies = tx.execute(
            sa.select(models.ledger.c.body).where(models.ledger.c.case_id == case)
        ).scalars()
        for body in bodies:
            assert '"at":"2026-09-01T11:06' in body
            assert '"entered":"2026-09-01T15:00' in body


def test_the_worker_speaks_for_this_page_alone(street: Street):
    answer = street.client.get("/summary/worker.js")
    assert answer.headers["service-worker-allowed"] == "/summary"
    assert answer.headers["content-type"].startswith("text/javascript")


# — photographs ————————————————————————————————————————————————————————————————————————————


def test_photographs_are_added_from_the_decision_and_stand_in_the_case(street: Street):
    """As evidence of the case, each with its file; the decision itself stays as it was signed."""
    case = case_of(street.send(records="IMG_0012　10:53　示例路 12 号　张衡"))
    before = document_of(street.fashen, case)
    link = f"/cases/{case}/do/add_evidence"
    assert f'href="{link}"' in street.client.get(f"/summary/{case}").text
    page = street.client.get(link).text
    sent = {name: hidden(page, name) for name in ("csrf", "version", "key", "shown_at")}
    told = {"kind": "视听资料", "name": "现场照片", "proves": "倾倒的地点", "lawful": "true",
            "place": "示例路 12 号", "maker": "张衡"}  # fmt: skip
    photo = ("f.files.new", ("IMG_0012.jpg", make.picture(size=(300, 200)), "image/jpeg"))
    for _ in range(2):  # a double click
        answer = street.client.post(
            link,
            data=sent | {f"f.{name}": value for name, value in told.items()},
            files=[photo],
            follow_redirects=False,
        )
        assert answer.status_code == 303, plain(answer.text)
    after = document_of(street.fashen, case)
    (item,) = after["evidence"]
    assert len(item["files"]) == 1
    assert {**after, "evidence": None} == {**before, "evidence": None}
    assert "已有 1 件证据" in street.client.get(f"/summary/{case}").text
    assert f'href="/summary/{case}"' in street.client.get(f"/cases/{case}").text
    assert check_all(street.fashen) == []


def test_nobody_else_is_offered_to_add_them(street: Street):
    case = case_of(street.send())
    enter(street.client, "clerk")
    assert "/do/add_evidence" not in street.client.get(f"/summary/{case}").text
