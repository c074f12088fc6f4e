"""What comes with a form that opens its own case: whose it is until then, and that the schema holds it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from tests import recordings as make
from tests.builders import a_case, document_of, office_at, take
from tests.recordings import begun, person, sent
from workflow import models
from workflow.database import connect, migrate
from workflow.errors import Malformed, NotFound, NotYourMove
from workflow.files import uploads
from workflow.files.uploads import NO_CASE
from workflow.oracle import check_all
from workflow.program import Fashen

SHOT = make.picture()


def brought(fashen: Fashen, by: str = "zhang") -> str:
    upload = begun(fashen, NO_CASE, "a.jpg", len(SHOT), by=by)
    return sent(fashen, upload, SHOT).id


def states(fashen: Fashen) -> list[tuple[str | None, str]]:
    f = models.file.c
    with fashen.engine.begin() as tx:
        return [(row.case_id, row.state) for row in tx.execute(sa.select(f.case_id, f.state))]


def evidence(fashen: Fashen, case: str, file: str, by: str) -> None:
    take(fashen, by, "add_evidence", case, kind="视听资料", name="照片", proves="现场",
         place="路", maker="甲", files=[{"file": file}])  # fmt: skip


def test_the_step_that_registers_it_gives_it_its_case():
    fashen = office_at()
    file = brought(fashen)
    case = a_case(fashen, "investigating")
    assert states(fashen) == [(None, "ready")]
    evidence(fashen, case, file, "zhang")
    assert states(fashen) == [(case, "registered")]
    assert document_of(fashen, case)["evidence"][-1]["files"][0]["file"] == file
    assert check_all(fashen) == []


def test_it_is_the_senders_alone():
    fashen = office_at()
    file = brought(fashen)
    case = a_case(fashen, "investigating")
    with pytest.raises(Malformed, match="没有编号为"):
        evidence(fashen, case, file, "li")
    with pytest.raises(NotFound):
        uploads.brought(fashen, "sample", person(fashen, "li"), file)
    assert states(fashen) == [(None, "ready")]
    evidence(fashen, case, file, "zhang")


def test_what_is_being_uploaded_to_a_case_was_not_brought_before_one():
    fashen = office_at()
    case = a_case(fashen, "investigating")
    upload = sent(fashen, begun(fashen, case, "a.jpg", len(SHOT)), SHOT)
    with pytest.raises(NotFound):
        uploads.brought(fashen, "sample", person(fashen), upload.id)


def test_who_decides_nothing_on_the_spot_brings_nothing():
    with pytest.raises(NotYourMove, match="文件没有收下"):
        brought(office_at(), by="clerk")


def test_the_migration_lets_it_in_and_its_way_back_clears_it(sqlite_url: str):
    migrate(sqlite_url)
    fashen = office_at(sqlite_url)
    case = a_case(fashen, "investigating")
    evidence(fashen, case, brought(fashen), "zhang")
    brought(fashen)
    assert len(states(fashen)) == 2
    config = Config()
    config.set_main_option("script_location", "workflow:migrations")
    config.attributes["url"] = sqlite_url
    command.downgrade(config, "0015")
    columns = {c["name"]: c for c in sa.inspect(connect(sqlite_url)).get_columns("file")}
    assert not columns["case_id"]["nullable"]
    command.upgrade(config, "head")
    assert states(fashen) == [(case, "registered")]
    assert check_all(fashen) == []
