"""行政处罚法 art. 85, rule T8 — the notices an office lays over the packaged ones, and `fashen days`."""

import json
from datetime import date

import pytest

from policies.calendar import Calendar, Span
from workflow import holidays
from workflow.cli import main
from workflow.errors import SettingsWrong
from workflow.program import start
from workflow.settings import Settings

NEW_YEAR = {"date": "2027-01-01", "name": "元旦", "isOffDay": True}
BRIDGE = {"date": "2027-01-04", "name": "元旦", "isOffDay": True}


def settings(tmp_path, **parts):
    return Settings(_env_file=None, data_dir=tmp_path, secret_key="k" * 32, **parts)


def put(folder, name, year=2027, days=(NEW_YEAR, BRIDGE)):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps({"year": year, "days": list(days)}), "utf-8")


# — the folder ————————————————————————————————————————————————————————————————————————


def test_without_a_folder_the_packaged_notices_hold_and_the_next_year_is_provisional(tmp_path):
    assert holidays.calendar(settings(tmp_path)) == Calendar.published()


def test_a_file_in_the_data_directory_makes_its_year_sure_from_the_start_of_the_program(tmp_path):
    put(tmp_path / "holidays", "2027.json")
    calendar = start(settings(tmp_path)).calendar
    counted = calendar.count(date(2026, 12, 31), Span.parse("1wd"))

    assert calendar.published_through == 2027
    assert (str(counted.due), counted.provisional) == ("2027-01-05", False)


def test_the_folder_that_the_setting_names_is_read_instead_of_the_data_directory(tmp_path):
    put(tmp_path / "holidays", "2027.json", days=[NEW_YEAR])
    put(tmp_path / "own", "notice.json")
    calendar = holidays.calendar(settings(tmp_path, holidays_dir=tmp_path / "own"))

    assert not calendar.is_workday(date(2027, 1, 4))


def test_a_year_that_is_an_empty_file_stays_provisional_and_stops_nobody(tmp_path):
    put(tmp_path / "holidays", "2027.json", days=[])
    assert holidays.calendar(settings(tmp_path)) == Calendar.published()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("<html>", "放假通知 2027.json：放假通知无法读取：应为 holiday-cn 格式"),
        ('{"year": 2027, "days": [{"date": "2027-01-01"}]}', "2027.json：.*holiday-cn"),
        (b"\xff\xfe", "2027.json：读不了"),
    ],
)
def test_a_malformed_file_stops_the_start_with_one_sentence_that_names_it(tmp_path, text, sentence):
    (tmp_path / "holidays").mkdir()
    raw = text if isinstance(text, bytes) else text.encode()
    (tmp_path / "holidays" / "2027.json").write_bytes(raw)

    with pytest.raises(SettingsWrong, match=sentence) as refused:
        start(settings(tmp_path))
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "fashen.db").exists()


def test_two_files_of_one_year_are_refused_since_nobody_can_say_which_holds(tmp_path):
    put(tmp_path / "holidays", "2027.json")
    put(tmp_path / "holidays", "corrected.json")
    with pytest.raises(SettingsWrong, match=r"有两份：2027\.json、corrected\.json"):
        holidays.calendar(settings(tmp_path))


def test_a_named_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(SettingsWrong, match="FASHEN_HOLIDAYS_DIR"):
        holidays.calendar(settings(tmp_path, holidays_dir=tmp_path / "missing"))


# — fashen days ———————————————————————————————————————————————————————————————————————


@pytest.fixture
def days(tmp_path, monkeypatch, capsys):
    """`fashen days …` in an empty folder; answers the exit code, what it said and what it complained."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FASHEN_DATA_DIR", str(tmp_path))

    def run(*words):
        try:
            code = main(["days", *words])
        except SystemExit as wrong:
            code = wrong.code
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_the_walk_is_a_table_whose_columns_stand_under_each_other(days):
    code, said, _ = days("2026-09-30", "+2wd")
    walk = [f"  2026-10-0{n}  周{name}  不计  国庆节" for n, name in enumerate("四五六日一二三", 1)]
    assert code == 0
    assert said.splitlines() == [
        "2026-09-30 起 2 个工作日（起算之日不计入）",
        "  日期        星期  计数  说明",
        *walk,
        "  2026-10-08  周四  1     工作日",
        "  2026-10-09  周五  2     工作日",
        "届满：2026-10-09",
    ]


def test_a_rolled_end_is_named_with_the_day_it_moves_to(days):
    assert "届满：2026-10-01，顺延至 2026-10-08" in days("2026-07-03", "+90d")[1]


def test_only_a_count_that_reaches_an_unpublished_year_says_provisional(days, tmp_path):
    assert "暂定" not in days("2026-12-24", "+5wd")[1]
    assert "暂定：放假安排只公布到 2026 年" in days("2026-12-24", "+6wd")[1]
    put(tmp_path / "holidays", "2027.json")
    assert "暂定" not in days("2026-12-24", "+6wd")[1]


def test_the_machine_form_has_the_contracts_fields(days):
    told = json.loads(days("2026-09-24", "+5wd", "--json")[1])
    assert (told["due"], told["rolled"], told["provisional"]) == ("2026-10-09", "2026-10-09", False)
    assert told["counted"][-1] == {"date": "2026-10-09", "counts": True, "why": "工作日"}
    assert sum(d["counts"] for d in told["counted"]) == 5


def test_hours_run_through_the_holiday_and_never_roll(days):
    told = json.loads(days("2026-09-30T17:20", "+24h", "--json")[1])
    assert told["due"] == told["rolled"] == "2026-10-01T17:20:00+08:00"
    assert told["provisional"] is False
    assert [d["counts"] for d in told["counted"]] == [False, True]
    assert "届满：2026-10-01T17:20:00+08:00" in days("2026-09-30T17:20", "+24h")[1]


@pytest.mark.parametrize("words", [("2026-09-24", "5w"), ("gestern", "5wd"), ("2003-12-31", "1wd")])
def test_what_cannot_be_counted_is_wrong_usage_said_in_a_sentence(days, words):
    code, said, complained = days(*words)
    assert (code, said) == (2, "")
    assert complained.startswith("fashen days：")
    assert "。。" not in complained


def test_a_malformed_notice_is_told_by_days_as_well(days, tmp_path):
    (tmp_path / "holidays").mkdir()
    (tmp_path / "holidays" / "2027.json").write_text("no", "utf-8")
    code, _, complained = days("2026-09-24", "+5wd")
    assert code == 1
    assert "2027.json" in complained
