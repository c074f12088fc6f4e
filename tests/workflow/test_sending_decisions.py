"""A decision goes to a platform once, whatever the platform answers, and comes down from it once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from policies.office import Office
from tests.builders import (
    OFFICE,
    a_case,
    day,
    document_of,
    office_at,
    sample_office,
    set_clock,
    take,
)
from workflow import models, offices, outbox
from workflow.database import reading
from workflow.deliveries import deliver, drain
from workflow.oracle import check_all
from workflow.program import Fashen
from workflow.publication import errand
from workflow.publication.parcel import Parcel, Withdrawal
from workflow.publication.platforms import (
    Duplicate,
    Held,
    Later,
    NotAccepted,
    Pending,
    Unknown,
    record_digest,
)

NOW = day(2025, 1, 15)


@dataclass
class Fake:
    """A platform that takes everything twice if it is sent twice, and answers as told."""

    name: str = "directory"
    taken: list[Parcel] = field(default_factory=list)
    gone: list[Withdrawal] = field(default_factory=list)
    asked: int = 0
    before: list[Exception] = field(default_factory=list)
    after: list[Exception] = field(default_factory=list)
    asking: list[Exception] = field(default_factory=list)
    held: Callable[[], Held | None] | None = None

    def send(self, parcel: Parcel) -> str:
        if self.before:
            raise self.before.pop(0)
        self.taken.append(parcel)
        if self.after:
            raise self.after.pop(0)
        return f"回执 {len(self.taken)}"

    def ask(self, key: str) -> Held | None:
        self.asked += 1
        if self.asking:
            raise self.asking.pop(0)
        if self.held:
            return self.held()
        mine = [p for p in self.taken if p.key == key]
        if not mine:
            return None
        down = [w for w in self.gone if w.key == key]
        state: Any = "withdrawn" if down else "published"
        return Held(
            key, mine[-1].version, mine[-1].number, f"回执 {len(self.taken)}", state,
            record_digest(mine[-1]), withdrawal=f"下架 {len(self.gone)}" if down else "",
        )  # fmt: skip

    def withdraw(self, withdrawal: Withdrawal) -> str:
        if self.before:
            raise self.before.pop(0)
        self.gone.append(withdrawal)
        if self.after:
            raise self.after.pop(0)
        return f"下架 {len(self.gone)}"


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Fake:
    fake = Fake()
    monkeypatch.setattr(errand, "_ways_out", lambda _: {"directory": fake})
    return fake


@dataclass
class Desk:
    fashen: Fashen
    case: str

    def row(self, version: int = 1) -> Any:
        p = models.publication.c
        with reading(self.fashen.engine) as tx:
            found = sa.select(models.publication).where(
                p.case_id == self.case, p.version == version
            )
            return tx.execute(found).first()

    def message(self, kind: str = "publish") -> Any:
        o = models.outbox.c
        with reading(self.fashen.engine) as tx:
            found = sa.select(models.outbox).where(o.kind == kind, o.case_id == self.case)
            return tx.execute(found.order_by(o.id.desc())).first()

    def receipts(self) -> list[tuple[int, str]]:
        found = document_of(self.fashen, self.case)["publication"].get("receipts", [])
        return [(r["version"], r["receipt"]) for r in found]

    def wait(self, **time: float) -> None:
        set_clock(self.fashen, self.fashen.clock() + timedelta(**time))
        drain(self.fashen)

    def at(self, moment: datetime) -> None:
        set_clock(self.fashen, moment)
        drain(self.fashen)

    def requeue(self, kind: str = "publish") -> None:
        assert outbox.requeue(
            self.fashen, OFFICE, self.message(kind).id, by="admin", reason="已经改好"
        )
        drain(self.fashen)

    @property
    def certain(self) -> timedelta:
        settings = self.fashen.settings
        return timedelta(seconds=settings.channel_timeout + settings.platform_settle)


@pytest.fixture
def desk(platform: Fake) -> Desk:
    """A decision that was chosen and waits for its review; everything else is delivered."""
    fashen = office_at()
    case = a_case(fashen, after="serve_decision")
    set_clock(fashen, NOW)
    take(fashen, "clerk", "choose_publication", case, reason="具有一定社会影响")
    drain(fashen)
    return Desk(fashen, case)


def reviewed(desk: Desk) -> None:
    take(desk.fashen, "head", "review_publication", desk.case)


def test_the_receipt_comes_back_to_the_case_and_stops_the_clock(desk: Desk, platform: Fake):
    reviewed(desk)
    drain(desk.fashen)
    assert len(platform.taken) == 1
    assert platform.asked == 0
    assert desk.receipts() == [(1, "回执 1")]
    assert (desk.row().state, desk.row().receipt) == ("confirmed", "回执 1")
    assert (desk.message().status, desk.message().receipt) == ("done", "回执 1")
    d = models.deadline.c
    with reading(desk.fashen.engine) as tx:
        clock = sa.select(d.state).where(d.case_id == desk.case, d.clock == "publication")
        assert tx.scalar(clock) != "open"
    assert check_all(desk.fashen) == []


def test_a_lost_answer_is_asked_for_and_never_sent_again(desk: Desk, platform: Fake):
    platform.after = [Unknown("没有回答")]
    reviewed(desk)
    drain(desk.fashen)
    assert desk.row().state == "unknown"
    assert desk.receipts() == []
    desk.wait(hours=1)
    assert len(platform.taken) == 1
    assert desk.receipts() == [(1, "回执 1")]
    assert check_all(desk.fashen) == []


def test_what_never_arrived_is_sent_again_only_when_that_is_certain(desk: Desk, platform: Fake):
    platform.before = [Unknown("没有回答")]
    reviewed(desk)
    drain(desk.fashen)
    tried = desk.row().tried_at
    desk.at(tried + desk.certain - timedelta(seconds=1))
    assert platform.asked == 1
    assert platform.taken == []
    desk.at(tried + desk.certain + timedelta(seconds=1))
    assert platform.asked == 2
    assert len(platform.taken) == 1
    assert desk.receipts() == [(1, "回执 1")]


def test_what_arrives_late_is_found_and_not_sent_again(desk: Desk, platform: Fake):
    """The platform took its time: when it was asked first it had nothing yet."""
    platform.after = [Unknown("没有回答")]
    reviewed(desk)
    drain(desk.fashen)
    tried, there = desk.row().tried_at, platform.taken[:]
    platform.taken.clear()
    desk.at(tried + timedelta(seconds=40))
    assert desk.row().state == "unknown"
    platform.taken[:] = there
    desk.at(tried + desk.certain + timedelta(seconds=1))
    assert len(platform.taken) == 1
    assert desk.receipts() == [(1, "回执 1")]


def test_who_dies_while_sending_leaves_word_that_it_may_be_there(
    desk: Desk, platform: Fake, monkeypatch: pytest.MonkeyPatch
):
    class Died(BaseException):
        pass

    def die(_: Parcel) -> str:
        assert desk.row().state == "sending"
        raise Died

    reviewed(desk)
    with monkeypatch.context() as patch:
        patch.setattr(platform, "send", die)
        with pytest.raises(Died):
            drain(desk.fashen)
    desk.wait(hours=1)
    assert platform.asked == 1
    assert len(platform.taken) == 1
    assert desk.receipts() == [(1, "回执 1")]


def test_a_platform_that_is_down_for_a_day_costs_no_attempt(desk: Desk, platform: Fake):
    platform.before = [Later("连接被拒绝") for _ in range(2000)]
    reviewed(desk)
    for _ in range(24 * 6):
        desk.wait(minutes=10)
    assert 24 < 2000 - len(platform.before) < 24 * 6
    assert (desk.message().status, desk.message().attempts) == ("ready", 0)
    assert desk.row().state == "intent"
    platform.before.clear()
    desk.wait(minutes=30)
    assert desk.receipts() == [(1, "回执 1")]
    assert platform.asked == 0


def test_a_platform_that_names_a_time_is_left_alone_until_then(desk: Desk, platform: Fake):
    platform.before = [Later("太快", 1200)]
    reviewed(desk)
    drain(desk.fashen)
    desk.wait(seconds=1190)
    assert platform.taken == []
    desk.wait(seconds=60)
    assert len(platform.taken) == 1


def test_a_record_that_never_gets_an_answer_dies_where_others_get_one(desk: Desk, platform: Fake):
    reviewed(desk)
    c = models.channel
    for _ in range(12):
        platform.before = [Unknown("500")]
        with desk.fashen.engine.begin() as tx:  # another decision went through
            tx.execute(c.update().values(failures=0, rests_until=None))
        desk.wait(hours=2)
    assert desk.message().status == "dead"
    assert desk.row().state == "unknown"
    platform.before.clear()
    desk.requeue()
    assert desk.receipts() == [(1, "回执 1")]


def test_what_the_platform_does_not_accept_waits_for_a_person(desk: Desk, platform: Fake):
    platform.before = [NotAccepted("平台不收：", [("CF_SY", "太短")])]
    reviewed(desk)
    drain(desk.fashen)
    assert desk.message().status == "dead"
    assert "CF_SY：太短" in desk.message().last_error
    assert (desk.row().state, desk.row().error) == ("refused", "平台不收：CF_SY：太短")
    desk.wait(days=1)
    assert platform.taken == []
    desk.requeue()
    assert desk.receipts() == [(1, "回执 1")]
    assert platform.asked == 0


def test_a_correction_takes_the_place_of_what_the_platform_did_not_accept(
    desk: Desk, platform: Fake
):
    platform.before = [NotAccepted("平台不收：", [("CF_SY", "太短")])]
    reviewed(desk)
    drain(desk.fashen)
    assert any("没有办成" in fault for fault in check_all(desk.fashen))
    form: Any = {"reason": "写得太短", "facts": "当事人露天焚烧秸秆约五平方米"}
    take(desk.fashen, "clerk", "correct_publication", desk.case, **form)
    reviewed(desk)
    drain(desk.fashen)
    assert desk.receipts() == [(2, "回执 1")]
    assert [p.version for p in platform.taken] == [2]
    assert (desk.row(1).state, desk.row(2).state) == ("cancelled", "confirmed")
    o = models.outbox.c
    with reading(desk.fashen.engine) as tx:
        found = sa.select(o.status).where(o.kind == "publish").order_by(o.id)
        assert tx.execute(found).scalars().all() == ["cancelled", "done"]
    assert check_all(desk.fashen) == []


def test_a_number_that_is_there_already_by_our_own_earlier_try_is_ours(
    desk: Desk, platform: Fake, monkeypatch: pytest.MonkeyPatch
):
    reviewed(desk)

    def twice(parcel: Parcel) -> str:
        platform.taken.append(parcel)
        raise Duplicate("文号已有", parcel.key)

    monkeypatch.setattr(platform, "send", twice)
    drain(desk.fashen)
    assert len(platform.taken) == 1
    assert desk.receipts() == [(1, "回执 1")]


def test_a_number_that_is_there_already_as_anothers_is_named(desk: Desk, platform: Fake):
    platform.before = [Duplicate("文号已有", "another-office-1")]
    reviewed(desk)
    drain(desk.fashen)
    assert desk.row().state == "refused"
    assert desk.message().status == "dead"
    assert "another-office-1" in desk.message().last_error
    assert desk.receipts() == []


@pytest.mark.parametrize(
    ("change", "said"),
    [({"digest": "0" * 64}, "内容和报送的不一样"), ({"number": "别的号"}, "文号是 别的号"),
     ({"version": 2}, "已经是第 2 版")],
)  # fmt: skip
def test_something_else_under_our_key_is_left_to_a_person(
    desk: Desk, platform: Fake, change: dict[str, Any], said: str
):
    platform.after = [Unknown("没有回答")]
    reviewed(desk)
    drain(desk.fashen)
    [parcel] = platform.taken
    there: dict[str, Any] = {
        "key": parcel.key, "version": 1, "number": parcel.number, "receipt": "r", "state": "published",
    }  # fmt: skip
    platform.held = lambda: Held(**(there | change))
    desk.wait(hours=1)
    assert desk.message().status == "dead"
    assert said in desk.message().last_error
    assert desk.receipts() == []
    assert len(platform.taken) == 1


def test_where_the_receipt_comes_on_a_list_the_message_is_done_and_the_clock_runs(
    desk: Desk, platform: Fake
):
    platform.after = [Pending("已写入月报表")]
    reviewed(desk)
    drain(desk.fashen)
    assert (desk.row().state, desk.message().status) == ("pending", "done")
    assert desk.receipts() == []
    assert check_all(desk.fashen) == []


def test_what_was_reviewed_goes_out_though_the_case_went_on_meanwhile(desk: Desk, platform: Fake):
    reviewed(desk)
    was = document_of(desk.fashen, desk.case)["decision"]["fine"]
    take(desk.fashen, "head", "correct_own_decision", desk.case,
         ended="changed", fine_after=300, document="示街改〔2025〕1号", reason="裁量过重")  # fmt: skip
    drain(desk.fashen)
    [parcel] = platform.taken
    assert parcel.notice.fine_yuan == was
    assert "withdrawal" in document_of(desk.fashen, desk.case)["clocks"]
    assert check_all(desk.fashen) == []


def test_what_the_office_would_write_otherwise_since_the_review_does_not_go_out(
    desk: Desk, platform: Fake
):
    reviewed(desk)
    body = sample_office().model_dump(mode="json", by_alias=True)
    offices.load(desk.fashen, Office.model_validate({**body, "name": "改名街道办事处"}))
    drain(desk.fashen)
    assert platform.taken == []
    assert desk.message().status == "dead"
    assert "重新审查" in desk.message().last_error


def test_what_is_corrected_before_it_went_out_goes_out_corrected_and_once(
    desk: Desk, platform: Fake
):
    reviewed(desk)
    take(desk.fashen, "clerk", "correct_publication", desk.case, reason="笔误", title="改正的名称")
    drain(desk.fashen)
    assert platform.taken == []
    assert desk.message().status == "cancelled"
    reviewed(desk)
    drain(desk.fashen)
    assert [p.version for p in platform.taken] == [2]
    assert desk.receipts() == [(2, "回执 1")]


def test_a_correction_waits_until_what_it_corrects_is_certain(desk: Desk, platform: Fake):
    platform.before = [Unknown("没有回答")]
    reviewed(desk)
    drain(desk.fashen)
    tried = desk.row().tried_at
    take(desk.fashen, "clerk", "correct_publication", desk.case, reason="笔误", title="改正的名称")
    reviewed(desk)
    desk.at(tried + desk.certain - timedelta(seconds=1))
    assert platform.taken == []
    desk.wait(minutes=30)
    desk.wait(minutes=30)
    assert [p.version for p in platform.taken] == [2]
    assert (desk.row(1).state, desk.row(2).state) == ("cancelled", "confirmed")


def withdrawn(desk: Desk) -> None:
    take(desk.fashen, "head", "withdraw_publication", desk.case, reason="决定已被撤销")


def test_a_withdrawal_reaches_the_platform_with_its_reason(desk: Desk, platform: Fake):
    reviewed(desk)
    drain(desk.fashen)
    withdrawn(desk)
    drain(desk.fashen)
    [told] = platform.gone
    assert (told.reason, told.number) == ("决定已被撤销", platform.taken[0].number)
    assert desk.row().state == "withdrawn"
    [receipt] = document_of(desk.fashen, desk.case)["publication"]["receipts"]
    assert receipt["withdrawal"] == "下架 1"
    assert check_all(desk.fashen) == []


def test_what_has_not_gone_out_is_not_sent_to_be_taken_down(desk: Desk, platform: Fake):
    platform.before = [Later("关机维护") for _ in range(3)]
    reviewed(desk)
    drain(desk.fashen)
    platform.before.clear()
    withdrawn(desk)
    for _ in range(4):
        desk.wait(hours=1)
    assert (platform.taken, platform.gone) == ([], [])
    assert desk.row().state == "cancelled"
    assert desk.message("publish").status == desk.message("withdraw").status == "cancelled"
    assert check_all(desk.fashen) == []


def test_what_may_have_arrived_is_settled_before_it_is_taken_down(desk: Desk, platform: Fake):
    platform.after = [Unknown("没有回答")]
    reviewed(desk)
    drain(desk.fashen)
    withdrawn(desk)
    desk.wait(hours=1)
    desk.wait(hours=1)
    assert (len(platform.taken), len(platform.gone)) == (1, 1)
    assert desk.receipts() == [(1, "回执 1")]
    assert desk.row().state == "withdrawn"
    assert check_all(desk.fashen) == []


def test_what_may_still_arrive_is_waited_for_before_the_withdrawal_is_over(
    desk: Desk, platform: Fake
):
    platform.after = [Unknown("没有回答")]
    reviewed(desk)
    drain(desk.fashen)
    there, tried = platform.taken[:], desk.row().tried_at
    platform.taken.clear()
    withdrawn(desk)
    desk.at(tried + desk.certain - timedelta(seconds=20))
    assert desk.message("withdraw").status == "ready"
    platform.taken[:] = there
    desk.wait(hours=1)
    assert len(platform.gone) == 1
    assert desk.row().state == "withdrawn"


def test_a_lost_answer_to_a_withdrawal_is_asked_for(desk: Desk, platform: Fake):
    reviewed(desk)
    drain(desk.fashen)
    platform.after = [Unknown("没有回答")]
    withdrawn(desk)
    drain(desk.fashen)
    assert desk.row().state == "withdrawing"
    desk.wait(hours=1)
    assert len(platform.gone) == 1
    assert desk.row().state == "withdrawn"
    assert check_all(desk.fashen) == []


def test_a_withdrawal_waits_for_whoever_is_sending(desk: Desk, platform: Fake):
    reviewed(desk)
    assert outbox.lease(desk.fashen, desk.message().id)
    withdrawn(desk)
    assert not deliver(desk.fashen, desk.message("withdraw").id)
    assert "正在报送" in desk.message("withdraw").last_error
    assert desk.message("withdraw").attempts == 0


def test_a_platform_that_is_not_set_up_is_named(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(errand, "_ways_out", lambda _: {"http": Fake("http")})
    reviewed(desk)
    drain(desk.fashen)
    assert desk.message().status == "dead"
    assert "平台“directory”没有设置" in desk.message().last_error
