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
from tests.builders import a_case, day, entries_of, office_at, sample_office, set_clock, version_of
from tests.web.visiting import PASSWORD, cookie_of, enter, with_password
from workflow import accounts, offices, passwords, sessions, tokens
from workflow.desk import COMMANDS
from workflow.order import Done, Order
from workflow.program import Fashen
from workflow.web.app import make_app
from workflow.web.pages.session import COOKIE
from workflow.web.pages.signing import SIGNED
from workflow.work import perform

MORNING = day(2026, 9, 1)
TRIES, FROM_ONE_PLACE = 5, 30


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


def alert(page: Response) -> str:
    found = re.search(r'role="alert">([^<]+)', page.text)
    assert found
    return found[1]


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


def test_over_https_every_answer_keeps_browsers_there_also_when_the_program_fails():
    fashen = office_at(now=MORNING)
    fashen.settings = fashen.settings.model_copy(update={"public_url": "https://fashen.example"})
    with TestClient(make_app(fashen), raise_server_exceptions=False) as client:
        assert client.get("/login").headers["strict-transport-security"] == "max-age=31536000"
        fashen.engine = None
        broken = client.get("/login")
    assert broken.status_code == 500
    assert broken.headers["strict-transport-security"] == "max-age=31536000"


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
    assert alert(wrong) == alert(unknown) == accounts.not_let_in(door.fashen)


def test_the_fifth_wrong_password_lets_the_account_rest_and_the_right_one_waits(door: Door):
    for _ in range(TRIES - 1):
        assert door.knock("zhang", "wrong wrong wrong").status_code == 403
    assert "张衡" in door.knock("zhang", PASSWORD).text  # the fifth was right: all is forgotten
    door.client.cookies.clear()
    for _ in range(TRIES):
        door.knock("zhang", "wrong wrong wrong")
    resting, unknown = door.knock("zhang", PASSWORD), door.knock("nobody", PASSWORD)
    assert resting.status_code == 403
    assert alert(resting) == alert(unknown)  # that an account rests would tell that there is one
    assert "沈知远" in door.knock("shen", PASSWORD).text  # others come in
    door.client.cookies.clear()
    door.wait(minutes=14, seconds=59)
    assert door.knock("zhang", PASSWORD).status_code == 403
    door.wait(seconds=1)
    assert "张衡" in door.knock("zhang", PASSWORD).text


def test_many_tries_at_once_are_no_more_than_five(database_url: str, monkeypatch):
    fashen, office = office_at(database_url, now=MORNING), sample_office()
    with_password(fashen, "zhang")
    looked_at: list[str] = []
    look = accounts._is_theirs

    def counted(fashen: Fashen, row: Any, password: str) -> bool:
        looked_at.append(password)
        return look(fashen, row, password)

    monkeypatch.setattr(accounts, "_is_theirs", counted)

    def guess(n: int) -> None:
        with pytest.raises(accounts.SignInRefused):
            accounts.sign_in(fashen, office, "zhang", f"guess number {n}", "", f"place {n}")

    with ThreadPoolExecutor(8) as many:
        list(many.map(guess, range(20)))
    assert len(looked_at) == TRIES


def test_one_address_is_not_heard_after_thirty_failures_over_many_accounts(door: Door):
    for n in range(FROM_ONE_PLACE):
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
    assert passwords.SAMPLE_PASSWORD in page
    assert "李薇" in page
    came = door.knock("li", passwords.SAMPLE_PASSWORD)
    assert came.url.path == "/me/password"
    case = a_case(door.fashen, "checking")
    assert door.client.get(f"/cases/{case}").url.path == "/me/password"
    form = {"csrf": hidden(came.text, "csrf")}
    refused = door.client.post(f"/cases/{case}/do/describe_act", data=form | {"f.text": "焚烧"})
    assert refused.status_code == 403
    assert "请先设置自己的密码" in refused.text
    new = "晴天去河边看过的白鹭"
    sent = form | {"old": passwords.SAMPLE_PASSWORD, "new": new, "again": new}
    assert door.client.post("/me/password", data=sent).url.path == "/me/password"  # ten characters
    new += "和芦苇"
    sent |= {"new": new, "again": new}
    assert door.client.post("/me/password", data=sent).url.path == "/"
    assert door.client.get(f"/cases/{case}").status_code == 200


def test_a_real_office_has_no_password_that_a_page_tells(door: Door):
    real = sample_office().model_copy(update={"office": "real", "sample": False})
    offices.load(door.fashen, real)
    came = door.knock("li", passwords.SAMPLE_PASSWORD, office="real")
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
    offices.load(door.fashen, office)  # somebody else may be given the id
    assert "登录法审" in door.client.get("/").text
    assert accounts.of(door.fashen, "sample", "zhang") is None


# — the second factor —————————————————————————————————————————————————————————————————————


def on(door: Door, person: str = "zhang") -> tuple[pyotp.TOTP, list[str]]:
    door.knock(person, PASSWORD)
    totp, offered = an_offer(door)
    sent = {"switch": "on", "offered": offered, "code": now_of(totp, door.fashen.clock())}
    done = door.post("/me/factor", **sent)
    codes = re.findall(r"<li><code>([0-9a-f-]+)</code>", done.text)
    assert len(codes) == accounts.RECOVERY
    door.client.cookies.clear()
    return totp, codes


def an_offer(door: Door) -> tuple[pyotp.TOTP, str]:
    page = door.post("/me/factor", switch="offer", signed_with=PASSWORD).text
    key = re.search(r'<code class="fx-un">([A-Z2-7 ]+)</code>', page)
    assert key
    return pyotp.TOTP(key[1].replace(" ", "")), hidden(page, "offered")


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


def test_wrong_codes_count_like_wrong_passwords(door: Door):
    totp, codes = on(door)
    door.wait(minutes=1)
    for _ in range(TRIES):
        assert door.knock("zhang", PASSWORD, "000000").status_code == 403
    assert door.knock("zhang", PASSWORD, codes[0]).status_code == 403  # it rests
    door.wait(minutes=15)
    assert door.knock("zhang", PASSWORD, now_of(totp, door.fashen.clock())).url.path == "/"


def test_the_key_is_told_once_and_to_whoever_gave_the_password(door: Door):
    door.knock("zhang", PASSWORD)
    assert "fx-qr" not in door.client.get("/me").text
    assert "fx-qr" not in door.post("/me/factor", switch="offer", signed_with="guess").text
    (one, _), (two, offered) = an_offer(door), an_offer(door)
    assert one.secret != two.secret
    _, other = cookie_of(door.fashen, "zhang")
    code = now_of(two, door.fashen.clock())
    first = door.client.cookies[COOKIE]
    door.client.cookies.clear()
    door.client.cookies.set(COOKIE, other)
    page = door.post("/me/factor", switch="on", offered=offered, code=code)
    assert "不是这次登录时给的" in page.text
    door.client.cookies.clear()
    door.client.cookies.set(COOKIE, first)
    assert "恢复码" in door.post("/me/factor", switch="on", offered=offered, code=code).text


def test_a_wrong_code_leaves_the_offer_standing(door: Door):
    door.knock("zhang", PASSWORD)
    totp, offered = an_offer(door)
    page = door.post("/me/factor", switch="on", offered=offered, code="000000")
    assert page.status_code == 422
    assert totp.secret in page.text.replace(" ", "")


def test_the_second_factor_goes_off_only_with_a_password_or_a_code(door: Door):
    totp, _ = on(door)
    door.wait(minutes=1)
    door.knock("zhang", PASSWORD, now_of(totp, door.fashen.clock()))
    assert door.post("/me/factor", switch="off", signed_with="guess").status_code == 403
    assert door.post("/me/factor", switch="off", signed_with=PASSWORD).status_code == 200
    door.client.cookies.clear()
    assert door.knock("zhang", PASSWORD).url.path == "/"


# — signing ———————————————————————————————————————————————————————————————————————————————


def filled(door: Door, case: str) -> dict[str, str]:
    """A whole return of the case, but for the password."""
    page = door.client.get(f"/cases/{case}/do/return_case")
    assert page.status_code == 200
    names = ("csrf", "version", "key", "shown_at")
    said = {"f.opinion": "缺现场照片", "f.points": "补充现场照片"}
    return {name: hidden(page.text, name) for name in names} | said


def signing(door: Door, case: str, **fields: Any) -> Response:
    return door.client.post(f"/cases/{case}/do/return_case", data=filled(door, case) | fields)


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
    zhang, own = sample_office().person("zhang"), "the password of zhao yan"
    assert zhang
    accounts.change(door.fashen, sample_office(), zhang, PASSWORD, own, own)
    page = signing(door, case, signed_with="the password of zhao yan")
    assert page.status_code == 422


def test_wrong_passwords_at_signing_count_like_those_at_the_door(door: Door):
    case = a_case(door.fashen, "under_review")
    enter(door.client, "shen")
    for _ in range(TRIES):
        signing(door, case, signed_with="guess guess guess")
    assert "账户暂停" in signing(door, case, signed_with=PASSWORD).text


def test_whoever_signs_rightly_is_heard(door: Door):
    case = a_case(door.fashen, "under_review")
    before = len(entries_of(door.fashen, case))
    enter(door.client, "shen")
    assert signing(door, case, signed_with=PASSWORD).url.path == f"/cases/{case}"
    assert len(entries_of(door.fashen, case)) == before + 1


def test_a_second_press_of_the_button_needs_no_second_code_and_another_form_does(door: Door):
    totp, _ = on(door, "head")
    door.wait(minutes=1)
    case = a_case(door.fashen, "deciding")
    before = len(entries_of(door.fashen, case))
    enter(door.client, "head")
    said = {"f.attendees": ["head", "deputy"], "f.views": "均同意", "f.conclusion": "按拟处罚"}
    path = f"/cases/{case}/do/discuss"  # the case stays where it is, so the move stays open

    def press(**more: Any) -> Response:
        return door.client.post(path, data=sent | more, follow_redirects=False)

    page = door.client.get(path).text
    names = ("csrf", "version", "key", "shown_at")
    sent: dict[str, Any] = {name: hidden(page, name) for name in names} | said
    sent["signed_with"] = now_of(totp, door.fashen.clock())
    first = press()
    assert first.status_code == 303
    assert press().headers["location"] == first.headers["location"]
    another = press(key="another", version=str(version_of(door.fashen, case)))
    assert another.status_code == 422  # the code was used
    assert "没有签字" in another.text
    assert len(entries_of(door.fashen, case)) == before + 1


def test_a_version_from_the_future_signs_nothing_unasked(door: Door, monkeypatch):
    case = a_case(door.fashen, "under_review", after="submit_to_unit")
    enter(door.client, "shen")
    csrf = hidden(door.client.get("/me").text, "csrf")
    sent = {"csrf": csrf, "version": "999", "f.opinion": "缺现场照片", "f.points": "补充"}
    asked: list[int | None] = []

    def heard(fashen: Fashen, order: Order) -> Done:
        asked.append(order.version)
        return perform(fashen, order)

    monkeypatch.setattr("workflow.web.pages.moves.perform", heard)
    assert door.client.post(f"/cases/{case}/do/return_case", data=sent).status_code == 409
    assert asked == [version_of(door.fashen, case)]


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
    for _ in range(TRIES):
        door.knock("zhang", "wrong wrong wrong")
    enter(door.client, "security")
    assert "暂停" in door.client.get("/admin/accounts").text
    door.post("/admin/accounts/zhang", do="free")
    door.client.cookies.clear()
    assert "张衡" in door.knock("zhang", PASSWORD).text


def test_an_account_that_is_shut_stays_so_until_it_is_freed(door: Door):
    _, running = cookie_of(door.fashen, "zhang")
    enter(door.client, "security")
    door.post("/admin/accounts/zhang", do="shut")
    assert "已停用" in door.client.get("/admin/accounts").text
    assert sessions.find(door.fashen, running) is None
    made = accounts.give_initial(door.fashen, "sample", "zhang", by="test")
    door.wait(days=1000)
    assert door.knock("zhang", made).status_code == 403
    enter(door.client, "security")
    door.post("/admin/accounts/zhang", do="free")
    door.client.cookies.clear()
    assert door.knock("zhang", made).url.path == "/me/password"


def test_nobody_shuts_themselves_out(door: Door):
    enter(door.client, "security")
    assert door.post("/admin/accounts/security", do="shut").status_code == 403
    assert door.client.get("/admin/accounts").status_code == 200


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
    assert found[:3] == [("结束其他设备的登录", "程守安"), ("登录", "本人"), ("登录未成功", "—")]
    assert "wrong wrong" not in page


def test_nobody_is_two_of_the_three_administrators():
    with pytest.raises(ValueError, match="由不同的人担任"):
        Person(id="x", name="某", roles=("admin", "audit_admin"))


# — keys ———————————————————————————————————————————————————————————————————————————————————


def test_the_search_key_is_switched_off_in_one_browser_and_on_again(door: Door):
    assert "/static/keys.js" in door.knock("zhang", PASSWORD).text
    assert "已保存在这个浏览器" in door.post("/me/keys", switch="off").text
    off = door.client.get("/").text
    assert "/static/keys.js" not in off
    assert "aria-keyshortcuts" not in off
    door.post("/me/keys", switch="on")
    assert "/static/keys.js" in door.client.get("/").text
