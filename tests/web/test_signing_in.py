"""登录 as a person, an attacker and an administrator meet it: what lets in, what does not, what ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pyotp
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from policies.office import Person
from tests.builders import a_case, day, entries_of, office_at, sample_office, set_clock
from tests.web.visiting import PASSWORD, cookie_of, enter, with_password
from workflow import accounts, offices, sessions, tokens
from workflow.desk import COMMANDS
from workflow.program import Fashen
from workflow.web.app import make_app
from workflow.web.pages.session import COOKIE
from workflow.web.pages.signing import SIGNED

MORNING = day(2026, 9, 1)


class Door:
    """A browser before the sign-in page."""

    def __init__(self, fashen: Fashen, client: TestClient) -> None:
        self.fashen, self.client = fashen, client

    def knock(self, name: str, password: str, code: str = "", **more: str) -> Response:
        page = self.client.get("/login")
        sent = {"csrf": hidden(page.text, "csrf"), "name": name, "password": password, "code": code}
        return self.client.post("/login", data=sent | more)

    def post(self, path: str, **fields: str) -> Response:
        page = self.client.get("/me" if path.startswith("/me") else "/")
        return self.client.post(path, data={"csrf": hidden(page.text, "csrf"), **fields})

    def wait(self, **time: float) -> None:
        set_clock(self.fashen, self.fashen.clock() + timedelta(**time))


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return unescape(found[1]) if found else ""


@pytest.fixture
def door() -> Iterator[Door]:
    fashen = office_at(now=MORNING)
    for person in ("zhang", "shen", "head", "security", "auditor"):
        with_password(fashen, person)
    with TestClient(make_app(fashen)) as client:
        yield Door(fashen, client)


# — in —————————————————————————————————————————————————————————————————————————————————————


def test_whoever_is_not_signed_in_sees_the_sign_in_page_in_place_of_the_list(door: Door):
    page = door.client.get("/", follow_redirects=False)
    assert page.status_code == 200
    assert "登录法审" in page.text


@pytest.mark.parametrize("name", ["zhang", "张衡", " zhang "])
def test_a_person_comes_in_by_id_or_by_name(door: Door, name: str):
    page = door.knock(name, PASSWORD)
    assert page.url.path == "/"
    assert "张衡" in page.text


def test_any_other_page_leads_to_the_sign_in_page_and_back(door: Door):
    case = a_case(door.fashen, "checking")
    page = door.client.get(f"/cases/{case}", follow_redirects=False)
    assert page.status_code == 303
    then = hidden(door.client.get(page.headers["location"]).text, "next")
    assert door.knock("zhang", PASSWORD, next=then).url.path == f"/cases/{case}"


def test_the_way_back_after_signing_in_never_leads_to_another_site(door: Door):
    for elsewhere in ("//evil.example/", "https://evil.example/", "/\\evil.example"):
        page = door.client.get("/login", params={"next": elsewhere})
        assert hidden(page.text, "next") == "/"


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(door: Door):
    csrf = hidden(door.client.get("/login").text, "csrf")
    sent = {"csrf": csrf, "name": "zhang", "password": PASSWORD}
    answer = door.client.post("/login", data=sent, follow_redirects=False)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie  # the sample address is plain http


def test_over_https_the_cookie_travels_only_encrypted(door: Door):
    settings = door.fashen.settings.model_copy(update={"public_url": "https://fashen.example"})
    door.fashen.settings = settings
    assert "secure" in door.client.get("/login").headers["set-cookie"].lower()


def test_a_token_of_a_program_opens_no_page(door: Door):
    token = tokens.issue(door.fashen, "sample", "zhang")
    assert door.knock("zhang", token).status_code == 403
    door.client.cookies.set(COOKIE, token)
    assert "登录法审" in door.client.get("/").text


def test_a_cookie_known_before_opens_nothing_after_signing_in(door: Door):
    door.client.cookies.set(COOKIE, "chosen-by-somebody-else")
    door.knock("zhang", PASSWORD)
    assert sessions.find(door.fashen, "chosen-by-somebody-else") is None


# — not in ————————————————————————————————————————————————————————————————————————————————


def test_a_wrong_password_and_an_unknown_person_are_answered_alike(door: Door):
    wrong = door.knock("zhang", "no such password at all")
    unknown = door.knock("nobody", "no such password at all")
    assert wrong.status_code == unknown.status_code == 403
    told = [re.search(r'role="alert">([^<]+)', page.text) for page in (wrong, unknown)]
    assert told[0]
    assert told[1]
    assert told[0][1] == told[1][1] == accounts.NOT_LET_IN


def test_the_fifth_wrong_password_lets_the_account_rest_and_the_right_one_waits(door: Door):
    for _ in range(accounts.TRIES - 1):
        assert door.knock("zhang", "wrong wrong wrong").status_code == 403
    assert "张衡" in door.knock("zhang", PASSWORD).text  # the fifth was right: all is forgotten
    door.client.cookies.clear()
    for _ in range(accounts.TRIES):
        door.knock("zhang", "wrong wrong wrong")
    resting = door.knock("zhang", PASSWORD)
    assert resting.status_code == 429
    assert 0 < int(resting.headers["retry-after"]) <= accounts.RESTS.total_seconds()
    assert "没有核对密码" in resting.text
    assert "沈知远" in door.knock("shen", PASSWORD).text  # others come in
    door.client.cookies.clear()
    door.wait(minutes=14, seconds=59)
    assert door.knock("zhang", PASSWORD).status_code == 429
    door.wait(seconds=1)
    assert "张衡" in door.knock("zhang", PASSWORD).text


def test_many_tries_at_once_are_no_more_than_five(database_url: str):
    fashen, office = office_at(database_url, now=MORNING), sample_office()
    with_password(fashen, "zhang")

    def guess(n: int) -> str:
        try:
            accounts.sign_in(fashen, office, "zhang", f"guess number {n}", "", f"10.0.0.{n}")
        except accounts.TooManyTries:
            return "rests"
        except accounts.SignInRefused:
            return "wrong"
        return "in"

    with ThreadPoolExecutor(8) as many:
        answers = list(many.map(guess, range(20)))
    assert answers.count("wrong") == accounts.TRIES
    assert answers.count("rests") == 20 - accounts.TRIES


def test_one_address_is_not_heard_after_thirty_failures_over_many_accounts(door: Door):
    for n in range(accounts.FROM_ONE_PLACE):
        assert door.knock(f"nobody{n}", "some password here").status_code == 403
    assert door.knock("zhang", PASSWORD).status_code == 429
    door.wait(minutes=15)
    assert "张衡" in door.knock("zhang", PASSWORD).text


def test_with_several_offices_one_says_which(door: Door):
    real = sample_office().model_copy(
        update={"office": "real", "sample": False, "name": "另一街道"}
    )
    offices.load(door.fashen, real)
    assert door.knock("zhang", PASSWORD).status_code == 422
    assert door.knock("zhang", PASSWORD, office="real").status_code == 403  # no account there
    assert "张衡" in door.knock("zhang", PASSWORD, office="sample").text


# — the first password ————————————————————————————————————————————————————————————————————


def test_in_a_sample_office_the_page_tells_the_password_and_the_first_thing_is_an_own_one(
    door: Door,
):
    page = door.client.get("/login").text
    assert accounts.SAMPLE_PASSWORD in page
    assert "李薇" in page
    came = door.knock("li", accounts.SAMPLE_PASSWORD)
    assert came.url.path == "/me/password"
    case = a_case(door.fashen, "checking")
    assert door.client.get(f"/cases/{case}").url.path == "/me/password"
    form = {"csrf": hidden(came.text, "csrf")}
    refused = door.client.post(f"/cases/{case}/do/describe_act", data=form | {"f.text": "焚烧"})
    assert refused.status_code == 403
    assert "请先设置自己的密码" in refused.text
    new = "晴天去河边看过的白鹭"
    sent = form | {"old": accounts.SAMPLE_PASSWORD, "new": new, "again": new}
    assert door.client.post("/me/password", data=sent).url.path == "/me/password"  # ten characters
    new += "和芦苇"
    sent |= {"new": new, "again": new}
    assert door.client.post("/me/password", data=sent).url.path == "/"
    assert door.client.get(f"/cases/{case}").status_code == 200


def test_a_real_office_has_no_password_that_a_page_tells(door: Door):
    real = sample_office().model_copy(update={"office": "real", "sample": False})
    offices.load(door.fashen, real)
    came = door.knock("li", accounts.SAMPLE_PASSWORD, office="real")
    assert came.status_code == 403
    made = accounts.give_initial(door.fashen, "real", "li", by="test")
    assert door.knock("li", made, office="real").url.path == "/me/password"


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("a" * 11, "12 到 128"),
        ("x9" * 65, "12 到 128"),
        ("zhang-2026-autumn", "自己的名字"),
        ("我是张衡今年四十二岁整", "12 到 128"),
        ("我是张衡今年四十二岁整啦", "自己的名字"),
        ("123456789012", "太常见"),
        ("abababababab", "太常见"),
        (PASSWORD, "与现在的相同"),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_why(door: Door, new: str, why: str):
    door.knock("zhang", PASSWORD)
    page = door.post("/me/password", old=PASSWORD, new=new, again=new)
    assert page.status_code == 422
    assert why in page.text
    door.client.cookies.clear()
    assert "张衡" in door.knock("zhang", PASSWORD).text  # nothing was changed


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(door: Door):
    _, other = cookie_of(door.fashen, "zhang")
    door.knock("zhang", PASSWORD)
    new = "a quite different sentence"
    assert door.post("/me/password", old=PASSWORD, new=new, again=new).status_code == 200
    assert "密码已修改" in door.client.get("/me?done=password").text
    assert sessions.find(door.fashen, other) is None
    assert door.client.get("/me").url.path == "/me"


# — sessions ——————————————————————————————————————————————————————————————————————————————


def test_signing_out_ends_the_session_on_the_server_too(door: Door):
    enter(door.client, "zhang")
    kept = door.client.cookies[COOKIE]
    door.post("/logout")
    assert "登录法审" in door.client.get("/").text
    door.client.cookies.set(COOKIE, kept)
    assert "登录法审" in door.client.get("/").text


@pytest.mark.parametrize(
    ("steps", "still"),
    [((60,), True), ((60.1,), False), ((50,) * 14, True), ((50,) * 15, False)],
)
def test_a_session_ends_after_an_idle_hour_and_after_twelve_hours(
    door: Door, steps: tuple[float, ...], still: bool
):
    enter(door.client, "zhang")
    for minutes in steps:
        door.wait(minutes=minutes)
        page = door.client.get("/")
    assert ("登录法审" not in page.text) is still


def test_whoever_left_the_office_is_out_at_once(door: Door):
    enter(door.client, "zhang")
    office = sample_office()
    rest = tuple(p for p in office.people if p.id != "zhang")
    roster = office.model_copy(update={"people": rest})
    offices.load(door.fashen, roster)
    assert "登录法审" in door.client.get("/").text


# — the second factor —————————————————————————————————————————————————————————————————————


def on(door: Door) -> tuple[pyotp.TOTP, list[str]]:
    door.knock("zhang", PASSWORD)
    page = door.client.get("/me").text
    key = re.search(r'<code class="fx-un">([A-Z2-7 ]+)</code>', page)
    assert key
    totp = pyotp.TOTP(key[1].replace(" ", ""))
    done = door.post("/me/factor", switch="on", code=now_of(totp, door.fashen.clock()))
    codes = re.findall(r"<li><code>([0-9a-f-]+)</code>", done.text)
    assert len(codes) == accounts.RECOVERY
    door.client.cookies.clear()
    return totp, codes


def now_of(totp: pyotp.TOTP, at: datetime) -> str:
    return str(totp.at(at))


def test_with_a_second_factor_the_password_alone_lets_nobody_in(door: Door):
    totp, _ = on(door)
    door.wait(minutes=1)
    assert door.knock("zhang", PASSWORD).status_code == 403
    assert door.knock("zhang", PASSWORD, "000000").status_code == 403
    assert door.knock("zhang", PASSWORD, now_of(totp, door.fashen.clock())).url.path == "/"


def test_a_code_is_accepted_once_and_one_step_to_either_side(door: Door):
    totp, _ = on(door)
    door.wait(minutes=5)
    code = now_of(totp, door.fashen.clock())
    door.wait(seconds=30)
    assert door.knock("zhang", PASSWORD, code).url.path == "/"
    door.client.cookies.clear()
    assert door.knock("zhang", PASSWORD, code).status_code == 403  # a second time
    code = now_of(totp, door.fashen.clock())
    door.wait(seconds=61)
    assert door.knock("zhang", PASSWORD, code).status_code == 403  # two steps old


def test_a_recovery_code_is_good_once(door: Door):
    _, codes = on(door)
    assert door.knock("zhang", PASSWORD, codes[3]).url.path == "/"
    door.client.cookies.clear()
    assert door.knock("zhang", PASSWORD, codes[3]).status_code == 403
    assert door.knock("zhang", PASSWORD, codes[4]).url.path == "/"


def test_the_second_factor_goes_off_only_with_a_password_or_a_code(door: Door):
    totp, _ = on(door)
    door.wait(minutes=1)
    door.knock("zhang", PASSWORD, now_of(totp, door.fashen.clock()))
    assert door.post("/me/factor", switch="off", signed_with="guess").status_code == 403
    assert door.post("/me/factor", switch="off", signed_with=PASSWORD).status_code == 200
    door.client.cookies.clear()
    assert door.knock("zhang", PASSWORD).url.path == "/"


# — signing ———————————————————————————————————————————————————————————————————————————————


def signing(door: Door, case: str, **fields: Any) -> Response:
    path = f"/cases/{case}/do/return_case"
    page = door.client.get(path)
    assert page.status_code == 200
    names = ("csrf", "version", "key", "shown_at")
    sent = {name: hidden(page.text, name) for name in names} | {"f.points": "补充现场照片"}
    return door.client.post(path, data=sent | fields)


@pytest.mark.parametrize("told", [{}, {"signed_with": ""}, {"signed_with": "not the password"}])
def test_nothing_is_signed_without_the_password_and_the_input_is_kept(
    door: Door, told: dict[str, str]
):
    case = a_case(door.fashen, "under_review")
    before = len(entries_of(door.fashen, case))
    enter(door.client, "shen")
    page = signing(door, case, **told)
    assert page.status_code == 422
    assert "没有签字，什么都没有改变" in page.text
    assert "补充现场照片" in page.text
    assert "not the password" not in page.text
    assert len(entries_of(door.fashen, case)) == before


def test_the_password_of_somebody_else_signs_nothing(door: Door):
    case = a_case(door.fashen, "under_review")
    enter(door.client, "shen")
    accounts.change(
        door.fashen, sample_office(), next(p for p in sample_office().people if p.id == "zhang"),
        PASSWORD, "the password of zhao yan", "the password of zhao yan", "",
    )  # fmt: skip
    page = signing(door, case, signed_with="the password of zhao yan")
    assert page.status_code == 422


def test_wrong_passwords_at_signing_count_like_those_at_the_door(door: Door):
    case = a_case(door.fashen, "under_review")
    enter(door.client, "shen")
    for _ in range(accounts.TRIES):
        signing(door, case, signed_with="guess guess guess")
    assert "账户暂停" in signing(door, case, signed_with=PASSWORD).text


def test_whoever_signs_rightly_is_heard(door: Door):
    case = a_case(door.fashen, "under_review")
    before = len(entries_of(door.fashen, case))
    enter(door.client, "shen")
    signing(door, case, signed_with=PASSWORD, **{"f.reason": "缺现场照片"})
    assert "没有签字" not in signing(door, case, signed_with=PASSWORD).text
    assert len(entries_of(door.fashen, case)) >= before


def test_every_verb_that_is_signed_exists():
    assert set(COMMANDS) >= SIGNED


# — looking after accounts ————————————————————————————————————————————————————————————————


def test_the_security_administrator_gives_a_password_that_is_told_once(door: Door):
    _, other = cookie_of(door.fashen, "zhang")
    enter(door.client, "security")
    page = door.post("/admin/accounts/zhang", do="initial")
    made = re.search(r'<code class="fx-big">([^<]+)</code>', page.text)
    assert made
    assert sessions.find(door.fashen, other) is None
    assert made[1] not in door.client.get("/admin/accounts").text
    door.client.cookies.clear()
    assert door.knock("zhang", PASSWORD).status_code == 403
    assert door.knock("zhang", made[1]).url.path == "/me/password"


def test_a_resting_account_is_let_go_on(door: Door):
    for _ in range(accounts.TRIES):
        door.knock("zhang", "wrong wrong wrong")
    enter(door.client, "security")
    assert "暂停" in door.client.get("/admin/accounts").text
    door.post("/admin/accounts/zhang", do="free")
    door.client.cookies.clear()
    assert "张衡" in door.knock("zhang", PASSWORD).text


@pytest.mark.parametrize("person", ["zhang", "head", "admin", "auditor", "inspector"])
def test_nobody_else_touches_accounts(door: Door, person: str):
    enter(door.client, person)
    assert door.client.get("/admin/accounts").status_code == 403
    assert door.post("/admin/accounts/zhang", do="initial").status_code == 403
    door.client.cookies.clear()
    assert "张衡" in door.knock("zhang", PASSWORD).text


def test_the_log_tells_who_came_who_did_not_and_who_touched_what(door: Door):
    door.knock("zhang", "wrong wrong wrong")
    door.knock("zhang", PASSWORD)
    enter(door.client, "security")
    door.post("/admin/accounts/zhang", do="end")
    assert door.client.get("/admin/access-log").status_code == 403  # who does it does not read it
    enter(door.client, "auditor")
    page = door.client.get("/admin/access-log?person=zhang").text
    found = re.findall(
        r'data-th="事情"><span>([^<]+)</span>.*?data-th="谁办的"><span>([^<]+)<', page
    )
    assert found[:3] == [("结束其他设备的登录", "程守安"), ("登录", "本人"), ("登录未成功", "本人")]
    assert "wrong wrong" not in page


def test_nobody_is_two_of_the_three_administrators():
    with pytest.raises(ValueError, match="由不同的人担任"):
        Person(id="x", name="某", roles=("admin", "audit_admin"))
