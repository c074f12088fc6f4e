"""`kill -9` in the middle of an upload: the file is found again, whole and once, or is cleared away whole."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.builders import a_case, a_photo, an_order, everything, take
from tests.journeys.test_killed_half_way import Nursery, Office, _office
from workflow import models
from workflow.errors import Malformed
from workflow.oracle import check_all
from workflow.work import perform

PLACES = ("files.before_place", "files.before_rename", "files.after_rename", "files.before_row")
A_DAY_LATER = timedelta(hours=25)


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with contextlib.closing(Nursery()) as made:
        yield made


office = pytest.fixture(params=["sqlite_url", "postgresql_url"], name="office")(_office)
desk = pytest.fixture(params=["sqlite_url"], name="desk")(_office)


def an_upload(office: Office, case: str) -> str:
    return f"upload={json.dumps({'case': case, 'key': 'page-1'})}"


def lying(office: Office) -> list[Path]:
    """Originals and pieces; previews can be made again."""
    root = office.fashen.settings.files
    return [f for f in root.rglob("*") if f.is_file() and "previews" not in f.parts]


@pytest.mark.parametrize("place", PLACES)
def test_an_upload_that_dies_goes_on_and_is_there_once(office: Office, place: str):
    case = a_case(office.fashen, "investigating")
    office.dies(place, an_upload(office, case))
    assert len(lying(office)) == 1
    [row] = office.rows(models.file)
    assert row.state == "placing"

    assert office.does(an_upload(office, case))["upload"] == "ready"
    [row] = office.rows(models.file)
    assert [f.name for f in lying(office)] == [row.sha256[2:]]
    take(office.fashen, "zhang", "add_evidence", case, files=[{"file": row.id}],
         **a_photo(place="村西", maker="张明"))  # fmt: skip
    assert check_all(office.fashen) == []


@pytest.mark.parametrize("place", PLACES)
def test_an_upload_that_died_and_nobody_goes_on_with_is_cleared_away_whole(
    desk: Office,
    place: str,
):
    case = a_case(desk.fashen, "investigating")
    desk.dies(place, an_upload(desk, case))
    desk.does("sweep", at=desk.fashen.clock() + A_DAY_LATER)
    assert desk.rows(models.file) == []
    assert lying(desk) == []


def test_a_sweep_that_dies_leaves_nothing_that_could_be_registered(office: Office):
    case = a_case(office.fashen, "investigating")
    office.does(an_upload(office, case))
    office.dies("files.after_forget", "sweep", at=office.fashen.clock() + A_DAY_LATER)
    [row] = office.rows(models.file)
    with pytest.raises(Malformed, match="找不到了"):
        take(office.fashen, "zhang", "add_evidence", case, files=[{"file": row.id}],
             **a_photo(place="村西", maker="张明"))  # fmt: skip
    office.does("sweep", at=office.fashen.clock() + A_DAY_LATER)
    assert office.rows(models.file) == []


@pytest.mark.parametrize("place", ["move.before_commit", "move.between_row_and_ledger"])
def test_a_registration_that_dies_has_registered_nothing(office: Office, place: str):
    case = a_case(office.fashen, "investigating")
    office.does(an_upload(office, case))
    [row] = office.rows(models.file)
    form: dict[str, Any] = a_photo(place="村西", maker="张明") | {"files": [{"file": row.id}]}
    order = {"actor": "zhang", "verb": "add_evidence", "case": case, "form": form, "key": "k"}
    before = everything(office.fashen)
    office.dies(place, f"move={json.dumps(order, default=str)}")
    assert everything(office.fashen) == before
    done = perform(office.fashen, an_order("zhang", "add_evidence", case, key="k", **form))
    assert not done.repeated
    [row] = office.rows(models.file)
    assert row.state == "registered"
    assert check_all(office.fashen) == []
