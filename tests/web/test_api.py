"""/api/v1 — every answer of the contract, from a program's side, on both databases."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.openapi.models import OpenAPI
from fastapi.testclient import TestClient

from policies import checklists as ask
from states.case import FLOWS
from workflow import database, models, offices, tokens
from workflow.desk import COMMANDS
from workflow.errors import NotFound
from workflow.order import Order
from workflow.program import Fashen
from workflow.record import Entry, verify
from workflow.settings import Settings
from workflow.times import BEIJING
from workflow.web import app
from workflow.web.api import verbs
from workflow.web.app import make_app
from workflow.web.calls import Calls
from workflow.work import perform

NOW = datetime(2026, 9, 1, 9, tzinfo=BEIJING)
LEAD = {"place": "西杜庄村西侧", "text": "烧秸秆"}
TESTS = dict.fromkeys(("prima_facie", "penalty_due", "own_jurisdiction", "within_limitation"), True)
NUMBER = "11010519491231002X"


@pytest.fixture
def fashen(database_url: str) -> Iterator[Fashen]:
    made = two_offices(database_url)
    yield made
    made.engine.dispose()


def two_offices(url: str) -> Fashen:
    """The sample office, and a neighbour with the same people, in one database."""
    settings = Settings(_env_file=None, secret_key="k" * 32)
    made = Fashen(settings, database.connect(url), clock=lambda: NOW)
    sample = offices.read("sample")
    offices.load(made, sample)
    offices.load(made, sample.model_copy(update={"office": "next", "name": "邻街道办事处"}))
    return made


@dataclass
class Api:
    """A program that calls for one person after another."""

    fashen: Fashen
    client: TestClient
    tokens: dict[tuple[str, str], str] = field(default_factory=dict)

    def headers(self, by: str, office: str = "sample") -> dict[str, str]:
        if (office, by) not in self.tokens:
            self.tokens[office, by] = tokens.issue(self.fashen, office, by)
        return {"Authorization": f"Bearer {self.tokens[office, by]}"}

    def get(self, path: str, by: str = "zhang", office: str = "sample", **query: Any) -> Any:
        return self.client.get(
            f"/api/v1{path}", headers=self.headers(by, office), params=query or None
        )

    def post(
        self,
        path: str,
        body: Any = None,
        by: str = "zhang",
        *,
        version: int | str | None = None,
        key: str | None = None,
        office: str = "sample",
        raw: Any = None,
        kind: str = "application/json",
    ) -> Any:
        headers = self.headers(by, office) | {"Content-Type": kind}
        if version is not None:
            headers["If-Match"] = f'"{version}"' if isinstance(version, int) else version
        if key is not None:
            headers["Idempotency-Key"] = key
        content = json.dumps({} if body is None else body).encode() if raw is None else raw
        return self.client.post(f"/api/v1{path}", content=content, headers=headers)

    def lead(self) -> str:
        """A new case at version 1."""
        case: str = self.post("/cases", LEAD).json()["case"]
        return case

    def filing(self) -> str:
        """A case at version 5 that waits for the head to file it."""
        case = None
        for verb, form in (
            ("register_lead", LEAD),
            ("start_check", {}),
            ("name_party", {"kind": "自然人", "name": "杜某某", "number": NUMBER}),
            ("describe_act", {"text": "烧秸秆", "began": "2026-08-31", "power": "SL-AIR-01"}),
            ("propose_filing", {**TESTS, "officers": ["zhang", "li"], "no_interest": True}),
        ):
            case = perform(self.fashen, Order("sample", "zhang", verb, form, case=case)).case
        assert case is not None
        return case

    def investigated(self) -> str:
        """A filed case at version 6 in which `conclude` is the next step."""
        form = {"number": "示街罚案〔2026〕001号"}
        return perform(
            self.fashen, Order("sample", "head", "approve_filing", form, case=self.filing())
        ).case

    def version(self, case: str) -> int:
        version: int = self.get(f"/cases/{case}").json()["version"]
        return version


@pytest.fixture
def call(fashen: Fashen) -> Iterator[Api]:
    with TestClient(make_app(fashen), raise_server_exceptions=False) as client:
        yield Api(fashen, client)


@dataclass
class Lasting(Api):
    """Two offices for the whole file, with a lead and a filed case of the first."""

    new: str = ""
    filed: str = ""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def lasting(
    request: pytest.FixtureRequest, new_database: Callable[[str], str]
) -> Iterator[Lasting]:
    fashen = two_offices(new_database(request.param))
    with TestClient(make_app(fashen), raise_server_exceptions=False) as client:
        api = Lasting(fashen, client)
        api.new, api.filed = api.lead(), api.investigated()
        api.headers("zhang", "next")
        yield api
    fashen.engine.dispose()


@pytest.fixture
def asked(lasting: Lasting) -> Iterator[Lasting]:
    """For questions that change nothing, as each test that asks it proves: it saves an office for each."""
    lasting.client.app.state.calls = Calls()  # type: ignore[attr-defined]
    before = everything(lasting.fashen)
    yield lasting
    assert everything(lasting.fashen) == before


def everything(fashen: Fashen) -> dict[str, list[Any]]:
    """Every row of every table."""
    with database.reading(fashen.engine) as tx:
        return {
            table.name: sorted(tuple(row) for row in tx.execute(sa.select(table)))
            for table in models.metadata.sorted_tables
        }


def refusals(fashen: Fashen) -> list[Any]:
    with database.reading(fashen.engine) as tx:
        return list(tx.execute(sa.select(models.refusal).order_by(models.refusal.c.id)))


def problem(answer: Any, status: int) -> dict[str, Any]:
    """The body of an error, after what every error must say."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["status"] == status
    assert told["type"].startswith("urn:fashen:problem:")
    assert told["title"]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in told["detail"])
    assert told["instance"] == answer.request.url.path
    return told


# — who calls —————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer fsh_guess"}]
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/cases"),
        ("GET", "/cases/unknown"),
        ("GET", "/cases/unknown/moves"),
        ("GET", "/cases/unknown/ledger"),
        ("GET", "/verbs"),
        ("GET", "/inbox"),
        ("GET", "/deadlines"),
        ("GET", "/forecast"),
        ("POST", "/cases"),
        ("POST", "/cases/unknown/decide"),
        ("POST", "/cases/unknown/no_such_verb"),
    ],
)
def test_nobody_gets_in_without_a_token(asked, header, method, path):
    answer = asked.client.request(method, f"/api/v1{path}", headers=header)

    problem(answer, 401)
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_revoked_token_is_nobody(call, fashen):
    assert call.get("/cases").status_code == 200
    assert tokens.revoke(fashen, "sample", "zhang") == 1
    problem(call.get("/cases"), 401)


def test_the_token_of_somebody_who_left_is_nobody(call, fashen):
    assert call.get("/cases", by="li").status_code == 200
    sample = offices.read("sample")
    stay = tuple(p for p in sample.people if p.id != "li")
    offices.load(fashen, sample.model_copy(update={"people": stay}))
    problem(call.get("/cases", by="li"), 401)


def test_only_the_digest_of_a_token_is_kept(fashen):
    token = tokens.issue(fashen, "sample", "zhang")

    assert tokens.bearer(fashen, token) == tokens.Bearer("sample", "zhang")
    assert token not in str(everything(fashen))


@pytest.mark.parametrize("person", ["system", "nobody"])
def test_there_is_no_token_for_the_system_or_a_stranger(fashen, person):
    with pytest.raises(NotFound, match="zhang（张衡）"):
        tokens.issue(fashen, "sample", person)


# — reading ———————————————————————————————————————————————————————————————————————————


def test_the_list_has_the_cases_of_ones_own_office(call):
    first, second = call.lead(), call.lead()
    call.post("/cases", LEAD, office="next")

    told = call.get("/cases").json()

    assert told["total"] == 2
    assert {item["id"] for item in told["items"]} == {first, second}
    assert told["items"][0]["deadlines"] == {"lead_check": "2026-09-16"}


def test_the_list_comes_in_pages_and_can_be_searched(call):
    for n in range(3):
        call.post("/cases", {"place": "西杜庄村", "text": f"第{n}件"})

    page = call.get("/cases", limit=2, offset=2).json()
    assert (len(page["items"]), page["total"]) == (1, 3)
    assert [i["title"] for i in call.get("/cases", q="第1").json()["items"]] == ["第1件"]
    assert call.get("/cases", state="lead").json()["total"] == 3
    assert call.get("/cases", state="closed").json()["total"] == 0


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"limit": 201}, "不大于 200"),
        ({"limit": 0}, "不小于 1"),
        ({"limit": "x"}, "整数"),
        ({"limit": "9" * 5000}, "limit"),
        ({"offset": -1}, "不小于 0"),
        ({"offset": 10**30}, "offset"),
        ({"q": "x" * 201}, "最多 200 个字符"),
        ({"q": "a\0b"}, "控制字符"),
        ({"state": "leed"}, "最接近的是“lead”"),
        ({"sate": "lead"}, "没有这个参数"),
    ],
)
def test_an_unreadable_question_is_told_in_chinese(asked, query, said):
    told = problem(asked.get("/cases", **query), 422)
    assert said in told["detail"]
    assert told["errors"][0]["field"] == next(iter(query))


def test_a_case_tells_where_it_stands_and_what_happened(call):
    case = call.investigated()

    answer = call.get(f"/cases/{case}")
    told = answer.json()

    assert answer.headers["etag"] == '"6"'
    assert (told["state"], told["phase"], told["version"]) == ("investigating", "取证", 6)
    assert [s["verb"] for s in told["history"]][-2:] == ["propose_filing", "approve_filing"]
    assert told["document"]["officers"] == ["zhang", "li"]
    assert [(c["clock"], c["ends"], c["left"]) for c in told["clocks"]] == [
        ("decision", "2026-11-30", 90)
    ]


def test_identifiers_are_masked_for_the_office_and_sealed_for_the_rest(call):
    case = call.investigated()
    masked = call.get(f"/cases/{case}", by="shen")
    sealed = call.get(f"/cases/{case}", by="chair")

    party = masked.json()["document"]["party"]
    assert party["number"] == "1101************2X"
    assert party["name"] == "杜某"
    assert sealed.json()["document"]["party"]["number"].startswith("sealed:number:")
    assert sealed.json()["document"]["party"]["name"].startswith("sealed:name:")
    assert "杜某某" not in sealed.text


@pytest.mark.parametrize("path", ["/cases", "/cases/{}", "/cases/{}/moves", "/cases/{}/ledger"])
def test_no_answer_carries_an_identity_number(call, path):
    case = call.investigated()
    for by in ("zhang", "head", "chair"):
        answer = call.get(path.format(case), by=by)
        assert answer.status_code == 200
        assert NUMBER not in answer.text


def test_every_move_says_whose_it_is_and_what_it_asks_for(call):
    case = call.lead()

    told = call.get(f"/cases/{case}/moves").json()
    moves = {m["verb"]: m for m in told["moves"]}

    assert told["version"] == 1
    assert moves["start_check"]["yours"] is True
    assert moves["start_check"]["verdict"] == "open"
    assert moves["assign_officers"]["yours"] is False
    assert moves["assign_officers"]["able"] == ["王立新"]
    assert "officers" in moves["assign_officers"]["form"]["required"]


def test_the_ledger_can_be_checked_by_whoever_receives_it(call):
    case = call.investigated()
    told = call.get(f"/cases/{case}/ledger").json()["entries"]

    assert len(told) == 6
    assert verify([Entry(case, **entry) for entry in told]) == []
    told[2]["body"] = told[2]["body"].replace("杜", "王").replace("自然人", "法人")
    assert verify([Entry(case, **entry) for entry in told]) != []


def test_the_verbs_are_those_of_the_flows(call):
    told = {item["verb"]: item for item in call.get("/verbs").json()["items"]}

    assert set(told) == {m.verb for flow in FLOWS.values() for m in flow.moves}
    assert told["decide"]["label"] == "作出处罚决定"
    assert told["decide"]["who"] == "负责人"
    assert told["decide"]["form"]["required"] == ["number"]


def test_the_inbox_is_ones_own(call, fashen):
    with fashen.engine.begin() as tx:
        for person in ("zhang", "li"):
            notice = dict(dedup=person, office_id="sample", person_id=person, case_id="c")
            tx.execute(
                models.inbox.insert(), {**notice, "stage": "", "text": "请看", "created_at": NOW}
            )

    told = call.get("/inbox").json()["items"]
    assert [(n["text"], n["created_at"]) for n in told] == [("请看", "2026-09-01T09:00:00+08:00")]


STRANGE = [
    "00000000-0000-0000-0000-000000000000",
    "x" * 5000,
    "' OR 1=1 --",
    "%00",
    "%25",
    "案件",
]


@pytest.mark.parametrize("case", STRANGE)
@pytest.mark.parametrize("path", ["", "/moves", "/ledger"])
def test_an_unknown_case_is_not_found(asked, case, path):
    problem(asked.get(f"/cases/{case}{path}"), 404)


@pytest.mark.parametrize("path", ["", "/moves", "/ledger"])
def test_a_case_of_another_office_is_not_found(asked, path):
    problem(asked.get(f"/cases/{asked.new}{path}", office="next"), 404)


# — the order of checks ———————————————————————————————————————————————————————————————


@pytest.mark.parametrize("case", STRANGE)
def test_writing_to_an_unknown_case_is_404_before_anything_else(asked, case):
    problem(asked.post(f"/cases/{case}/decide", raw=b"not json", kind="text/plain"), 404)


def test_writing_to_a_foreign_case_is_404_and_leaves_no_trace(call, fashen):
    case = call.lead()
    call.headers("zhang", "next")
    before = everything(fashen)

    problem(call.post(f"/cases/{case}/start_check", office="next", version=1), 404)
    assert everything(fashen) == before


def test_a_write_without_a_version_is_428_before_the_body_is_read(call):
    case = call.lead()
    for raw, kind in ((b"{}", "application/json"), (b"broken", "text/plain")):
        told = problem(call.post(f"/cases/{case}/start_check", raw=raw, kind=kind), 428)
        assert "If-Match" in told["detail"]


@pytest.mark.parametrize("version", ["7 or so", "*", '"7', '"1","2"', "-1", "", "9" * 30, "１"])
def test_an_unreadable_version_is_422(asked, version):
    told = problem(asked.post(f"/cases/{asked.new}/start_check", version=version.encode()), 422)
    assert told["errors"][0]["field"] == "If-Match"


@pytest.mark.parametrize("version", ['"1"', "1", 'W/"1"'])
def test_a_version_can_be_written_in_three_ways(call, version):
    answer = call.post(f"/cases/{call.lead()}/start_check", version=version)
    assert answer.status_code == 200, answer.text


def test_a_stale_version_tells_who_did_what_meanwhile(call, fashen):
    case = call.lead()
    call.post(f"/cases/{case}/start_check", by="li", version=1)
    before = everything(fashen)

    told = problem(call.post(f"/cases/{case}/start_check", version=1), 412)

    assert told["version"] == 2
    assert [(s["seq"], s["verb"], s["by"]) for s in told["since"]] == [(2, "start_check", "李薇")]
    assert "李薇于 2026-09-01 09:00 办理了“开始核查”" in told["detail"]
    assert everything(fashen) == before


@pytest.mark.parametrize("version", [0, 999_999_999])
def test_a_version_that_never_was_is_stale(call, version):
    problem(call.post(f"/cases/{call.lead()}/start_check", version=version), 412)


# — acting ————————————————————————————————————————————————————————————————————————————


def test_opening_a_case_tells_where_it_is(call):
    answer = call.post("/cases", LEAD)
    told = answer.json()

    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/v1/cases/{told['case']}"
    assert answer.headers["etag"] == '"1"'
    assert (
        call.client.get(answer.headers["location"], headers=call.headers("zhang")).status_code
        == 200
    )


def test_a_case_can_be_opened_on_the_spot(call):
    form = dict(
        kind="自然人",
        name="钱某",
        place="示例路",
        text="乱倒",
        power="SL-AIR-01",
        officers=["zhang", "li"],
    )
    answer = call.post("/cases", {"do": "start_on_spot", **form})

    assert answer.status_code == 201, answer.text
    assert answer.json()["after"] == "on_spot"


def test_an_accepted_step_tells_what_it_did(call):
    case = call.lead()
    answer = call.post(f"/cases/{case}/start_check", version=1)

    assert answer.headers["etag"] == '"2"'
    told = answer.json()
    assert (told["case"], told["version"], told["verb"]) == (case, 2, "start_check")
    assert (told["before"], told["after"]) == ("lead", "checking")
    assert (told["repeated"], told["dry_run"]) == (False, False)


def test_the_time_it_happened_goes_with_the_form(call):
    case = call.lead()
    call.post(f"/cases/{case}/start_check", {"at": "2026-08-31 16:30"}, version=1)

    step = call.get(f"/cases/{case}").json()["history"][-1]
    assert (step["at"], step["late"]) == ("2026-08-31T16:30:00+08:00", True)


def test_a_warning_passes_with_a_written_reason(call):
    case = call.lead()
    call.post(f"/cases/{case}/start_check", version=1)
    form = {"kind": "自然人", "name": "杜某某", "number": "110105194912310020"}

    told = problem(call.post(f"/cases/{case}/name_party", form, version=2), 409)
    assert [f["id"] for f in told["findings"] if f["outcome"] == "fails"] == [
        "party.number_checked"
    ]

    excused = {**form, "excuse": {"party.number_checked": "早期证件，已核对原件"}}
    assert call.post(f"/cases/{case}/name_party", excused, version=2).status_code == 200
    warned = call.get(f"/cases/{case}").json()["history"][-1]["findings"]["warned"]
    assert warned[0]["excuse"] == "早期证件，已核对原件"


def test_what_happened_against_the_rules_is_recorded_as_that(call):
    case = call.investigated()
    form = {"number": "示街罚〔2026〕1号", "irregular": "已在纸上作出，事后发现没有审核"}

    answer = call.post(f"/cases/{case}/record_issued_decision", form, version=6)

    assert answer.status_code == 200, answer.text
    assert call.get(f"/cases/{case}").json()["irregular"] is True


def test_a_refusal_has_every_finding_and_is_on_record(call, fashen):
    case = call.investigated()
    ledger = call.get(f"/cases/{case}/ledger").text
    form = {"facts": "烧秸秆", "fine": 100_000, "signed_by": ["zhang"]}

    told = problem(call.post(f"/cases/{case}/conclude", form, version=6), 409)

    assert [f["id"] for f in told["findings"]] == [p.id for p in ask.CONCLUSION]
    failed = [f for f in told["findings"] if f["outcome"] == "fails"]
    assert len(failed) >= 2
    assert all(f["cite"] and f["reason"] and f["remedy"] for f in failed)
    assert all(f["reason"] in told["detail"] for f in failed)
    (kept,) = refusals(fashen)
    assert (kept.case_id, kept.person_id, kept.verb, kept.kind) == (
        case,
        "zhang",
        "conclude",
        "blocked",
    )
    assert {f["id"] for f in failed} <= {r["id"] for r in json.loads(kept.reasons)}
    assert call.get(f"/cases/{case}/ledger").text == ledger


def test_a_move_from_elsewhere_names_the_moves_from_here(call, fashen):
    case = call.lead()
    told = problem(call.post(f"/cases/{case}/decide", {"number": "1"}, by="head", version=1), 409)

    assert "start_check" in told["verbs"]
    assert [r.kind for r in refusals(fashen)] == ["not_from_here"]


def test_a_case_cannot_be_opened_twice_nor_by_any_verb(call):
    case = call.lead()
    problem(call.post(f"/cases/{case}/register_lead", LEAD, version=1), 409)
    told = problem(call.post("/cases", {"do": "decide", "number": "1"}, by="head"), 409)
    openings = ["register_lead", "split_off", "decide_anew", "start_on_spot"]
    assert told["verbs"] == openings


def test_somebody_elses_move_is_403_and_on_record(call, fashen):
    case = call.lead()
    told = problem(call.post(f"/cases/{case}/start_check", by="shen", version=1), 403)

    assert "张衡" in told["detail"]
    assert [(r.kind, r.person_id) for r in refusals(fashen)] == [("not_yours", "shen")]
    problem(call.post("/cases", LEAD, by="admin"), 403)


def test_a_case_number_that_another_case_bears_is_refused(call):
    call.investigated()
    form = {"number": "示街罚案〔2026〕001号"}
    second = call.filing()

    told = problem(call.post(f"/cases/{second}/approve_filing", form, "head", version=5), 409)
    assert "示街罚案〔2026〕001号" in told["detail"]
    assert call.version(second) == 5


def test_nobody_acts_as_the_system(call):
    case = call.lead()
    for verb in ("lapse_windows", "record_publication"):
        assert call.post(f"/cases/{case}/{verb}", by="admin", version=1).status_code in (403, 409)


# — what cannot be read ———————————————————————————————————————————————————————————————

DEEP = b'{"place":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
BELOW = b'{"place":' + b"[" * 500 + b"]" * 500 + b"}"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "内容是空的"),
        (b"{", "JSON 写法有误"),
        (b"[]", "JSON 对象"),
        (b'"x"', "JSON 对象"),
        (b"null", "JSON 对象"),
        (b'{"place":"a","place":"b"}', "“place”出现了两次"),
        (b'{"place":{"a":1,"a":2}}', "“a”出现了两次"),
        (b'{"place":NaN}', "NaN"),
        (b'{"place":-Infinity}', "-Infinity"),
        (b'{"place":1e999}', "太大"),
        (b'{"place":' + b"9" * 5000 + b"}", "数字太长"),
        (DEEP, "套得太深"),
        (BELOW, "套得太深"),
        (b'{"place":"\xff"}', "UTF-8"),
        (b'{"place":"\\ud800"}', "残缺的字符"),
        (b'{"\\ud800":1}', "残缺的字符"),
        (b'{"place":"a\\u0000b"}', "控制字符"),
        (b'{"place":"a","text":"' + b"x" * 20_001 + b'"}', "最多 20000"),
        (b'{"place":"' + b"x" * 900_000 + b'"}', "最多 20000"),
        (json.dumps({f"f{n}": n for n in range(5000)}).encode(), "没有这一栏"),
        (b'{"text":"x"}', "没有填写“地点”"),
        (b'{"place":""}', "不能为空"),
        (b'{"place":1}', "要写成文字"),
        (b'{"place":true}', "要写成文字"),
        (b'{"place":null}', "要写成文字"),
        (b'{"place":"x","tex":"y"}', "最接近的是“text”"),
        (b'{"place":"x","source":"\xe7\x8c\x9c"}', "只能是"),
        (b'{"place":"x","found_on":"soon"}', "要写成日期"),
        (b'{"place":"x","found_on":true}', "要写成日期"),
        (b'{"place":"x","found_on":"2027-01-01"}', "还没有到"),
        (b'{"place":"x","at":1700000000}', "要写成日期和时间"),
        (b'{"place":"x","at":"1700000000"}', "要写成日期和时间"),
        (b'{"place":"x","at":"0001-01-01T00:00:00"}', "年份不对"),
        (b'{"place":"x","at":"1960-01-01 09:00"}', "at"),
        (b'{"place":"x","at":"9999-12-31T23:59:59-12:00"}', "年份不对"),
        (b'{"place":"x","at":"2026-09-01T09:06:00+08:00"}', "还没有到"),
        (b'{"place":"x","excuse":[]}', "excuse"),
        (b'{"place":"x","excuse":{"a.b":" "}}', "excuse"),
        (b'{"place":"x","excuse":{"a.b":1}}', "excuse"),
        (b'{"place":"x","irregular":true}', "irregular"),
        (b'{"place":"x","do":1}', "do"),
        (b'{"place":"x","do":"register_led"}', "最接近的是“register_lead”"),
        (b'{"place":"x","do":"\\u0007"}', "控制字符"),
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_422_and_changes_nothing(asked, raw, said):
    told = problem(asked.post("/cases", raw=raw), 422)

    assert said in told["detail"]
    assert told["errors"]


@pytest.mark.parametrize(
    ("verb", "form", "said"),
    [
        ("start_chek", {}, "最接近的是“start_check”"),
        ("'; DROP TABLE cases; --", {}, "没有“'; DROP TABLE cases; --”这个动作"),
        ("x" * 3000, {}, "这个动作"),
        ("conclude", {"facts": "x", "fi": 1}, "最接近的是“fine”"),
        ("conclude", {"facts": "x", "do": "conclude"}, "没有这一栏"),
        ("conclude", {"facts": "x", "fine": True}, "金额"),
        ("conclude", {"facts": "x", "fine": "NaN"}, "要写成数字"),
        ("conclude", {"facts": "x", "fine": -1}, "不小于 0"),
        ("conclude", {"facts": "x", "fine": 0.001}, "小数"),
        ("conclude", {"facts": "x", "fine": 10**4000}, "小于"),
        ("conclude", {"facts": "x", "kinds": "罚款"}, "要写成列表"),
        ("conclude", {"facts": "x", "signed_by": ["nobody"]}, "zhang（张衡）"),
    ],
)
def test_a_form_that_cannot_be_read_names_the_field(asked, verb, form, said):
    told = problem(asked.post(f"/cases/{asked.filed}/{verb}", form, version=6), 422)

    assert said in told["detail"]


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/json; charset=gbk"]
)
def test_what_is_not_json_is_415(asked, kind):
    problem(asked.post("/cases", LEAD, kind=kind), 415)


def test_a_charset_that_is_utf8_may_be_said(call):
    assert call.post("/cases", LEAD, kind="Application/JSON; charset=UTF-8").status_code == 201


@pytest.mark.parametrize("path", ["/cases", "/cases/unknown/decide", "/nowhere"])
def test_more_than_a_mebibyte_is_413(asked, path):
    told = problem(asked.post(path, raw=b"x" * (app.LARGEST + 1)), 413)
    assert "1024 KiB" in told["detail"]


def test_more_than_a_mebibyte_is_413_also_when_no_length_is_said(call):
    def parts() -> Iterator[bytes]:
        for _ in range(20):
            yield b"x" * 65_536

    problem(call.post("/cases", raw=parts()), 413)


def test_a_misspelt_dry_run_does_not_act(call, fashen):
    case = call.lead()
    before = everything(fashen)
    problem(call.post(f"/cases/{case}/start_check?dry-run=true", version=1), 422)
    assert everything(fashen) == before


@pytest.mark.parametrize(
    "text",
    [
        "'; DROP TABLE cases; --",
        '"); DELETE FROM ledger; --',
        "%_\\",
        "${jndi:x}",
        "<script>",
        "𠮷🀄",
    ],
)
def test_whatever_a_text_looks_like_it_is_a_text(call, text):
    case = call.post("/cases", {"place": text, "text": text}).json()["case"]

    assert call.get(f"/cases/{case}").json()["document"]["act"]["place"] == text
    assert call.get("/cases", q="' OR '1'='1").json()["total"] == 0
    assert call.get("/cases", q="\\").status_code == 200


# — the same command twice ————————————————————————————————————————————————————————————


def test_the_same_key_does_it_once(call, fashen):
    case = call.lead()
    first = call.post(f"/cases/{case}/start_check", version=1, key="k1")
    before = everything(fashen)
    again = call.post(f"/cases/{case}/start_check", version=1, key="k1")

    assert again.status_code == 200
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert again.headers["etag"] == first.headers["etag"] == '"2"'
    assert again.json() == {**first.json(), "repeated": True}
    assert everything(fashen) == before


def test_a_case_is_opened_once(call):
    first = call.post("/cases", LEAD, key="k1")
    again = call.post("/cases", LEAD, key="k1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotency-replayed"] == "true"
    assert call.get("/cases").json()["total"] == 1


def test_a_key_belongs_to_one_person(call):
    call.post("/cases", LEAD, key="k1")
    assert "idempotency-replayed" not in call.post("/cases", LEAD, by="li", key="k1").headers
    assert call.get("/cases").json()["total"] == 2


@pytest.mark.parametrize(
    "other",
    [{**LEAD, "text": "别的"}, {**LEAD, "at": "2026-08-31 09:00"}, {**LEAD, "excuse": {"a": "b"}}],
)
def test_the_same_key_with_another_body_is_422(call, other):
    call.post("/cases", LEAD, key="k1")
    told = problem(call.post("/cases", other, key="k1"), 422)

    assert told["type"] == "urn:fashen:problem:key-reused"
    assert call.get("/cases").json()["total"] == 1


@pytest.mark.parametrize("key", ["", " ", "a b", "k" * 201, "钥匙", "a\tb"])
def test_a_key_must_be_readable(asked, key):
    told = problem(asked.post("/cases", LEAD, key=key.encode()), 422)
    assert told["errors"][0]["field"] == "Idempotency-Key"


def test_the_longest_key_is_kept(call):
    assert call.post("/cases", LEAD, key="k" * 200).status_code == 201


def test_a_refused_command_does_not_spend_its_key(call):
    case = call.lead()
    call.post(f"/cases/{case}/describe_act", {"text": "烧秸秆", "began": "2026-08-31"}, version=1)
    form = {**TESTS, "officers": ["zhang"]}
    problem(call.post(f"/cases/{case}/propose_filing", form, version=2, key="k1"), 409)
    call.post(f"/cases/{case}/start_check", version=2)

    answer = call.post(f"/cases/{case}/propose_filing", form, version=3, key="k1")

    assert answer.status_code == 200
    assert "idempotency-replayed" not in answer.headers
    assert answer.json()["after"] == "filing"


# — judging without acting ————————————————————————————————————————————————————————————


def test_a_dry_run_answers_like_the_real_one_and_changes_nothing(call, fashen):
    case = call.investigated()
    form = {"kind": "自然人", "name": "新某某", "number": NUMBER, "address": "示例路1号"}
    call.headers("zhang")
    before = everything(fashen)

    tried = call.post(f"/cases/{case}/name_party?dry_run=true", form, version=6, key="k1")
    assert everything(fashen) == before
    done = call.post(f"/cases/{case}/name_party", form, version=6, key="k1")

    assert (tried.status_code, done.status_code) == (200, 200)
    assert tried.json() == {**done.json(), "dry_run": True}
    assert "etag" not in tried.headers


def test_a_dry_opening_opens_nothing(call, fashen):
    call.headers("zhang")
    before = everything(fashen)
    answer = call.post("/cases?dry_run=true", LEAD)

    assert (answer.status_code, answer.json()["dry_run"]) == (200, True)
    assert "location" not in answer.headers
    assert everything(fashen) == before


def test_a_refused_dry_run_is_refused_like_the_real_one_but_not_on_record(call, fashen):
    case = call.investigated()
    form = {"facts": "烧秸秆", "fine": 100_000, "signed_by": ["zhang"]}
    call.headers("zhang")
    before = everything(fashen)

    tried = problem(call.post(f"/cases/{case}/conclude?dry_run=true", form, version=6), 409)
    assert everything(fashen) == before
    assert problem(call.post(f"/cases/{case}/conclude", form, version=6), 409) == tried
    assert len(refusals(fashen)) == 1


# — at the same time ——————————————————————————————————————————————————————————————————


def together(*calls: Any) -> list[Any]:
    """All at once; what each answered."""
    gate = threading.Barrier(len(calls))
    answers: list[Any] = [None] * len(calls)

    def run(n: int) -> None:
        gate.wait()
        answers[n] = calls[n]()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_of_two_with_the_same_version_one_acts_and_one_hears_of_it(call):
    case = call.lead()
    call.headers("zhang"), call.headers("li")
    for version in range(1, 9):
        form = {"text": f"第{version}次"}
        answers = together(
            lambda f=form, v=version: call.post(f"/cases/{case}/describe_act", f, version=v),
            lambda f=form, v=version: call.post(f"/cases/{case}/describe_act", f, "li", version=v),
        )

        assert sorted(a.status_code for a in answers) == [200, 412]
        late = next(a for a in answers if a.status_code == 412)
        assert problem(late, 412)["since"][0]["seq"] == version + 1
    assert call.version(case) == 9


def test_the_same_key_at_once_opens_one_case(call):
    call.headers("zhang")
    for n in range(8):
        answers = together(*[lambda k=f"k{n}": call.post("/cases", LEAD, key=k)] * 3)

        assert [a.status_code for a in answers] == [201, 201, 201]
        assert len({a.headers["location"] for a in answers}) == 1
        assert sum("idempotency-replayed" in a.headers for a in answers) == 2
    assert call.get("/cases").json()["total"] == 8


def test_the_same_key_at_once_acts_once(call):
    case = call.lead()
    call.headers("zhang")
    for version in range(1, 9):
        form = {"text": f"第{version}次"}
        answers = together(
            *[
                lambda f=form, v=version: call.post(
                    f"/cases/{case}/describe_act", f, version=v, key=f"k{v}"
                )
            ]
            * 2
        )

        assert [a.status_code for a in answers] == [200, 200]
        assert sum("idempotency-replayed" in a.headers for a in answers) == 1
    assert call.version(case) == 9


# — around it —————————————————————————————————————————————————————————————————————————


def test_the_description_is_valid_and_whole(call):
    answer = call.client.get("/api/v1/openapi.json")
    told = answer.json()
    OpenAPI.model_validate(told)

    refs = set(_refs(told))
    assert refs
    for ref in refs:
        assert _at(told, ref), ref
    names = [o["operationId"] for path in told["paths"].values() for o in path.values()]
    assert len(names) == len(set(names))
    for path in told["paths"].values():
        for operation in path.values():
            assert operation["security"] == [{"HTTPBearer": []}]
            assert "401" in operation["responses"]


def test_every_verb_of_a_person_is_described_with_its_form(call):
    told = call.client.get("/api/v1/openapi.json").json()
    base = "/api/v1/cases"
    moves = {m.verb: m for flow in FLOWS.values() for m in flow.moves}
    acting = {v for v, m in moves.items() if not m.opens and m.who.roles != {"system"}}
    written = {
        p.rpartition("/")[2]: p
        for p, o in told["paths"].items()
        if "post" in o and p.startswith(base)
    }

    assert set(written) == acting | {"cases", "files"}
    for verb in acting:
        operation = told["paths"][f"{base}/{{case}}/{verb}"]["post"]
        assert {"If-Match", "Idempotency-Key", "dry_run"} <= {
            p["name"] for p in operation["parameters"]
        }
        assert {"200", "401", "403", "404", "409", "412", "422", "428"} <= set(
            operation["responses"]
        )
        asked = _at(told, operation["requestBody"]["content"]["application/json"]["schema"]["$ref"])
        assert set(asked["properties"]) == {
            *COMMANDS[verb].form.model_fields,
            "at",
            "excuse",
            "irregular",
            "on_behalf_of",
        }
    opening = told["paths"][base]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert len(opening["anyOf"]) == len([m for m in moves.values() if m.opens])
    assert {"do", "place", "at"} <= set(_at(told, opening["anyOf"][0]["$ref"])["properties"])


def test_no_form_uses_a_word_of_the_envelope():
    for command in COMMANDS.values():
        assert not set(command.form.model_fields) & set(verbs.Opening.model_fields), command.verb


def _refs(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for part in value.values():
            yield from _refs(part)
    elif isinstance(value, list):
        for part in value:
            yield from _refs(part)


def _at(document: dict[str, Any], ref: str) -> dict[str, Any]:
    found: Any = document
    for step in ref.removeprefix("#/").split("/"):
        found = found[step]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    "path", ["/api/v1/cases", "/api/v1/nowhere", "/healthz", "/static/app.css"]
)
def test_every_answer_is_guarded(asked, path):
    answer = asked.client.get(path)

    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["permissions-policy"].startswith("camera=(self), geolocation=(self), ")
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "strict-transport-security" not in answer.headers  # the sample address is plain http
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert (answer.headers.get("cache-control") == "no-store") is not path.startswith("/static/")


def test_an_unknown_address_and_method_are_problems_too(call):
    problem(call.get("/nowhere"), 404)
    answer = call.client.put("/api/v1/cases", headers=call.headers("zhang"))
    problem(answer, 405)
    assert answer.headers["allow"]


@pytest.mark.parametrize(("path", "size", "status"), [("/nowhere", 1, 404), ("/login", 2**21, 413)])
def test_a_person_gets_a_page_and_not_a_problem(asked, path, size, status):
    answer = asked.client.post(path, content=b"x" * size, headers={"Accept": "text/html"})

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")


def test_what_nobody_expected_is_told_without_its_inside(call, monkeypatch):
    def broken(*_args: Any) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(verbs, "perform", broken)
    answer = call.post("/cases", LEAD)

    problem(answer, 500)
    assert "secret" not in answer.text
    assert "default-src" in answer.headers["content-security-policy"]


def test_health_says_whether_the_database_is_there(call):
    assert call.client.get("/healthz").json()["status"] == "ok"


def test_a_lost_database_is_503_and_says_so():
    engine = database.connect("postgresql+psycopg://nobody@127.0.0.1:1/none")
    lost = Fashen(Settings(_env_file=None, secret_key="k" * 32), engine)
    with TestClient(make_app(lost), raise_server_exceptions=False) as client:
        health = client.get("/healthz")
        answer = client.get("/api/v1/cases", headers={"Authorization": "Bearer x"})

    assert (health.status_code, health.json()["status"]) == (503, "down")
    problem(answer, 503)
