"""What watchers ask: /healthz, its deep answer, /metrics with its guard, and the page for the office's own people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from tests.builders import a_case, day, office_at, set_clock
from tests.web.test_inbox import Browser
from workflow import database, heartbeats, models
from workflow.database import reading
from workflow.deliveries import drain
from workflow.metrics import exposition
from workflow.program import Fashen
from workflow.settings import Settings
from workflow.sweep import sweep
from workflow.web.app import make_app

NOON = day(2026, 9, 1, 12)
TOKEN = "0123456789abcdef"
HERE = ("127.0.0.1", 50000)


@pytest.fixture
def fashen(sqlite_url: str) -> Iterator[Fashen]:
    made = office_at(sqlite_url, now=NOON)
    yield made
    made.engine.dispose()


def get(fashen: Fashen, path: str, client: tuple[str, int] = HERE, **headers: str):
    with TestClient(make_app(fashen), client=client) as browser:
        return browser.get(path, headers=headers)


def silent_for(fashen: Fashen, minutes: int) -> None:
    sweep(fashen)
    drain(fashen)
    set_clock(fashen, NOON + timedelta(minutes=minutes))


# — /healthz ———————————————————————————————————————————————————————————————————————————


def test_the_load_balancer_is_answered_as_ever_whatever_is_silent(fashen: Fashen):
    silent_for(fashen, 31)
    answer = get(fashen, "/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": "sqlite"})


@pytest.mark.parametrize(("minutes", "status"), [(30, 200), (31, 503)])
def test_the_deep_answer_is_503_when_a_line_is_red(fashen: Fashen, minutes: int, status: int):
    silent_for(fashen, minutes)
    answer = get(fashen, "/healthz?deep=true")
    told = answer.json()
    assert (answer.status_code, told["status"]) == (status, "ok" if status == 200 else "down")
    assert told["level"] == ("yellow" if status == 200 else "red")
    assert [line["name"] for line in told["lines"]][:2] == ["database", "sweep"]
    assert all(set(line) == {"name", "level", "text", "cure"} for line in told["lines"])


def test_the_deep_answer_quotes_nobody_and_names_no_machine(fashen: Fashen):
    heartbeats.beat(fashen, "worker:celery@secret-host")
    with fashen.engine.begin() as tx:
        row = {"name": "wecom", "failures": 2, "error": "key=geheim"}
        tx.execute(models.channel.insert(), row)
    told = get(fashen, "/healthz?deep=true").text
    assert "channel:wecom" in told
    assert not any(word in told for word in ("secret-host", "geheim"))


# — /metrics ———————————————————————————————————————————————————————————————————————————


def with_token(fashen: Fashen, token: str = TOKEN) -> Fashen:
    fashen.settings = fashen.settings.model_copy(update={"metrics_token": SecretStr(token)})
    return fashen


@pytest.mark.parametrize(
    ("client", "headers", "status"),
    [
        (HERE, {}, 200),
        (("::1", 50000), {}, 200),
        (("192.0.2.7", 50000), {}, 403),
        (("testclient", 50000), {}, 403),
        (HERE, {"X-Forwarded-For": "127.0.0.1"}, 403),
        (HERE, {"Forwarded": "for=192.0.2.7"}, 403),
        (HERE, {"X-Real-IP": "127.0.0.1"}, 403),
    ],
)
def test_without_a_token_only_this_machine_itself_is_answered(fashen, client, headers, status):
    answer = get(fashen, "/metrics", client, **headers)
    assert answer.status_code == status
    assert ("fashen_" in answer.text) is (status == 200)


@pytest.mark.parametrize(
    ("brought", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        (f"Bearer {TOKEN}x", 401),
        (f"Bearer {TOKEN[:-1]}", 401),
        (f"Basic {TOKEN}", 401),
        (TOKEN, 401),
        ("", 401),
    ],
)
@pytest.mark.parametrize("client", [HERE, ("192.0.2.7", 50000)])
def test_with_a_token_whoever_brings_it_is_answered(fashen, brought, status, client):
    answer = get(with_token(fashen), "/metrics", client, Authorization=brought)
    assert answer.status_code == status
    assert ("fashen_" in answer.text) is (status == 200)
    assert TOKEN not in answer.text


@pytest.mark.parametrize(
    "token", ["short", "0123456789 abcdef", "令牌令牌令牌令牌令牌令牌令牌令牌"]
)
def test_a_token_that_can_be_guessed_or_not_be_sent_is_refused(token: str):
    with pytest.raises(ValueError, match="至少 16 个字符"):
        Settings(_env_file=None, metrics_token=token)


def test_a_lost_database_is_503_for_prometheus_too():
    engine = database.connect("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=2")
    answer = get(Fashen(Settings(_env_file=None, secret_key="k" * 32), engine), "/metrics")
    assert (answer.status_code, "nobody" in answer.text) == (503, False)


Figures = dict[tuple[str, tuple[str, ...]], float]


def figures(text: str) -> Figures:
    """Each sample by its name and the values of its labels."""
    return {
        (sample.name.removeprefix("fashen_"), tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_figures_are_those_of_the_database(database_url: str):
    fashen = office_at(database_url, now=day(2026, 9, 1, 9))
    a_case(fashen, "lead")
    a_case(fashen, "lead")
    set_clock(fashen, day(2026, 9, 17, 8))
    sweep(fashen)
    with fashen.engine.begin() as tx:
        tx.execute(models.channel.insert(), {"name": "wecom", "failures": 2})
        o = models.outbox.c
        ids = tx.execute(sa.select(o.id).where(o.kind == "alert")).scalars().all()
        tx.execute(models.outbox.update().where(o.id == ids[0]).values(status="dead"))
        queued = tx.scalar(sa.select(sa.func.count()).select_from(models.outbox))
    set_clock(fashen, day(2026, 9, 17, 9))
    found = figures(exposition(fashen).decode())
    with reading(fashen.engine) as tx:
        raised = tx.execute(
            sa.select(models.alert.c.stage, sa.func.count()).group_by(models.alert.c.stage)
        ).all()
    fashen.engine.dispose()

    assert found["cases", ("lead",)] == 2
    assert found["deadlines_open", ()] == 2
    assert raised
    for stage, count in raised:
        assert found["alerts_total", (stage,)] == found["alerts_today", (stage,)] == count
    assert found["outbox_dead", ()] == found["outbox_messages", ("alert", "dead")] == 1
    assert found["outbox_queued_total", ()] == queued
    assert found["outbox_messages", ("alert", "ready")] == len(ids) - 1
    assert found["outbox_oldest_seconds", ()] == 3600
    assert found["heartbeat_age_seconds", ("sweep",)] == 3600
    assert 0 <= found["sweep_duration_seconds", ()] < 60
    assert found["channel_failures", ("wecom",)] == 2


@pytest.mark.parametrize(("on", "overdue"), [(16, 0), (17, 1)])
def test_a_clock_is_overdue_on_the_day_after_its_last(fashen: Fashen, on: int, overdue: int):
    a_case(fashen, "lead")
    with fashen.engine.begin() as tx:
        tx.execute(models.deadline.update().values(ends=day(2026, 9, 16).date()))
    set_clock(fashen, day(2026, 9, on, 0, 0))
    assert figures(exposition(fashen).decode())["deadlines_overdue", ()] == overdue


def test_what_was_told_yesterday_counts_in_all_and_not_today(fashen: Fashen):
    a_case(fashen, "lead")
    set_clock(fashen, day(2026, 9, 20, 23, 59))
    sweep(fashen)
    assert figures(exposition(fashen).decode())["alerts_today", ("yellow",)] == 1
    set_clock(fashen, day(2026, 9, 21, 0, 0))
    found = figures(exposition(fashen).decode())
    assert ("alerts_today", ("yellow",)) not in found
    assert found["alerts_total", ("yellow",)] == 1


def test_no_label_carries_a_case_a_number_or_a_person(fashen: Fashen):
    case = a_case(fashen, "in_effect")
    sweep(fashen)
    told = exposition(fashen).decode()
    with fashen.engine.connect() as tx:
        row = tx.execute(sa.select(models.cases)).one()
    for word in (case, row.number, row.party_name, "zhang", "张"):
        assert word
        assert word not in told


def test_no_figure_reads_a_whole_table_that_grows(fashen: Fashen):
    """By the plan that SQLite makes of each query; small tables and covering indexes may be walked."""
    asked: list[tuple[str, Any]] = []
    sa.event.listen(
        fashen.engine,
        "before_cursor_execute",
        lambda _c, _k, statement, values, *_: asked.append((statement, values)),
    )
    exposition(fashen)
    walked = set()
    with fashen.engine.connect() as tx:
        for statement, values in asked:
            if statement.startswith("SELECT"):
                plan = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                walked |= {r.detail for r in plan if r.detail.startswith("SCAN")}
    assert len(asked) > 8
    tables = {w.split()[1] for w in walked if "COVERING INDEX" not in w}
    assert tables == {"heartbeat", "channel"}
    assert not any(w.startswith(("SCAN outbox", "SCAN deadline")) for w in walked)


# — the page ———————————————————————————————————————————————————————————————————————————


@pytest.fixture
def browser() -> Iterator[Browser]:
    with TestClient(make_app(office_at(now=NOON))) as client:
        yield Browser(client)


@pytest.mark.parametrize(
    ("person", "sees"), [("admin", True), ("head", True), ("zhang", False), ("shen", False)]
)
def test_the_page_is_for_those_who_look_after_the_program(browser: Browser, person, sees):
    page = browser.page("/health", person, status=200 if sees else 403)
    assert ("还没有巡查过期限" in page) is sees
    assert ("只给机关负责人和系统管理员看" in page) is not sees
    assert ('href="/health"' in browser.page("/", person)) is sees


def test_what_wants_a_hand_comes_first_with_its_cure_and_what_the_receiver_said(browser: Browser):
    silent_for(browser.fashen, 31)
    with browser.fashen.engine.begin() as tx:
        row = {"name": "wecom", "failures": 2, "error": "<b>errcode 93000</b>"}
        tx.execute(models.channel.insert(), row)
    page = unescape(browser.page("/health", "admin"))
    assert "1 项要处理，2 项要留意" in page
    assert page.index("要处理</span>") < page.index("留意</span>") < page.index("正常</span>")
    assert "怎么办：启动 fashen serve" in page
    assert "<b>errcode 93000</b>" in page
    assert "<b>errcode" not in browser.client.get("/health").text
    assert "legal_review.turnaround = 5 个工作日" in page


def test_a_stranger_is_sent_to_sign_in(browser: Browser):
    browser.client.cookies.clear()
    answer: httpx2.Response = browser.client.get("/health", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/health")
